// Which documents are in the collection, and how are they added, described, replaced and removed?
import { button, element, field, table } from "./elements.js";
import { metadataFields } from "./metadata.js";
import { receiptOf } from "./receipts.js";
import { ask, failureOf, follow, Refused, t, upload } from "./staff.js";

const OUTCOMES = ["indexed", "quarantined", "rejected"];

/** Resolves to the nodes of the view. */
export async function documentsView(console) {
  const { documents, findings } = await ask("GET", "documents");
  const list = element("div", { id: "documents" });
  const filters = { words: "", outcome: "", kind: "" };
  const draw = () => list.replaceChildren(...documentList(documents.filter((one) => matches(one, filters)), console));
  draw();
  return [
    uploadBox(console),
    ...findings.map(({ path, message }) => element("p", { class: "warning" }, `${path}: ${message}`)),
    filterForm(filters, draw),
    list,
  ];
}

function titleOf(publication) {
  return publication.given.title ?? publication.metadata.title?.value ?? publication.id;
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function matches(publication, { words, outcome, kind }) {
  const text = folded([titleOf(publication), publication.id, publication.file_name, publication.given.publisher ?? ""].join(" "));
  return (!outcome || (publication.outcome ?? "new") === outcome) &&
    (!kind || (publication.given.kind ?? publication.metadata.kind?.value) === kind) &&
    folded(words).split(/\s+/).every((word) => text.includes(word));
}

function filterForm(filters, draw) {
  const choose = (name, values, prefix) =>
    element("select", { on: { change: (event) => ((filters[name] = event.target.value), draw()) } },
      element("option", { value: "" }, t("admin.any")), values.map((value) => element("option", { value }, t(`${prefix}.${value}`))));
  const words = element("input", { type: "search", on: { input: (event) => ((filters.words = event.target.value), draw()) } });
  return element(
    "form",
    { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    field(t("admin.find"), words),
    field(t("admin.outcome"), choose("outcome", [...OUTCOMES, "new"], "admin.outcome")),
    field(t("admin.field.kind"), choose("kind", ["report", "guide", "conference", "news", "law", "call", "study", "other"], "kind")),
  );
}

function documentList(documents, console) {
  const rows = documents.map((one) => [
    [element("strong", {}, titleOf(one)), element("br"), element("span", { class: "quiet" }, one.file_name)],
    one.given.year ?? one.metadata.year?.value ?? "",
    element("span", { class: `outcome ${one.outcome ?? "new"}` }, t(`admin.outcome.${one.outcome ?? "new"}`)),
    one.is_searchable ? element("a", { href: `/documents/${one.id}` }, t("admin.searchable")) : t("admin.not_searchable"),
    element("div", { class: "row-actions" }, button(t("admin.more"), () => openDocument(one, console), { class: "plain", "aria-label": `${t("admin.more")}: ${titleOf(one)}` })),
  ]);
  const counted = element("p", { class: "quiet" }, t("admin.documents", { count: documents.length }));
  return rows.length ? [counted, table(t("admin.view.documents"), ["title", "year", "outcome", "search", "actions"].map((name) => t(`admin.column.${name}`)), rows)] : [counted];
}

async function openDocument(publication, console) {
  const form = metadataFields(publication);
  const dialog = element("dialog", { class: "document-dialog", "aria-label": titleOf(publication), on: { close: () => dialog.remove() } });
  const close = () => dialog.close();
  const wish = (words, action) => button(words, async () => {
    if (await console.attempt(action)) {
      close();
      console.refresh();
      console.tell(t("admin.done_next_build"));
    }
  });
  const remove = wish(t("admin.remove"), () => ended(ask("DELETE", `documents/${publication.id}`)));
  const confirm = element("details", { class: "danger" }, element("summary", {}, t("admin.remove")), element("p", {}, t("admin.remove_note")), remove);
  dialog.append(
    element("header", {}, element("h2", {}, titleOf(publication)), button("×", close, { class: "plain", "aria-label": t("admin.close") })),
    receiptHolder(publication, console),
    element("h3", {}, t("admin.metadata")),
    form.node,
    element("p", { class: "row-actions" }, wish(t("admin.save"), () => ended(ask("PATCH", `documents/${publication.id}`, form.changes())))),
    element("h3", {}, t("admin.replace")),
    replacement(publication, console, close),
    confirm,
  );
  document.body.append(dialog);
  dialog.showModal();
}

function receiptHolder(publication, console) {
  const holder = element("div", {}, element("p", { class: "quiet" }, t("admin.loading")));
  if (!publication.outcome) holder.replaceChildren(element("p", { class: "quiet" }, t("admin.no_receipt")));
  else console.attempt(async () => holder.replaceChildren(...receiptOf(await ask("GET", `receipts/${publication.id}`), publication.is_searchable)));
  return holder;
}

function replacement(publication, console, close) {
  const file = element("input", { type: "file", "aria-label": t("admin.replace") });
  const send = button(t("admin.replace_do"), async () => {
    if (!file.files.length) return;
    const described = { ...publication.given, id: publication.id, replace: true };
    if (await console.attempt(async () => ended((await upload(file.files, described, () => {})).documents[0].job))) {
      close();
      console.refresh();
    }
  }, { class: "plain" });
  return element("p", { class: "row-actions" }, file, send);
}

/** Resolves when a job (or its id) has ended well; rejects with what failed. */
async function ended(begun) {
  const job = await begun;
  const done = await follow(job.id ?? job, () => {});
  if (done.state !== "succeeded") throw new Refused({ detail: failureOf(done) });
}


function uploadBox(console) {
  const chooser = element("input", { type: "file", multiple: true, id: "files", class: "unseen", on: { change: () => chosen(chooser.files) } });
  const form = element("div", { hidden: true });
  const box = element(
    "div",
    { class: "drop" },
    element("p", {}, t("admin.drop")),
    chooser,
    element("label", { for: "files", class: "choose" }, t("admin.choose")),
    element("p", { class: "quiet" }, t("admin.kinds")),
  );
  const chosen = (files) => files.length && (form.replaceChildren(...uploadForm([...files], console, form)), (form.hidden = false));
  const hover = (is) => (event) => (event.preventDefault(), box.classList.toggle("over", is));
  box.addEventListener("dragover", hover(true));
  box.addEventListener("dragleave", hover(false));
  box.addEventListener("drop", (event) => (hover(false)(event), chosen(event.dataTransfer.files)));
  return element("section", { class: "upload", "aria-label": t("admin.upload") }, box, form);
}

function uploadForm(files, console, holder) {
  const one = files.length === 1 ? metadataFields() : null;
  const lines = files.map((file) => uploadLine(file));
  const send = button(t("admin.upload_do", { count: files.length }), async () => {
    const uploads = lines.map((line) => line.send(one ? present(one.changes()) : {}));
    const results = await Promise.all(uploads);
    if (results.every(Boolean)) {
      console.refresh();
      console.tell(t("admin.done_next_build"));
    } else console.tell(t("admin.some_failed"), true);
  });
  const cancel = button(t("admin.cancel"), () => ((holder.hidden = true), holder.replaceChildren()), { class: "plain" });
  return [
    element("ul", { class: "files" }, lines.map((line) => line.node)),
    one ? element("details", { open: true }, element("summary", {}, t("admin.metadata")), element("p", { class: "quiet" }, t("admin.metadata_note")), one.node) : element("p", { class: "quiet" }, t("admin.many_note")),
    element("p", { class: "row-actions" }, send, cancel),
  ];
}

function present(changes) {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}

function uploadLine(file) {
  const bar = element("progress", { max: 1, value: 0, "aria-label": file.name });
  const words = element("span", { class: "quiet", role: "status" });
  const node = element("li", {}, element("span", {}, file.name), bar, words);
  let finished = false;
  const send = async (described) => {
    if (finished) return true;
    try {
      const { documents } = await upload([file], described, (share) => (bar.value = share));
      bar.value = 1;
      words.textContent = t("admin.uploaded");
      await ended(documents[0].job);
      words.textContent = t("admin.accepted");
      finished = true;
    } catch (error) {
      words.textContent = error.message;
      node.classList.add("failed");
    }
    return finished;
  };
  return { node, send };
}
