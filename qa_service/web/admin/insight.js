// What do readers miss, and what do they say of what they got?
import { element, table } from "./elements.js";
import { ask, figure, isKnown, language, t } from "./staff.js";

function asked(question) {
  return element("a", { href: `/?${new URLSearchParams({ q: question, lang: language })}` }, question);
}

/** Resolves to the nodes of the view of questions that the collection does not answer well. */
export async function gapsView() {
  const { gaps } = await ask("GET", "gaps");
  if (!gaps.length) return [element("p", { class: "empty" }, t("admin.no_gaps"))];
  const rows = gaps.map((gap) => [
    [asked(gap.question), ...gap.wordings.slice(1).map((words) => element("div", { class: "quiet" }, words))],
    figure(gap.count),
    [figure(gap.unanswered), reasonsOf(gap.reasons)],
    figure(gap.rated_poorly),
  ]);
  return [element("p", {}, t("admin.gaps_note")), table(t("admin.view.gaps"), ["question", "count", "unanswered", "rated_poorly"].map((name) => t(`admin.column.${name}`)), rows)];
}

function reasonsOf(reasons) {
  const known = Object.entries(reasons).filter(([reason]) => isKnown(`admin.gap.${reason}`));
  return known.map(([reason, count]) => element("div", { class: "quiet" }, `${t(`admin.gap.${reason}`)}: ${figure(count)}`));
}

/** Resolves to the nodes of the view of what readers said. */
export async function feedbackView() {
  const { ratings } = await ask("GET", "feedback");
  if (!ratings.length) return [element("p", { class: "empty" }, t("admin.no_feedback"))];
  const rows = ratings.map((rating) => [
    asked(rating.question),
    element("span", { class: `outcome ${rating.useful ? "indexed" : "quarantined"}` }, t(rating.useful ? "admin.useful" : "admin.not_useful")),
    t(rating.passage_id ? "admin.about_passage" : "admin.about_answer"),
    rating.comment ?? "",
  ]);
  return [element("p", {}, t("admin.feedback_note")), table(t("admin.view.feedback"), ["question", "rating", "about", "comment"].map((name) => t(`admin.column.${name}`)), rows)];
}
