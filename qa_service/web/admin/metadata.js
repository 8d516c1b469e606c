// What is known about a publication, who said so, and how is it changed?
import { dayNote, writtenDay } from "./dates.js";
import { dayOf } from "./days.js";
import { button, element, field, newId } from "./elements.js";
import { t } from "./staff.js";

export const KINDS = ["report", "guide", "conference", "news", "law", "call", "study", "other"];
const FIELDS = { title: "text", publisher: "text", year: "number", kind: "choice", authors: "list", tags: "list", language: "text", url: "url", license: "text",
  place: "text", programme: "text", date: "day", valid_from: "day", valid_to: "day", superseded_by: "text" };

/** Returns what a publication is called: as somebody wrote, else as its text says, else as its file is. */
export function titleOf({ given, metadata, file_name: name }) {
  return given.title ?? metadata.title?.value ?? name;
}

/** Returns what stands in a field: given by a person, else inferred from the file, and what the file says otherwise. */
function known(publication, name) {
  const given = publication?.given?.[name];
  const fact = publication?.metadata?.[name];
  const isGiven = given !== undefined && given !== null && String(given) !== "";
  const isInferred = !isGiven && Boolean(fact) && fact.origin !== "given";
  return { value: isGiven ? given : isInferred ? fact.value : "", isInferred, conflict: fact?.conflict };
}

function shown(name, value) {
  if (FIELDS[name] === "day") return writtenDay(value);
  return Array.isArray(value) ? value.join("; ") : String(value ?? "");
}

/**
 * Returns the fields of a form for a publication (or a new one), with `changes()`: what differs from what was given.
 * An inferred value stands in its field, marked; it is kept as written only if it is changed. `others` are offered as
 * newer versions.
 */
export function metadataFields(publication = null, others = []) {
  const controls = new Map();
  const nodes = Object.entries(FIELDS).map(([name, type]) => {
    const { value, isInferred, conflict } = known(publication, name);
    const control = controlFor(name, type);
    control.value = shown(name, value);
    controls.set(name, { control, before: control.value });
    const mark = isInferred ? element("span", { class: "inferred" }, t("admin.inferred")) : null;
    const below = [type === "day" ? dayNote(control) : null, conflict ? contradiction(name, shown(name, conflict), control) : null];
    return element("div", {}, field(t(`admin.field.${name}`), control, mark), below);
  });
  const changes = () => {
    const changed = [...controls].filter(([, { control, before }]) => control.value.trim() !== before);
    return Object.fromEntries(changed.map(([name, { control }]) => [name, asValue(name, control.value.trim())]));
  };
  const ids = element("datalist", { id: newId("others") }, others.map((one) => element("option", { value: one.id, label: titleOf(one) })));
  controls.get("superseded_by").control.setAttribute("list", ids.id);
  return { node: element("div", { class: "fields" }, nodes, ids), changes };
}

function controlFor(name, type) {
  if (type === "choice") return element("select", { name }, element("option", { value: "" }, ""), KINDS.map((value) => element("option", { value }, t(`kind.${value}`))));
  const isText = type === "list" || type === "day";
  return element("input", { name, type: isText ? "text" : type, placeholder: type === "list" ? t("admin.list_hint") : null });
}

/** Returns the note that the file says something else, with a button that takes it over. */
function contradiction(name, conflict, control) {
  const take = button(t("admin.take_over"), () => ((control.value = conflict), control.dispatchEvent(new Event("change")), control.focus()), { class: "plain", "aria-label": `${t("admin.take_over")}: ${t(`admin.field.${name}`)}` });
  return element("p", { class: "conflict" }, t("admin.conflict"), " ", element("q", {}, conflict), " ", take);
}

function asValue(name, text) {
  if (!text) return null;
  if (FIELDS[name] === "day") return dayOf(text);
  if (FIELDS[name] === "list") return text.split(";").map((part) => part.trim()).filter(Boolean);
  return FIELDS[name] === "number" ? Number(text) : text;
}
