// How was a document read: what was left out and why, and what can be done where it could not be used?
import { button, element, forAdministrator, viewerLink } from "./elements.js";
import { titleOf } from "./metadata.js";
import { figure, isKnown, language, percent, t } from "./staff.js";

const SHOWN_PAGES = 8;
const SHOWN_SHARE = 0.05; // of a language in the text

/**
 * Returns the nodes that tell a receipt at a glance; pictures of pages only where the document is searchable.
 * `publications` are those of the collection, by whose titles similar documents are named.
 */
export function receiptOf(receipt, hasPictures, publications) {
  return [
    element("p", { class: `outcome ${receipt.outcome}` }, `${t(`admin.outcome.${receipt.outcome}`)}: ${receipt.messages?.[language] ?? receipt.message}`),
    receipt.outcome === "indexed" ? element("p", { class: "quiet" }, factsOf(receipt).join(" · ")) : advice(receipt),
    findingList(receipt, hasPictures),
    relatedList(receipt, publications),
    receipt.missing?.length ? element("p", { class: "warning" }, t("admin.missing"), " ", receipt.missing.map((name) => inSentence(t(`admin.field.${name}`))).join(", ")) : null,
  ].filter(Boolean);
}

function relatedList({ related }, publications) {
  if (!related?.length) return null;
  const named = related.map(({ document_id: id, likeness }) => {
    const publication = publications.find((one) => one.id === id);
    const title = publication ? titleOf(publication) : id;
    const howAlike = isKnown(`admin.likeness.${likeness}`) ? ` (${t(`admin.likeness.${likeness}`)})` : "";
    return element("li", {}, publication?.is_searchable ? viewerLink(id, title) : title, howAlike);
  });
  return element("div", {}, element("p", {}, t("admin.related")), element("ul", { "aria-label": t("admin.related") }, named));
}

/** Returns the name of a field as it stands inside a sentence. */
function inSentence(name) {
  return name[0].toLowerCase() + name.slice(1);
}

function hasSlides({ media_type: type }) {
  return Boolean(type?.endsWith("presentation"));
}

function factsOf({ pages, passages, languages = {}, ...receipt }) {
  const shares = Object.entries(languages).filter(([, share]) => share >= SHOWN_SHARE);
  return [
    pages && t(hasSlides(receipt) ? "admin.slides" : "admin.pages", { count: pages }),
    t("admin.passages", { count: passages }),
    ...shares.map(([code, share]) => `${languageName(code)} ${percent(share)}`),
  ].filter(Boolean);
}

function languageName(code) {
  return code === "cs" || code === "en" ? t(`language.${code}`) : t("language.other", { code });
}

function advice({ outcome, detail }) {
  return element(
    "div",
    {},
    element("p", {}, t(`admin.advice.${outcome}`)),
    detail ? element("div", { class: "quiet" }, forAdministrator(detail)) : null,
  );
}

function findingList(receipt, hasPictures) {
  if (!receipt.findings?.length) return null;
  const viewer = element("figure", { class: "page-beside", hidden: true });
  const show = (page) => {
    const address = `/documents/${receipt.document_id}/pages/${page}.png`;
    const image = element("img", { src: address, alt: t("admin.page_picture", { number: page }), width: 400, height: 566 });
    viewer.replaceChildren(image, element("figcaption", { class: "quiet", role: "status" }, t("admin.page", { number: page })));
    viewer.hidden = false;
  };
  const isPdf = receipt.media_type === "application/pdf" && hasPictures;
  const items = receipt.findings.map((finding) =>
    element(
      "li",
      {},
      `${finding.messages?.[language] ?? finding.code} (${figure(finding.count)}×)`,
      finding.sample ? [" ", element("q", {}, finding.sample)] : [],
      finding.pages?.length ? [" – ", t(hasSlides(receipt) ? "admin.on_slides" : "admin.on_pages"), " ", pagesOf(finding.pages, isPdf ? show : null)] : [],
    ));
  return element(
    "section",
    { "aria-label": t("admin.left_out") },
    element("h3", {}, t("admin.left_out")),
    element("div", { class: "findings" }, element("ul", {}, items), viewer),
  );
}

function pagesOf(pages, show) {
  const shown = pages.slice(0, SHOWN_PAGES).flatMap((page) => [
    show ? button(String(page), () => show(page), { class: "plain page-number", "aria-label": t("admin.page", { number: page }) }) : String(page),
    " ",
  ]);
  return pages.length > SHOWN_PAGES ? [...shown, "…"] : shown;
}
