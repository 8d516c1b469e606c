// What can staff do here? Sign in, look after the documents, build and publish, and see what readers miss.
import { documentsView } from "./documents.js";
import { button, element, field, submitting } from "./elements.js";
import { glossaryView } from "./glossary.js";
import { feedbackView, gapsView } from "./insight.js";
import { quarantineView } from "./quarantine.js";
import { releasesView } from "./releases.js";
import { Refused, signIn, signOut, t, whoIsSignedIn } from "./staff.js";
import { auditView, healthView } from "./upkeep.js";

const VIEWS = {
  documents: documentsView,
  quarantine: quarantineView,
  releases: releasesView,
  glossary: glossaryView,
  gaps: gapsView,
  feedback: feedbackView,
  health: healthView,
  audit: auditView,
};
const FOR_ADMINISTRATORS = ["audit"];
const place = document.getElementById("console");
const status = document.getElementById("status");
const languageLink = document.querySelector(".languages a");
const siteTitle = document.title;
let turn = 0; // a view that arrives after another was chosen is dropped

/** Says how an action went; a failure stays until the next action. */
function tell(words, failed = false) {
  status.className = failed ? "status failed" : "status";
  status.replaceChildren(...[words].flat());
}

/** Runs an action of a view; where it is refused, tells so, by default above the view. Resolves to whether it went well. */
async function attempt(action, say = (words) => tell(words, true)) {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401 && document.getElementById("view")) showSignIn(t("admin.session_ended"));
    else say(error.message);
    return false;
  }
}

function showSignIn(notice = "") {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.title = siteTitle;
  const token = element("input", { type: "password", name: "token", autocomplete: "current-password", required: true });
  const enter = submitting(async () => {
    if (await attempt(() => signIn(token.value))) await start();
    else token.select();
  });
  place.replaceChildren(
    element(
      "form",
      { class: "sign-in", on: { submit: enter } },
      element("p", {}, t("admin.sign_in_note")),
      field(t("admin.token"), token),
      element("button", {}, t("admin.sign_in")),
    ),
  );
  tell(notice, Boolean(notice));
  token.focus();
}

function showConsole(session) {
  const names = Object.keys(VIEWS).filter((name) => session.role === "admin" || !FOR_ADMINISTRATORS.includes(name));
  const tabs = names.map((name) => element("a", { href: `#${name}` }, t(`admin.view.${name}`)));
  const leave = button(t("admin.sign_out"), () => attempt(async () => (await signOut(), showSignIn())), { class: "plain" });
  place.replaceChildren(
    element("nav", { class: "tabs", "aria-label": t("admin.views") }, tabs, element("span", { class: "who quiet" }, session.name, " ", leave)),
    element("section", { id: "view", tabindex: -1 }),
  );
  return showView();
}

async function showView(then = () => {}) {
  const view = document.getElementById("view");
  if (!view) return;
  const name = location.hash.slice(1) in VIEWS ? location.hash.slice(1) : "documents";
  const title = t(`admin.view.${name}`);
  const mine = ++turn;
  document.title = `${title} – ${siteTitle}`;
  languageLink.hash = location.hash;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.hash === `#${name}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  tell("");
  view.replaceChildren(element("h2", {}, title), element("p", { class: "quiet" }, t("admin.loading")));
  const isShown = await attempt(async () => {
    const nodes = await VIEWS[name]({ refresh: (after = () => {}) => (mine === turn ? showView(after) : after()), tell, attempt, toBuild });
    if (mine === turn) view.replaceChildren(element("h2", {}, title), ...nodes);
  });
  if (mine !== turn) return;
  if (isShown) then();
  else if (view.isConnected) view.replaceChildren(element("h2", {}, title), button(t("admin.try_again"), () => showView()));
}

/** Returns the link to where releases are built. */
function toBuild() {
  return element("a", { href: "#releases" }, t("admin.to_build"));
}

async function start() {
  await attempt(async () => {
    const session = await whoIsSignedIn();
    if (!session) return showSignIn();
    await showConsole(session);
    document.getElementById("view")?.focus({ preventScroll: true });
  });
}

addEventListener("hashchange", () => showView());
start();
