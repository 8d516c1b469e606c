// Is the service well, and who changed what?
import { element, forAdministrator, table } from "./elements.js";
import { isStuck } from "./jobs.js";
import { ask, isKnown, moment, readiness, t } from "./staff.js";

const LOOKED_AT = 50;
const SHOWN_ACTIONS = 100;

/** Resolves to the nodes of the view of the service's health. */
export async function healthView(console) {
  const [state, { jobs }] = await Promise.all([readiness(), ask("GET", `jobs?limit=${LOOKED_AT}`)]);
  const isWorkerSilent = jobs.some((job) => isStuck(job, jobs));
  const status = isWorkerSilent && state.status === "ready" ? "degraded" : state.status;
  const facts = [["release", state.release], ["model", state.model], ["engine", state.engine]];
  return [
    element("p", { class: `outcome ${status === "ready" ? "indexed" : "quarantined"}` }, t(`admin.health.${status}`)),
    isWorkerSilent ? element("p", { class: "warning" }, t("admin.worker_silent")) : null,
    ...state.faults.map(({ code, message }) => fault(code, message)),
    state.status === "unready" ? element("p", {}, console.toBuild()) : null,
    element("dl", { class: "facts" }, facts.map(([name, value]) => element("div", {}, element("dt", {}, t(`admin.health.${name}`)), element("dd", {}, value ?? t("admin.none"))))),
    element("p", { class: "quiet" }, t("admin.health.note")),
  ].filter(Boolean);
}

function fault(code, message) {
  const words = t(`admin.fault.${isKnown(`admin.fault.${code}`) ? code : "other"}`);
  return element("div", { class: "warning" }, words, forAdministrator(`${code}: ${message}`));
}

/** Resolves to the nodes of the view of what staff have done. */
export async function auditView() {
  const { actions } = await ask("GET", `audit?limit=${SHOWN_ACTIONS}`);
  if (!actions.length) return [element("p", { class: "empty" }, t("admin.no_actions"))];
  const rows = actions.map((action) => [moment(action.at), action.actor === "anonymous" ? t("admin.nobody") : action.actor, actionWords(action.action), subjectOf(action.subject), outcomeOf(action.outcome)]);
  return [element("p", {}, t("admin.audit_note")), table(t("admin.view.audit"), ["when", "who", "action", "about", "outcome"].map((name) => t(`admin.column.${name}`)), rows)];
}

/** Returns what was done, in words: `DELETE /api/v1/admin/documents/{document_id}` is found as `delete_documents`. */
function actionWords(action) {
  const [method, path] = action.split(" ");
  const nouns = path.replace("/api/v1/admin/", "").split("/").filter((part) => !part.startsWith("{"));
  const name = [method.toLowerCase(), ...nouns].join("_").replace(/[^a-z_]/g, "_");
  return isKnown(`admin.action.${name}`) ? t(`admin.action.${name}`) : action;
}

function subjectOf(subject) {
  const { entry, document_id: documentId, release_id: release, name, job_id: job, added, removed } = subject ?? {};
  if (added !== undefined) return t("admin.glossary.import_subject", { added, removed });
  return entry?.replace("\t", " – ") ?? documentId ?? release ?? name ?? job ?? "";
}

function outcomeOf(outcome) {
  const isDone = typeof outcome === "number" && outcome < 400;
  return element("span", { class: `job ${isDone ? "succeeded" : "failed"}` }, isDone ? t("admin.action_done") : `${t("admin.action_refused")} (${outcome})`);
}
