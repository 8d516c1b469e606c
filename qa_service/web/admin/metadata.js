// What is known about a publication, who said so, and how is it changed?
import { element, field } from "./elements.js";
import { t } from "./staff.js";

const KINDS = ["report", "guide", "conference", "news", "law", "call", "study", "other"];
const SINGLE = { title: "text", publisher: "text", year: "number", language: "text", url: "url", license: "text", place: "text",
  programme: "text", date: "date", valid_from: "date", valid_to: "date", superseded_by: "text" };
const LISTS = ["authors", "tags"];

/** Returns what stands in a field: given by a person, else inferred from the file, with the mark that says so. */
function known(publication, name) {
  const given = publication?.given?.[name];
  if (given !== undefined && given !== null && String(given) !== "") return { value: given, inferred: false };
  const fact = publication?.metadata?.[name];
  return fact && fact.origin !== "given" ? { value: fact.value, inferred: true } : { value: "", inferred: false };
}

function shown(value) {
  return Array.isArray(value) ? value.join("; ") : String(value ?? "");
}

/**
 * Returns the fields of a form for a publication (or a new one), with `changes()`: what differs from what was given.
 * An inferred value stands in its field, marked; it is kept as written only if it is changed or confirmed.
 */
export function metadataFields(publication = null) {
  const controls = new Map();
  const add = (name, control) => {
    const { value, inferred } = known(publication, name);
    control.name = name;
    control.value = shown(value);
    controls.set(name, { control, before: inferred ? "" : shown(value), start: shown(value), inferred });
    const mark = inferred ? element("span", { class: "inferred" }, t("admin.inferred")) : null;
    return field(t(`admin.field.${name}`), control, mark);
  };
  const kind = element("select", {}, element("option", { value: "" }, ""), KINDS.map((value) => element("option", { value }, t(`kind.${value}`))));
  const nodes = [
    ...Object.entries(SINGLE).slice(0, 3).map(([name, type]) => add(name, element("input", { type }))),
    add("kind", kind),
    ...LISTS.map((name) => add(name, element("input", { type: "text", placeholder: t("admin.list_hint") }))),
    ...Object.entries(SINGLE).slice(3).map(([name, type]) => add(name, element("input", { type }))),
  ];
  const changes = () => {
    const changed = {};
    for (const [name, { control, before, start, inferred }] of controls) {
      const now = control.value.trim();
      if (now === start && (inferred || now === before)) continue;
      changed[name] = asValue(name, now);
    }
    return changed;
  };
  return { node: element("div", { class: "fields" }, nodes), changes };
}

function asValue(name, text) {
  if (!text) return null;
  if (LISTS.includes(name)) return text.split(";").map((part) => part.trim()).filter(Boolean);
  return name === "year" ? Number(text) : text;
}
