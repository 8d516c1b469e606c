// What does the search page do beyond a plain form? It asks while one types, and says what is going on.
//
// The server draws every part of the page; this script fetches the parts for an address and puts them in place. They
// arrive as a parsed document (XMLHttpRequest, responseType "document"), so no string here ever becomes markup.
import { offerCopying, offerRating } from "./actions.js";
import { dayOf } from "./days.js";
import messages from "./page-messages.js";
import { load, TIMEOUT_MS } from "./parts.js";
import { previewIn } from "./preview.js";
import { answerEvents } from "./stream.js";
import { wording } from "./words.js";

const TYPING_PAUSE_MS = 130; // about the gap between two keys of a fluent typist
const SLOW_MS = 3000;
const SHORTEST_WORD = 2;

const t = wording(messages);
const form = document.getElementById("search-form");
const field = document.getElementById("question");
const status = document.getElementById("status");
const main = document.getElementById("main");
let turn = 0; // the number of the latest request: answers to earlier ones are dropped
let before = form.elements.after?.value ?? ""; // the question on which the next one may lean
let shown = location.search;
let stop = new AbortController();
let pause;

function formAddress(after) {
  const given = [...new FormData(form)].filter(([name, value]) => name !== "after" && value.trim());
  const pairs = given.map(([name, value]) => [name, name === "valid_on" ? dayOf(value.trim()) ?? value : value]);
  return "/?" + new URLSearchParams(after ? [...pairs, ["after", after]] : pairs);
}

async function show(address, parts, remember) {
  const mine = ++turn;
  stop.abort();
  stop = new AbortController();
  const isLate = () => mine !== turn;
  const slow = setTimeout(() => isLate() || tell("script.slow"), SLOW_MS);
  tell(parts.includes("answer") ? "script.loading_answer" : "script.loading");
  main.classList.add("busy");
  for (const part of parts) document.getElementById(part).classList.add("stale");
  const bring = async (part) => {
    if (part === "answer") await preview(address, isLate);
    if (isLate()) return;
    const arrived = await load(address, part);
    if (isLate()) return;
    place(arrived.page, part);
    if (part === "results") settle(arrived.address, remember);
  };
  try {
    await Promise.all(parts.map(bring));
    if (!isLate()) finish(parts);
  } catch {
    if (!isLate()) fail(() => show(address, parts, remember));
  } finally {
    clearTimeout(slow);
    if (!isLate()) {
      main.classList.remove("busy");
      for (const section of main.querySelectorAll(".stale")) section.classList.remove("stale");
    }
  }
}

/** Shows the claims of the answer as they come; whatever goes wrong, the whole answer is asked for next. */
async function preview(address, isLate) {
  try {
    const show = previewIn(document.getElementById("answer"));
    for await (const event of answerEvents(address, AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]))) {
      if (isLate()) return;
      show(event);
    }
  } catch {
    if (!isLate()) forgetAnswer();
  }
}

function place(page, part) {
  const focused = document.activeElement;
  const followed = focused?.closest("#answer a")?.getAttribute("href");
  const [name, value] = focused?.closest("#facets") ? [focused.name, focused.value] : [];
  for (const arrived of [...page.body.children]) document.getElementById(arrived.id).replaceWith(document.adoptNode(arrived));
  if (part === "results") {
    main.classList.replace("home", "asked");
    form.querySelector("h1").className = "unseen";
    for (const first of main.querySelectorAll("#examples, .within")) first.remove(); // the filters are in the margin now
    document.title = page.title;
  }
  enliven();
  if (name) [...form.elements].find((input) => input.name === name && (input.type === "text" || input.value === value))?.focus();
  if (followed && !focused.isConnected) [...document.querySelectorAll("#answer a")].find((link) => link.getAttribute("href") === followed)?.focus();
}

/** Makes the address of the question in full that of the page. */
function settle(address, remember) {
  if (address !== location.pathname + location.search) history[remember](null, "", address);
  shown = location.search;
  const asked = new URLSearchParams(shown);
  if (remember === "pushState") before = asked.get("q");
  if (field.value.trim() === asked.get("said")) field.value = before;
  for (const link of document.querySelectorAll(".languages a")) {
    const inOtherLanguage = new URL(location.href);
    inOtherLanguage.searchParams.set("lang", link.hreflang);
    link.href = inOtherLanguage.pathname + inOtherLanguage.search;
  }
}

function finish(parts) {
  if (document.querySelector("#results [role=alert]")) forgetAnswer(); // both were refused: once is enough
  const answer = document.getElementById("answer").dataset.status;
  const { total } = document.getElementById("results").dataset;
  const heard = document.createElement("span"); // for those who do not see it
  heard.className = "unseen";
  if (parts.includes("answer") && answer) heard.append(t(answer === "answered" ? "script.answered" : "script.not_answered"), " ");
  if (total) heard.append(t("script.found", { count: Number(total) }));
  status.className = "status";
  status.replaceChildren(heard);
}

function tell(key, ...nodes) {
  status.className = key === "script.failed" || key === "script.offline" ? "status failed" : "status";
  status.replaceChildren(t(key), ...nodes);
}

function fail(again) {
  const retry = document.createElement("button");
  retry.className = "plain";
  retry.type = "button";
  retry.textContent = t("script.retry");
  retry.addEventListener("click", again);
  const isOther = before && before !== field.value.trim() && document.querySelector("#results .hit");
  tell(navigator.onLine ? "script.failed" : "script.offline", isOther ? ` ${t("script.earlier", { question: before })}` : "", retry);
}

function forgetAnswer() {
  const answer = document.getElementById("answer");
  answer.hidden = true;
  answer.replaceChildren();
  delete answer.dataset.status;
}

function ask() {
  clearTimeout(pause);
  const question = field.value.trim();
  if (question) show(formAddress(question === before ? "" : before), ["results", "answer"], "pushState");
}

function typed(event) {
  clearTimeout(pause);
  if (event.isComposing || field.value.trim().length < SHORTEST_WORD) return;
  pause = setTimeout(() => {
    forgetAnswer();
    show(formAddress(), ["results"], "replaceState");
  }, TYPING_PAUSE_MS);
}

function follow(event) {
  const link = event.target.closest("a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.pathname !== "/" || link.hash || !link.search.includes("q=")) return;
  event.preventDefault();
  const query = new URLSearchParams(link.search);
  field.value = query.get("q");
  if (query.has("offset")) forgetAnswer();
  show(link.pathname + link.search, query.has("offset") ? ["results"] : ["results", "answer"], "pushState");
  if (!link.closest(".chip")) main.scrollIntoView();
}

function enliven() {
  offerCopying(main, tell);
  offerRating(main);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
field.addEventListener("input", typed);
main.addEventListener("click", follow);
main.addEventListener("change", (event) => event.target.closest("#facets") && ask());
addEventListener("popstate", () => location.search !== shown && location.reload());
addEventListener("offline", () => tell("script.offline"));
addEventListener("online", () => (status.className = "status", status.replaceChildren()));
enliven();
if (field.value !== field.defaultValue) typed(new Event("input")); // written before this script was there
