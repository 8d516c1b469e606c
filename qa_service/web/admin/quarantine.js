// Which documents could not be used, why, and what can be done?
import { openDocument } from "./dialog.js";
import { button, element } from "./elements.js";
import { receiptOf } from "./receipts.js";
import { ask, t } from "./staff.js";

/** Resolves to the nodes of the view of documents that could not be used. */
export async function quarantineView(console) {
  const [{ receipts }, { documents }] = await Promise.all([ask("GET", "receipts"), ask("GET", "documents")]);
  const troubled = receipts.filter(({ outcome }) => outcome !== "indexed");
  if (!troubled.length) return [element("p", { class: "empty" }, t(receipts.length ? "admin.quarantine_empty" : "admin.nothing_read"))];
  const desk = { ...console, reload: async () => console.refresh(), publications: documents };
  return [element("p", {}, t("admin.quarantine_note")), ...troubled.map((receipt) => card(receipt, documents.find(({ id }) => id === receipt.document_id), desk))];
}

function card(receipt, publication, desk) {
  const name = receipt.title ?? receipt.file_name;
  const open = () => openDocument(publication, name, desk);
  return element(
    "article",
    { class: "card" },
    element("h3", {}, name),
    name === receipt.file_name ? null : element("p", { class: "quiet" }, receipt.file_name),
    receiptOf(receipt, false, desk.publications),
    publication
      ? element("p", {}, button(t("admin.replace_or_remove"), open, { class: "plain", "aria-label": `${t("admin.replace_or_remove")}: ${name}` }))
      : element("p", { class: "quiet" }, t("admin.no_longer_here")),
  );
}
