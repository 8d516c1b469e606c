// How are parts of the console made? From elements and texts, never from markup.
import { language, t } from "./staff.js";

let idCount = 0;

/** Returns an id that no other element has: the same form may stand on the page twice. */
export function newId(name) {
  return `${name}-${++idCount}`;
}

/** Returns a new element. `on` holds listeners by event; true sets a bare attribute; false, null, undefined set none. */
export function element(name, { on = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Returns a button that cannot be pressed twice while its action runs. */
export function button(words, action, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, words);
  node.addEventListener("click", () => resting(node, action));
  return node;
}

/** Returns a listener for a form that is sent by `action` alone, and not twice at once. */
export function submitting(action) {
  return (event) => {
    event.preventDefault();
    return resting(event.submitter ?? event.target.querySelector("button"), () => action(event));
  };
}

async function resting(node, action) {
  node.disabled = true;
  try {
    await action();
  } finally {
    node.disabled = false;
  }
}

/** Returns what the program says in English, folded away for the administrator of the server. */
export function forAdministrator(words) {
  return element("details", {}, element("summary", {}, t("admin.for_administrator")), element("p", { lang: "en" }, words));
}

/** Returns the link to a document as readers see it. */
export function viewerLink(id, words) {
  return element("a", { href: `/documents/${id}?lang=${language}` }, words);
}

/** Returns a labelled field; `control` is an input, select or textarea. */
export function field(words, control, note = null) {
  return element("label", { class: "labelled" }, element("span", {}, words, note ? [" ", note] : []), control);
}

/** Returns a table with a caption for screen readers; cells are texts, nodes or lists of them.
 *
 * On a narrow screen each row stands as a list of its cells with their headings. The roles say that it is a table still.
 */
export function table(caption, headings, rows) {
  const head = headings.map((words) => element("th", { scope: "col", role: "columnheader" }, words));
  const line = (cells) => cells.map((cell, column) => element("td", { role: "cell", "data-heading": headings[column] }, cell));
  return element(
    "table",
    { role: "table" },
    element("caption", { class: "unseen" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, head)),
    element("tbody", { role: "rowgroup" }, rows.map((cells) => element("tr", { role: "row" }, line(cells)))),
  );
}

/** Returns an open dialog with the nodes inside; when it closes it goes, and the focus with it to where it came from. */
export function openDialog(label, nodes, name = "") {
  const opener = document.activeElement;
  const leave = () => {
    dialog.remove();
    (opener?.isConnected ? opener : document.getElementById("view"))?.focus({ preventScroll: true });
  };
  const dialog = element("dialog", { class: `document-dialog ${name}`, "aria-label": label, on: { close: leave } }, nodes);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Returns a text as it is compared: without diacritics and in lower case. */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
