// What does another site embed? <pramen-search>, a search field that shows passages, or an answer, with their sources.
//
// One state, one render. Text is set as text, never as markup; answers to an earlier question are dropped; a failure is
// told. Nothing is stored, no cookie is set, and nothing is asked of anyone but the endpoint. Keyboard and roles follow
// the editable combobox with list autocomplete of the W3C ARIA Authoring Practices Guide.
import { events } from "./events.js";

const MESSAGES = {};

const TYPING_PAUSE_MS = 150;
const SLOW_MS = 3000;
const TIMEOUT_MS = 30000;
const SHORTEST_WORD = 2;
const SNIPPET_CHARS = 170;
const HOME = new URL(".", import.meta.url).href;
const LOCALES = { cs: "cs", en: "en-GB" };
const NOTHING = { open: false, active: -1, hits: [], answer: null, message: "", failed: false };

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { display: block; }
:host([hidden]) { display: none; }
.base {
  all: initial; display: block; position: relative; direction: ltr; box-sizing: border-box; color-scheme: light;
  --accent: var(--pramen-accent, #0b5c63); --on-accent: var(--pramen-on-accent, #fff);
  --ink: var(--pramen-ink, #1c2326); --quiet: var(--pramen-quiet, #566067);
  --paper: var(--pramen-paper, #fff); --tint: var(--pramen-tint, #e4f0ef); --line: var(--pramen-line, #868c8b);
  --mark: var(--pramen-mark, #ffe9a3); --warning: var(--pramen-warning, #7a3e00);
  font: clamp(14px, var(--pramen-font-size, 1rem), 24px)/1.45 var(--pramen-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif);
  color: var(--ink); text-align: start; overflow-wrap: break-word;
}
.base.dark {
  color-scheme: dark;
  --accent: var(--pramen-accent, #7cc7c9); --on-accent: var(--pramen-on-accent, #14191b);
  --ink: var(--pramen-ink, #e6e4dd); --quiet: var(--pramen-quiet, #a6aeb0);
  --paper: var(--pramen-paper, #1b2124); --tint: var(--pramen-tint, #243c3f); --line: var(--pramen-line, #7b8588);
  --mark: var(--pramen-mark, #5c4708); --warning: var(--pramen-warning, #f2c48a);
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.anchor { position: relative; }
.field { display: flex; background: var(--paper); border: 2px solid var(--accent); border-radius: var(--pramen-radius, 4px); }
.field:focus-within, a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input { flex: 1; min-width: 0; min-height: 2.75em; border: 0; padding: 0 .8em; background: none; color: inherit; font: inherit; outline: none; }
input::placeholder { color: var(--quiet); opacity: 1; }
button { font: inherit; cursor: pointer; border: 0; padding: 0 1.1em; min-height: 2.75em; background: var(--accent); color: var(--on-accent); }
.popup { position: absolute; inset-inline: 0; top: 100%; z-index: var(--pramen-z-index, 1000); margin-top: 4px; max-height: var(--pramen-max-height, min(70vh, 34em)); overflow: auto; background: var(--paper); border: 1px solid var(--line); border-radius: var(--pramen-radius, 4px); box-shadow: 0 6px 24px rgb(0 0 0 / .18); }
a { color: var(--accent); }
.option { display: block; padding: .6em .8em; color: inherit; text-decoration: none; border-bottom: 1px solid var(--tint); cursor: pointer; }
.option:hover, .option[aria-selected=true] { background: var(--tint); }
.option[aria-selected=true] { box-shadow: inset 4px 0 0 var(--accent); }
.title { display: block; font-weight: 600; color: var(--accent); }
.source { display: block; font-size: .875em; color: var(--quiet); }
.warning { display: block; font-size: .875em; color: var(--warning); }
.answer > .warning { margin-bottom: .5em; }
.snippet { display: block; font-size: .9375em; margin-top: .2em; }
mark { background: var(--mark); color: inherit; }
.all { display: block; padding: .6em .8em; }
.status:not(:empty) { margin-top: .5em; padding: .2em .8em; background: var(--paper); color: var(--quiet); font-size: .9375em; }
.status.failed { color: var(--warning); }
.status button { background: none; color: var(--accent); text-decoration: underline; min-height: 2em; padding: 0 .5em; }
.answer { margin-top: .75em; padding: .9em 1em; background: var(--paper); border: 1px solid var(--line); border-top: 4px solid var(--accent); }
.heading { display: block; font-weight: 600; margin-bottom: .4em; }
.claims, .quote { margin: 0 0 .5em; }
.quote { padding-inline-start: .8em; border-inline-start: 3px solid var(--accent); font-family: var(--pramen-quote-font, Georgia, "Liberation Serif", serif); white-space: pre-line; }
.evidence .title { display: inline; }
.evidence + .evidence { margin-top: 1em; }
@media (forced-colors: active) { .option[aria-selected=true] { outline: 2px solid; outline-offset: -2px; } }
`);

/** Returns a new element; children are nodes or texts. */
function element(name, { part, ...properties } = {}, ...children) {
  const node = document.createElement(name);
  if (part) node.setAttribute("part", (node.className = part));
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Returns a short piece of a passage around its first highlight, as nodes; offsets count code points. */
function snippet(text, highlights) {
  const signs = Array.from(text);
  let start = Math.max(0, (highlights[0]?.[0] ?? 0) - 40);
  while (start > 0 && signs[start - 1].trim()) start -= 1;
  let end = Math.min(signs.length, start + SNIPPET_CHARS);
  while (end < signs.length && signs[end].trim()) end -= 1;
  const cut = (from, to) => signs.slice(from, to).join("").replace(/([.!?:;…])\n/g, "$1 ").replace(/\s*\n\s*/g, " / "); // lines as on the page
  const nodes = [start > 0 ? "…\u00a0" : ""];
  let position = start;
  for (const [first, last] of highlights.filter(([first]) => first >= start && first < end)) {
    nodes.push(cut(position, first), element("mark", { part: "mark" }, cut(first, Math.min(last, end))));
    position = Math.min(last, end);
  }
  return [...nodes, cut(position, end), end < signs.length ? "\u00a0…" : ""];
}

/** What the service refused, in its own words. */
class Refused extends Error {}

class PramenSearch extends HTMLElement {
  static observedAttributes = ["lang", "placeholder", "theme", "endpoint", "kind", "publisher", "source-lang", "limit", "mode"];

  #state = NOTHING;
  #turn = 0;
  #pause = 0;
  #asked = null;
  #parts = null;
  #drawn = null; // the answer that stands in its panel
  #darkness = matchMedia("(prefers-color-scheme: dark)");
  #onDarkness = () => this.#dress();
  #onShortcut = (event) => this.#focusOnShortcut(event);

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#dress();
    this.#darkness.addEventListener("change", this.#onDarkness);
    document.addEventListener("keydown", this.#onShortcut);
  }

  disconnectedCallback() {
    this.#asked?.abort();
    clearTimeout(this.#pause);
    this.#darkness.removeEventListener("change", this.#onDarkness);
    document.removeEventListener("keydown", this.#onShortcut);
  }

  attributeChangedCallback() {
    if (this.shadowRoot) this.#dress();
  }

  get #language() {
    const asked = this.getAttribute("lang") || document.documentElement.lang;
    return asked?.toLowerCase().startsWith("en") ? "en" : "cs";
  }

  get #answers() {
    return this.getAttribute("mode") === "answer";
  }

  get #endpoint() {
    const given = this.getAttribute("endpoint");
    return given ? new URL(given.endsWith("/") ? given : `${given}/`, document.baseURI) : new URL(HOME);
  }

  #say(key, values = {}) {
    const message = MESSAGES[this.#language][key];
    const pattern = typeof message === "string" ? message : message[new Intl.PluralRules(this.#language).select(values.count)];
    return pattern.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** Makes the parts that never change; everything else is drawn by #render. */
  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    const label = element("label", { class: "unseen", for: "input" });
    const input = element("input", {
      part: "input", id: "input", type: "search", role: "combobox", autocomplete: "off", maxlength: 500,
      enterkeyhint: "search", "aria-autocomplete": "list", "aria-controls": "list", "aria-expanded": "false",
    });
    const button = element("button", { part: "button", type: "submit" });
    const form = element("form", { part: "form", role: "search" }, label, element("div", { part: "field" }, input, button));
    const list = element("div", { part: "listbox", id: "list", role: "listbox" });
    const all = element("a", { part: "all" });
    const popup = element("div", { part: "popup", hidden: "" }, list, all);
    const status = element("div", { part: "status", role: "status" });
    const answer = element("section", { part: "answer", hidden: "" });
    const base = element("div", { part: "base" }, element("div", { class: "anchor" }, form, popup), status, answer);
    this.#parts = { base, form, label, input, button, list, all, popup, status, answer };
    root.append(base);
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    input.addEventListener("input", (event) => event.isComposing || this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    popup.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.#clicked(event));
    base.addEventListener("focusout", (event) => base.contains(event.relatedTarget) || this.#update({ open: false, active: -1 }));
  }

  /** Puts the words, the theme and the language of the attributes on the parts. */
  #dress() {
    const { base, form, label, input, button, list, answer, all } = this.#parts;
    const theme = this.getAttribute("theme");
    base.classList.toggle("dark", theme === "dark" || (theme !== "light" && this.#darkness.matches));
    base.lang = this.#language;
    label.textContent = this.#say(this.#answers ? "widget.label_answer" : "widget.label");
    form.setAttribute("aria-label", label.textContent);
    input.placeholder = this.getAttribute("placeholder") ?? this.#say("search.label");
    button.textContent = this.#say("search.submit");
    all.textContent = this.#say("widget.all");
    list.setAttribute("aria-label", this.#say("widget.results"));
    answer.setAttribute("aria-label", this.#say("answer.heading"));
    this.#drawn = undefined; // its words may have changed
    this.#render();
  }

  #update(changes) {
    this.#state = { ...this.#state, ...changes };
    this.#render();
  }

  #render() {
    const { open, active, hits, answer, message, failed } = this.#state;
    const { input, list, popup, status, all, answer: panel } = this.#parts;
    const isOpen = open && hits.length > 0;
    popup.hidden = !isOpen;
    all.href = this.#resultsAddress();
    list.replaceChildren(...(isOpen ? hits.map((hit, index) => this.#option(hit, index, index === active)) : []));
    input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && active >= 0) input.setAttribute("aria-activedescendant", `option-${active}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
    status.className = failed ? "status failed" : (answer && !answer.isComing) || hits.length ? "status unseen" : "status";
    status.replaceChildren(message, ...(failed ? [this.#retryButton()] : []));
    if (answer === this.#drawn) return;
    this.#drawn = answer;
    const followed = this.shadowRoot.activeElement?.closest(".answer a")?.href;
    panel.hidden = !answer;
    panel.replaceChildren(...(answer ? this.#answerNodes(answer) : []));
    if (followed) [...panel.querySelectorAll("a")].find(({ href }) => href === followed)?.focus();
  }

  #option(hit, index, isActive) {
    return element(
      "a",
      { part: "option", id: `option-${index}`, role: "option", tabindex: -1, "aria-selected": isActive, href: this.#address(hit.citation.url) },
      element("span", { part: "title", lang: hit.document.language }, hit.document.title),
      element("span", { part: "source" }, this.#sourceLine(hit)),
      ...this.#remarks(hit, ({ title }) => title), // an option holds no links
      element("span", { part: "snippet", lang: hit.language }, ...snippet(hit.text, hit.highlights)),
      ...this.#copies(hit, ({ title }) => title),
    );
  }

  #sourceLine({ document: source, pages }) {
    return [source.publisher ?? source.authors.join(", "), source.year, pages && this.#pageWords(pages, source.media_type)].filter(Boolean).join("\u00a0· ");
  }

  /** Returns what a reader should know of a source before relying on it; `show` gives the node for a newer version. */
  #remarks({ document: { valid_from: start, valid_to: end, superseded_by: isSuperseded }, notes = [], newer }, show) {
    const today = new Date().toISOString().slice(0, 10);
    const named = newer ? [" ", show(newer)] : [];
    return [
      isSuperseded && this.#warning("hit.superseded", {}, named),
      notes.some(({ kind }) => kind === "newer_version") && this.#warning("hit.newer", {}, named),
      end && end < today && this.#warning("hit.expired", { date: this.#day(end) }),
      start && start > today && this.#warning("hit.not_yet_valid", { date: this.#day(start) }),
    ].filter(Boolean);
  }

  /** Returns the line that names the other documents which say the same, by the nodes that stand for them; none for none. */
  #copies({ copies = [] }, show) {
    if (!copies.length) return [];
    const named = copies.flatMap((copy, place) => [place ? "; " : " ", show(copy)]);
    return [element("span", { part: "source" }, this.#say("hit.copies", { count: copies.length }), ...named)];
  }

  #day(iso) {
    return new Date(iso).toLocaleDateString(LOCALES[this.#language], { dateStyle: "long", timeZone: "UTC" });
  }

  #warning(key, values, named = []) {
    return element("span", { part: "warning" }, this.#say(key, values), ...named);
  }

  #pageWords({ first, last, labels }, mediaType) {
    if (mediaType?.endsWith("presentation")) return first === last ? this.#say("hit.slide", { number: first }) : this.#say("hit.slides", { first, last });
    const printed = first === last
      ? this.#say("hit.page", { label: labels[0] })
      : this.#say("hit.pages", { first: labels[0], last: labels.at(-1) });
    const isCounted = labels.every((label, index) => label === String(first + index));
    return isCounted ? printed : `${printed} (${this.#say("widget.pdf_page", { number: first === last ? first : `${first}–${last}` })})`;
  }

  #answerNodes(answer) {
    if (answer.status !== "answered") {
      const nearest = answer.hits.slice(0, 3);
      return [
        element("span", { part: "heading" }, this.#say(`widget.reason_${answer.reason}`)),
        ...(nearest.length ? [element("span", { part: "source" }, this.#say("widget.nearest"))] : []),
        ...nearest.map((hit) => this.#evidence(hit, hit.citation.url, null)),
      ];
    }
    const isGenerated = answer.mode === "generated";
    const wording = answer.claims.map(({ text, citations }) => `${text} [${citations.join(", ")}]`).join(" ");
    return [
      element("span", { part: "heading" }, this.#say("answer.heading")),
      ...(answer.degraded ? [this.#warning("widget.degraded")] : []),
      ...(answer.claims.some(({ differs }) => differs) ? [this.#warning("answer.differs")] : []),
      ...(isGenerated ? [element("p", { part: "claims" }, wording), element("span", { part: "source" }, this.#say("answer.generated"))] : []),
      ...answer.citations.map((citation) => this.#evidence(citation, citation.url, citation)),
    ];
  }

  #evidence(item, url, citation) {
    const link = element("a", { part: "title", href: this.#address(url), lang: item.document.language }, item.document.title);
    link.addEventListener("click", (event) => this.#select(event, item));
    const leadTo = (other) => element("a", { href: this.#address(other.url) }, other.title);
    return element(
      "div",
      { part: "evidence" },
      citation && element("blockquote", { part: "quote", lang: citation.language }, citation.quote),
      citation ? `[${citation.number}] ` : null,
      link,
      element("span", { part: "source" }, this.#sourceLine(item)),
      ...this.#remarks(item, leadTo),
      ...this.#copies(item, leadTo),
    );
  }

  #retryButton() {
    const button = element("button", { part: "retry", type: "button" }, this.#say("script.retry"));
    button.addEventListener("click", () => (this.#answers ? this.#submit() : this.#search()));
    return button;
  }

  #address(url) {
    const address = new URL(url, this.#endpoint);
    return /^https?:$/.test(address.protocol) ? address.href : undefined;
  }

  #resultsAddress() {
    const address = new URL(this.#endpoint);
    address.search = new URLSearchParams([["q", this.#question], ["lang", this.#language], ...this.#filters()]);
    return address.href;
  }

  get #question() {
    return this.#parts.input.value.trim();
  }

  #filters() {
    const words = (name) => (this.getAttribute(name) ?? "").split(/[\s,]+/).filter(Boolean);
    const publisher = this.getAttribute("publisher");
    return [
      ...words("kind").map((value) => ["kind", value]),
      ...words("source-lang").map((value) => ["source_lang", value]),
      ...(publisher ? [["publisher", publisher]] : []),
    ];
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#asked?.abort();
    this.#turn += 1;
    if (this.#question.length < SHORTEST_WORD) return this.#update(NOTHING);
    this.#pause = setTimeout(() => this.#search(), TYPING_PAUSE_MS);
  }

  #search() {
    const limit = Math.min(50, Math.max(1, Number(this.getAttribute("limit")) || 5));
    const query = new URLSearchParams([["q", this.#question], ["k", limit], ...this.#filters()]);
    return this.#ask(`api/v1/search?${query}`, {}, ({ hits, total, release }) => {
      const message = hits.length ? this.#say("widget.found", { count: hits.length }) : this.#say("widget.none");
      this.#update({ ...NOTHING, hits, message, open: true });
      this.#tell("pramen-search", { query: this.#question, total, release });
    });
  }

  #submit() {
    clearTimeout(this.#pause);
    if (!this.#question) return;
    if (!this.#answers) return location.assign(this.#resultsAddress());
    const filters = {};
    for (const [name, value] of this.#filters()) (filters[name] ??= []).push(value);
    const body = JSON.stringify({ question: this.#question, filters });
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    const request = { method: "POST", body, headers };
    return this.#ask("api/v1/answer", request, (answer) => {
      const count = answer.citations.length;
      this.#update({ ...NOTHING, answer, message: count ? this.#say("widget.answered", { count }) : this.#say(`widget.reason_${answer.reason}`) });
      this.#tell("pramen-search", { query: this.#question, total: answer.hits.length, release: answer.release });
    });
  }

  /** Asks the endpoint and hands over its answer, unless another question was asked meanwhile. */
  async #ask(path, request, use) {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const turn = ++this.#turn;
    const slow = setTimeout(() => turn === this.#turn && this.#update({ message: this.#say("script.slow") }), SLOW_MS);
    const timeout = setTimeout((asked) => asked.abort(), TIMEOUT_MS, this.#asked);
    this.#update({ ...NOTHING, hits: this.#state.hits, open: this.#state.open, message: this.#say(request.body ? "script.loading_answer" : "script.loading") });
    try {
      const headers = { ...request.headers, "Accept-Language": this.#language };
      const response = await fetch(new URL(path, this.#endpoint), { ...request, headers, signal: this.#asked.signal, credentials: "omit", referrerPolicy: "no-referrer" });
      const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream");
      const body = isStream ? await this.#told(response, turn) : await response.json();
      if (turn !== this.#turn) return;
      if (!response.ok) throw new Refused(body.detail);
      use(body);
    } catch (error) {
      const message = (error instanceof Refused && error.message) || this.#say("widget.failed");
      if (turn === this.#turn) this.#update({ ...NOTHING, failed: true, message });
    } finally {
      clearTimeout(slow);
      clearTimeout(timeout);
    }
  }

  /** Shows each claim of a streamed answer with its sources as it comes; resolves to the whole answer. */
  async #told(response, turn) {
    const sources = new Map();
    const answer = { status: "answered", isComing: true, claims: [], citations: [] };
    for await (const [name, data] of events(response)) {
      if (name === "done") return data;
      if (name === "error") throw new Refused(data.detail);
      if (turn !== this.#turn) break;
      if (name === "meta") answer.mode = data.mode;
      if (name === "citation") sources.set(data.number, data);
      if (name !== "claim") continue;
      answer.claims.push(data);
      answer.citations = [...sources.values()];
      this.#update({ answer: { ...answer }, hits: [], open: false });
    }
    throw new Error("the stream broke off");
  }

  #key(event) {
    const { open, active, hits } = this.#state;
    const isOpen = open && hits.length > 0;
    if (event.isComposing) return;
    const move = (step) => {
      event.preventDefault();
      if (!hits.length) return;
      const from = isOpen ? active : -1;
      const next = from < 0 && step < 0 ? hits.length - 1 : from + step;
      this.#update({ open: true, active: next >= hits.length || next < 0 ? -1 : next });
    };
    if (event.key === "ArrowDown" && event.altKey) this.#update({ open: true });
    else if (event.key === "ArrowUp" && event.altKey) this.#update({ open: false, active: -1 });
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      this.#parts.list.children[active].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (isOpen) return this.#update({ open: false, active: -1 });
      this.#parts.input.value = "";
      this.#typed();
    }
  }

  #clicked(event) {
    const index = [...this.#parts.list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) this.#select(event, this.#state.hits[index]);
  }

  #select(event, { passage_id, document: source, citation, url }) {
    const detail = { passage_id, document_id: source.id, url: this.#address(citation?.url ?? url) };
    if (!this.#tell("pramen-select", detail)) event.preventDefault();
  }

  /** Sends an event to the page around; returns false where the page took it over (preventDefault). */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  #focusOnShortcut(event) {
    const wanted = this.getAttribute("shortcut");
    if (!wanted || event.defaultPrevented) return;
    const pressed = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.key}`;
    const target = event.composedPath()[0];
    const isTyping = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName ?? "");
    if (pressed.toLowerCase() !== wanted.toLowerCase() || (isTyping && wanted.length === 1)) return;
    event.preventDefault();
    this.#parts.input.focus();
  }
}

if (!customElements.get("pramen-search")) customElements.define("pramen-search", PramenSearch);
