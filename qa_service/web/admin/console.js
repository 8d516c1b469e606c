// What can staff do here? Sign in, look after the documents, build and publish, and see what readers miss.
import { documentsView } from "./documents.js";
import { button, element, field } from "./elements.js";
import { feedbackView, gapsView, healthView } from "./insight.js";
import { quarantineView } from "./receipts.js";
import { releasesView } from "./releases.js";
import { Refused, signIn, signOut, t, whoIsSignedIn } from "./staff.js";

const VIEWS = {
  documents: documentsView,
  quarantine: quarantineView,
  releases: releasesView,
  gaps: gapsView,
  feedback: feedbackView,
  health: healthView,
};
const place = document.getElementById("console");
const status = document.getElementById("status");
let turn = 0; // a view that arrives after another was chosen is dropped

/** Says how an action went; a failure stays until the next action. */
function tell(words, failed = false) {
  status.className = failed ? "status failed" : "status";
  status.replaceChildren(words);
}

/** Runs an action of a view and tells where it is refused; resolves to whether it went well. */
async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.message, true);
    return false;
  }
}

function showSignIn() {
  const token = element("input", { type: "password", name: "token", autocomplete: "current-password", required: true });
  const enter = async (event) => {
    event.preventDefault();
    if (await attempt(() => signIn(token.value))) await start();
  };
  place.replaceChildren(
    element(
      "form",
      { class: "sign-in", on: { submit: enter } },
      element("p", {}, t("admin.sign_in_note")),
      field(t("admin.token"), token),
      element("button", { type: "submit" }, t("admin.sign_in")),
    ),
  );
  token.focus();
}

function showConsole(session) {
  const tabs = Object.keys(VIEWS).map((name) => element("a", { href: `#${name}` }, t(`admin.view.${name}`)));
  const leave = button(t("admin.sign_out"), () => attempt(async () => (await signOut(), tell(""), showSignIn())), { class: "plain" });
  const view = element("section", { id: "view", "aria-live": "off" });
  place.replaceChildren(
    element("nav", { class: "tabs", "aria-label": t("admin.views") }, tabs, element("span", { class: "who quiet" }, session.name, " ", leave)),
    view,
  );
  addEventListener("hashchange", () => showView());
  return showView();
}

async function showView() {
  const view = document.getElementById("view");
  if (!view) return;
  const name = location.hash.slice(1) in VIEWS ? location.hash.slice(1) : "documents";
  const mine = ++turn;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.hash === `#${name}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  tell("");
  view.replaceChildren(element("p", { class: "quiet" }, t("admin.loading")));
  await attempt(async () => {
    const nodes = await VIEWS[name]({ refresh: () => mine === turn && showView(), tell, attempt });
    if (mine === turn) view.replaceChildren(element("h2", {}, t(`admin.view.${name}`)), ...nodes);
  });
}

async function start() {
  await attempt(async () => {
    const session = await whoIsSignedIn();
    if (session) await showConsole(session);
    else showSignIn();
  });
}

start();
