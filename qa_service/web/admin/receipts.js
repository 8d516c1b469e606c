// How was a document read: what was left out and why, and what can be done where it could not be used?
import { button, element } from "./elements.js";
import { ask, language, t } from "./staff.js";

/** Returns the nodes that tell a receipt at a glance; pictures of pages only where the document is searchable. */
export function receiptOf(receipt, hasPictures) {
  const facts = [
    receipt.pages && t("admin.pages", { count: receipt.pages }),
    t("admin.passages", { count: receipt.passages }),
    ...Object.entries(receipt.languages ?? {}).filter(([, share]) => share >= 0.05).map(([code, share]) => `${languageName(code)} ${Math.round(share * 100)} %`),
  ].filter(Boolean);
  return [
    element("p", { class: `outcome ${receipt.outcome}` }, `${t(`admin.outcome.${receipt.outcome}`)}: ${receipt.messages?.[language] ?? receipt.message}`),
    receipt.outcome === "indexed" ? element("p", { class: "quiet" }, facts.join(" · ")) : advice(receipt),
    findingList(receipt, hasPictures),
    receipt.related?.length ? element("p", {}, t("admin.related"), " ", receipt.related.map(({ document_id }) => document_id).join(", ")) : null,
    receipt.missing?.length ? element("p", { class: "warning" }, t("admin.missing"), " ", receipt.missing.map((name) => t(`admin.field.${name}`)).join(", ")) : null,
  ].filter(Boolean);
}

function languageName(code) {
  return code === "cs" || code === "en" ? t(`language.${code}`) : t("language.other", { code });
}

function advice(receipt) {
  return element(
    "div",
    {},
    element("p", {}, t(`admin.advice.${receipt.outcome}`)),
    receipt.detail ? element("p", { class: "quiet", lang: "en" }, receipt.detail) : null,
  );
}

function findingList(receipt, hasPictures) {
  if (!receipt.findings?.length) return null;
  const viewer = element("figure", { class: "page-beside", hidden: true });
  const show = (page) => {
    const address = `/documents/${receipt.document_id}/pages/${page}.png`;
    const image = element("img", { src: address, alt: t("admin.page_picture", { number: page }), width: 400, height: 566 });
    viewer.replaceChildren(image, element("figcaption", { class: "quiet" }, t("admin.page", { number: page })));
    viewer.hidden = false;
  };
  const isPdf = receipt.media_type === "application/pdf" && hasPictures;
  const items = receipt.findings.map((finding) =>
    element(
      "li",
      {},
      `${finding.messages?.[language] ?? finding.code} (${finding.count}×)`,
      finding.sample ? [" ", element("q", {}, finding.sample)] : [],
      finding.pages?.length
        ? [" – ", t("admin.on_pages"), " ", finding.pages.slice(0, 8).flatMap((page) => [isPdf ? button(String(page), () => show(page), { class: "plain page-number", "aria-label": t("admin.page", { number: page }) }) : String(page), " "]), finding.pages.length > 8 ? "…" : ""]
        : [],
    ));
  return element("div", { class: "findings" }, element("ul", {}, items), viewer);
}

/** Resolves to the nodes of the view of documents that could not be used. */
export async function quarantineView() {
  const { receipts } = await ask("GET", "receipts");
  const troubled = receipts.filter(({ outcome }) => outcome !== "indexed");
  if (!troubled.length) return [element("p", {}, t("admin.quarantine_empty"))];
  return [
    element("p", {}, t("admin.quarantine_note")),
    ...troubled.map((receipt) =>
      element("article", { class: "card" }, element("h3", {}, receipt.title ?? receipt.file_name), element("p", { class: "quiet" }, receipt.file_name), receiptOf(receipt, false))),
  ];
}
