// What is seen of an answer while it is still coming? Its claims and their sources; the server draws the whole of it.
import messages from "./page-messages.js";
import { language, wording } from "./words.js";

const t = wording(messages);

/** Returns a function that takes the events of one answer and shows each claim in `section` as it comes. */
export function previewIn(section) {
  let sources, words, evidence;
  const take = {
    meta({ mode }) {
      sources = new Map();
      words = element("p", { className: "wording", hidden: mode !== "generated" });
      evidence = element("div", { className: "evidence" });
    },
    citation: (source) => sources.set(source.number, source),
    claim({ text, citations }) {
      words.append(text, ...citations.map((number) => element("span", { className: "reference" }, number)), " ");
      for (const number of citations.filter((each) => sources.has(each))) {
        evidence.append(figure(sources.get(number)));
        sources.delete(number);
      }
      if (!evidence.isConnected) begin();
    },
  };
  function begin() {
    section.hidden = false;
    section.className = "coming";
    section.replaceChildren(element("h2", { id: "answer-heading" }, t("answer.heading")), words, evidence);
  }
  return ([name, data]) => take[name]?.(data);
}

function figure({ number, quote, language: tongue, document: source, text, ...place }) {
  const link = element("a", { className: "title", href: quoteAddress(place), lang: source.language ?? "" }, source.title);
  const caption = [element("span", { className: "number", ariaHidden: "true" }, number), link, element("p", { className: "about" }, text)];
  const quotation = element("blockquote", { lang: tongue ?? "" }, element("p", {}, quote));
  return element("figure", {}, quotation, element("figcaption", {}, ...caption));
}

function quoteAddress({ url, passage_id, start, end }) {
  const address = new URL(url, location.origin);
  for (const [name, value] of [["lang", language], ["passage", passage_id], ["quote", `${start}-${end}`]]) {
    address.searchParams.set(name, value);
  }
  return address.pathname + address.search + address.hash;
}

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}
