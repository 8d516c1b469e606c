// Which terms mean the same? Staff keep pairs of terms; search follows them from the next published release on.
import { button, element, field, folded, openDialog, submitting, table } from "./elements.js";
import { ask, language, t } from "./staff.js";

const FILE = "glossary.tsv";
const TYPE = "text/tab-separated-values";
const COLUMNS = ["czech", "english"];

/** Resolves to the nodes of the view. */
export async function glossaryView(console) {
  const list = element("div", { id: "glossary" });
  const state = { words: "", glossary: null };
  const draw = () => list.replaceChildren(...listed(state, desk));
  async function reload() {
    state.glossary = await ask("GET", "glossary");
    draw();
  }
  const change = (action, words) => async (say) => {
    const isDone = await console.attempt(action, say);
    await console.attempt(reload, () => {}); // also after a refusal: somebody else may have changed the pair
    if (isDone) console.tell(words);
    if (document.activeElement === document.body) document.getElementById("view")?.focus({ preventScroll: true }); // the row that had the focus is gone
    return isDone;
  };
  const desk = { ...console, reload, change };
  const find = element("input", { type: "search", on: { input: (event) => ((state.words = event.target.value), draw()) } });
  await reload();
  return [
    element("p", {}, t("admin.glossary.note")),
    additionForm(desk),
    fileTools(state, desk),
    element("form", { class: "filters", role: "search", "aria-label": t("admin.glossary.find"), on: { submit: (event) => event.preventDefault() } }, field(t("admin.glossary.find"), find)),
    list,
  ];
}

function listed({ words, glossary }, desk) {
  const shown = glossary.entries
    .filter((entry) => folded(words).split(/\s+/).every((word) => folded(`${entry.czech} ${entry.english}`).includes(word)))
    .sort((one, other) => one.czech.localeCompare(other.czech, "cs"));
  const rows = shown.map((entry) => [
    element("span", { lang: "cs" }, entry.czech),
    element("span", { lang: "en" }, entry.english),
    element("div", { class: "row-actions" }, rowTools(entry, desk)),
  ]);
  return [
    glossary.is_published ? null : element("p", { class: "notice" }, t("admin.glossary.pending"), " ", desk.toBuild()),
    element("p", { class: "quiet", role: "status" }, t("admin.glossary.pairs", { count: shown.length })),
    rows.length ? table(t("admin.view.glossary"), [...COLUMNS.map((name) => t(`admin.column.${name}`)), t("admin.column.actions")], rows) : element("p", { class: "empty" }, t("admin.none_fits")),
  ].filter(Boolean);
}

function nameOf(entry) {
  return `${entry.czech} – ${entry.english}`;
}

function rowTools(entry, desk) {
  const edit = button(t("admin.glossary.edit"), () => openEntry(entry, desk), { class: "plain", "aria-label": `${t("admin.glossary.edit")}: ${nameOf(entry)}` });
  const undo = button(t("admin.undo"), desk.change(() => ask("POST", "glossary", { english: entry.english, czech: entry.czech }), t("admin.glossary.added")), { class: "plain" });
  const remove = button(
    t("admin.glossary.remove"),
    desk.change(() => ask("DELETE", `glossary/${entry.id}`), [t("admin.glossary.removed", { pair: nameOf(entry) }), " ", undo]),
    { class: "plain", "aria-label": `${t("admin.glossary.remove")}: ${nameOf(entry)}` },
  );
  return [edit, remove];
}

/** Returns the fields of a pair, with `values()` and `show(error)`, which puts what is wrong under its field. */
function pairFields(entry = {}) {
  const controls = {};
  const notes = {};
  const nodes = COLUMNS.map((name) => {
    notes[name] = element("span", { class: "field-error", id: `wrong-${name}-${entry.id ?? "new"}` });
    controls[name] = element("input", { type: "text", name, required: true, maxlength: 300, lang: name === "czech" ? "cs" : "en", "aria-describedby": notes[name].id, value: entry[name] ?? "" });
    return element("div", {}, field(t(`admin.column.${name}`), controls[name]), notes[name]);
  });
  const show = (errors) => {
    for (const name of COLUMNS) {
      const wrong = errors.find(({ parameter }) => parameter === name);
      notes[name].replaceChildren(wrong?.message ?? "");
      controls[name].setAttribute("aria-invalid", String(Boolean(wrong)));
      if (wrong) controls[name].focus();
    }
  };
  const values = () => Object.fromEntries(COLUMNS.map((name) => [name, controls[name].value]));
  return { nodes, values, show };
}

/** Sends a pair; what is wrong with a field stands under it, anything else is refused to `console`. */
function sending(method, path, pair) {
  return async () => {
    pair.show([]);
    try {
      await ask(method, path, pair.values());
    } catch (error) {
      if (error.errors?.length) pair.show(error.errors);
      throw error;
    }
  };
}

function additionForm(desk) {
  const holder = element("div");
  const draw = () => {
    const pair = pairFields();
    const add = submitting(async () => (await desk.change(sending("POST", "glossary", pair), t("admin.glossary.added"))()) && (draw(), holder.querySelector("input").focus()));
    holder.replaceChildren(
      element("form", { class: "pair", on: { submit: add } }, pair.nodes, element("button", {}, t("admin.glossary.add"))),
    );
  };
  draw();
  return element("section", { "aria-label": t("admin.glossary.add") }, holder, element("p", { class: "quiet" }, t("admin.glossary.hint")));
}

function openEntry(entry, desk) {
  const pair = pairFields(entry);
  const refusal = element("p", { class: "status failed", role: "alert" });
  const save = submitting(async () => {
    const say = (words) => refusal.replaceChildren(words);
    if (await desk.change(sending("PUT", `glossary/${entry.id}`, pair), t("admin.glossary.changed"))(say)) dialog.close();
  });
  const dialog = openDialog(nameOf(entry), [
    element("header", {}, element("h2", {}, t("admin.glossary.edit_pair")), button("×", () => dialog.close(), { class: "plain", "aria-label": t("admin.close") })),
    element("form", { class: "pair", on: { submit: save } }, pair.nodes, element("button", {}, t("admin.glossary.save"))),
    element("p", { class: "quiet" }, t("admin.glossary.hint")),
    refusal,
  ], "small");
}

function fileTools(state, desk) {
  const chosen = async () => {
    const [file] = chooser.files;
    if (file) await offerImport(file, state.glossary.version, desk);
    chooser.value = "";
  };
  const chooser = element("input", { type: "file", accept: `.tsv,.txt,${TYPE}`, on: { change: chosen } });
  return element(
    "details",
    { class: "removed" },
    element("summary", {}, t("admin.glossary.file")),
    element("p", { class: "quiet" }, t("admin.glossary.file_note")),
    element("p", {}, element("a", { href: `/api/v1/admin/${FILE}`, download: FILE }, t("admin.glossary.export"))),
    field(t("admin.glossary.import"), chooser),
  );
}

/** Tells what a file would change, and puts it in the place of the glossary if that is wanted. */
async function offerImport(file, version, desk) {
  const headers = { "Content-Type": TYPE, "If-Match": `"${version}"` };
  const bytes = await file.arrayBuffer();
  let trial;
  try {
    trial = await ask("PUT", `${FILE}?trial=true`, bytes, headers);
  } catch (error) {
    return desk.attempt(() => Promise.reject(error), () => desk.tell(refusalOf(error), true));
  }
  const replace = async () => {
    dialog.close();
    await desk.change(() => ask("PUT", FILE, bytes, headers), t("admin.glossary.imported"))();
  };
  const dialog = openDialog(t("admin.glossary.import"), [
    element("h2", {}, t("admin.glossary.import")),
    element("p", {}, file.name),
    element("ul", {}, ["added", "removed", "unchanged"].map((name) => element("li", {}, t(`admin.glossary.import_${name}`, { count: trial[name] })))),
    element("p", { class: "row-actions" }, button(t("admin.glossary.import_do"), replace), button(t("admin.cancel"), () => dialog.close(), { class: "plain" })),
  ], "small");
}

function refusalOf(error) {
  const lines = error.errors.map(({ parameter, message }) => element("li", {}, `${t("admin.glossary.line", { number: parameter.replace("line ", "") })}: ${message}`));
  return lines.length ? [t("admin.glossary.file_refused"), element("ul", { lang: language }, lines)] : error.message;
}
