// Which documents are in the collection, and which were taken out of it?
import { openDocument } from "./dialog.js";
import { button, element, field, folded, forAdministrator, table, viewerLink } from "./elements.js";
import { ended } from "./jobs.js";
import { KINDS, titleOf } from "./metadata.js";
import { ask, moment, t } from "./staff.js";
import { uploadBox } from "./upload.js";

const OUTCOMES = ["indexed", "quarantined", "rejected", "new"];

/** Resolves to the nodes of the view. */
export async function documentsView(console) {
  const list = element("div", { id: "documents" });
  const filters = { words: "", outcome: "", kind: "" };
  let found = { documents: [], findings: [] };
  let removed = [];
  const draw = () => list.replaceChildren(...listed(found, removed, filters, { ...console, reload, publications: found.documents }));
  async function reload() {
    [found, { removed }] = await Promise.all([ask("GET", "documents"), ask("GET", "removed")]);
    draw();
  }
  await reload();
  return [uploadBox(console, reload), filterForm(filters, draw), list];
}

function listed({ documents, findings }, removed, filters, console) {
  const shown = documents.filter((one) => matches(one, filters));
  const waiting = documents.filter(({ outcome }) => !outcome).length;
  return [
    ...findings.map(({ path, message }) => element("div", { class: "warning" }, t("admin.unusable_description", { path }), forAdministrator(message))),
    waiting ? element("p", { class: "notice" }, t("admin.waiting_for_build", { count: waiting }), " ", console.toBuild()) : null,
    ...documentTable(shown, documents.length, console),
    removed.length ? removedList(removed, console) : null,
  ].filter(Boolean);
}

function matches(publication, { words, outcome, kind }) {
  const { given, metadata } = publication;
  const text = folded([titleOf(publication), publication.id, publication.file_name, given.publisher, given.authors, given.year].flat().join(" "));
  return (!outcome || (publication.outcome ?? "new") === outcome) &&
    (!kind || (given.kind ?? metadata.kind?.value) === kind) &&
    folded(words).split(/\s+/).every((word) => text.includes(word));
}

function filterForm(filters, draw) {
  const choose = (name, values, prefix) =>
    element("select", { on: { change: (event) => ((filters[name] = event.target.value), draw()) } },
      element("option", { value: "" }, t("admin.any")), values.map((value) => element("option", { value }, t(`${prefix}.${value}`))));
  const words = element("input", { type: "search", on: { input: (event) => ((filters.words = event.target.value), draw()) } });
  return element(
    "form",
    { class: "filters", role: "search", "aria-label": t("admin.find"), on: { submit: (event) => event.preventDefault() } },
    field(t("admin.find"), words),
    field(t("admin.outcome"), choose("outcome", OUTCOMES, "admin.outcome")),
    field(t("admin.field.kind"), choose("kind", KINDS, "kind")),
  );
}

function documentTable(documents, total, console) {
  if (!total) return [element("p", { class: "empty" }, t("admin.no_documents"))];
  const counted = element("p", { class: "quiet", role: "status" }, t("admin.documents", { count: documents.length }));
  if (!documents.length) return [counted, element("p", { class: "empty" }, t("admin.none_fits"))];
  const rows = documents.map((one) => [
    [element("strong", {}, titleOf(one)), element("br"), element("span", { class: "quiet" }, one.file_name)],
    String(one.given.year ?? one.metadata.year?.value ?? ""),
    element("span", { class: `outcome ${one.outcome ?? "new"}` }, t(`admin.outcome.${one.outcome ?? "new"}`)),
    one.is_searchable ? viewerLink(one.id, t("admin.searchable")) : t("admin.not_searchable"),
    button(t("admin.more"), () => openDocument(one, titleOf(one), console), { class: "plain", "aria-label": `${t("admin.more")}: ${titleOf(one)}` }),
  ]);
  return [counted, table(t("admin.view.documents"), ["title", "year", "outcome", "search", "actions"].map((name) => t(`admin.column.${name}`)), rows)];
}

function removedList(removed, console) {
  const rows = removed.map((one) => {
    const name = one.title ?? one.file_name;
    const back = () => console.attempt(async () => {
      await ended(ask("POST", `removed/${one.name}/bring-back`));
      await console.reload();
      console.tell([t("admin.done_next_build"), " ", console.toBuild()]);
    });
    return [
      [name, element("br"), element("span", { class: "quiet" }, one.id)],
      moment(one.removed),
      button(t("admin.bring_back"), back, { class: "plain", "aria-label": `${t("admin.bring_back")}: ${name}` }),
    ];
  });
  return element(
    "details",
    { class: "removed" },
    element("summary", {}, t("admin.removed", { count: removed.length })),
    element("p", { class: "quiet" }, t("admin.removed_note")),
    table(t("admin.removed", { count: removed.length }), ["title", "removed", "actions"].map((name) => t(`admin.column.${name}`)), rows),
  );
}
