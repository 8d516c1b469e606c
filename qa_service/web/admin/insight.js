// What do readers miss, and is the service well?
import { element, table } from "./elements.js";
import { ask, readiness, t } from "./staff.js";

/** Resolves to the nodes of the view of questions that the collection does not answer well. */
export async function gapsView() {
  const { gaps } = await ask("GET", "gaps");
  if (!gaps.length) return [element("p", {}, t("admin.no_gaps"))];
  const rows = gaps.map((gap) => [
    [element("a", { href: `/?${new URLSearchParams({ q: gap.question })}` }, gap.question), ...gap.wordings.slice(1).map((words) => element("div", { class: "quiet" }, words))],
    String(gap.count),
    String(gap.unanswered),
    String(gap.rated_poorly),
  ]);
  return [element("p", {}, t("admin.gaps_note")), table(t("admin.view.gaps"), ["question", "count", "unanswered", "rated_poorly"].map((name) => t(`admin.column.${name}`)), rows)];
}

/** Resolves to the nodes of the view of what readers said. */
export async function feedbackView() {
  const { ratings } = await ask("GET", "feedback");
  if (!ratings.length) return [element("p", {}, t("admin.no_feedback"))];
  const rows = ratings.map((rating) => [
    element("a", { href: `/?${new URLSearchParams({ q: rating.question })}` }, rating.question),
    element("span", { class: `outcome ${rating.useful ? "indexed" : "quarantined"}` }, t(rating.useful ? "admin.useful" : "admin.not_useful")),
    t(rating.passage_id ? "admin.about_passage" : "admin.about_answer"),
    rating.comment ?? "",
  ]);
  return [table(t("admin.view.feedback"), ["question", "rating", "about", "comment"].map((name) => t(`admin.column.${name}`)), rows)];
}

/** Resolves to the nodes of the view of the service's health. */
export async function healthView() {
  const state = await readiness();
  const facts = [["release", state.release], ["model", state.model], ["engine", state.engine]];
  return [
    element("p", { class: `outcome ${state.status === "ready" ? "indexed" : "quarantined"}` }, t(`admin.health.${state.status}`)),
    element("dl", { class: "facts" }, facts.map(([name, value]) => element("div", {}, element("dt", {}, t(`admin.health.${name}`)), element("dd", {}, value ?? t("admin.none"))))),
    ...state.faults.map((fault) => element("p", { class: "warning" }, fault.message)),
  ];
}
