// Which releases are there, how good are they, and which one do readers see?
import { button, element, table } from "./elements.js";
import { jobTable, watch } from "./jobs.js";
import { ask, figure, moment, t } from "./staff.js";

const MEASURES = ["nDCG@10", "R@5", "MRR"];
const SHOWN_JOBS = 20;
const ALIKE = 0.0005; // differences below the digits that are shown

/** Resolves to the nodes of the view. */
export async function releasesView(console) {
  const [{ releases }, { jobs }] = await Promise.all([ask("GET", "releases"), ask("GET", `jobs?limit=${SHOWN_JOBS}`)]);
  const live = element("div", { id: "live-job" });
  const run = (begin) => console.attempt(async () => void watch(await begin(), live, console));
  const running = jobs.find(({ state }) => state === "running") ?? jobs.findLast(({ state }) => state === "enqueued");
  if (running) watch(running, live, console);
  const published = releases.find(({ is_published }) => is_published);
  return [
    element("p", {}, t("admin.releases_note")),
    element(
      "p",
      { class: "row-actions" },
      button(t("admin.build_publish"), () => run(() => ask("POST", "builds", { publish: true }))),
      button(t("admin.build"), () => run(() => ask("POST", "builds", { publish: false })), { class: "plain" }),
      releases.length > 1 ? button(t("admin.roll_back"), () => run(() => ask("POST", "rollback")), { class: "plain" }) : null,
    ),
    live,
    releases.length ? releaseTable(releases, published, run) : element("p", { class: "empty" }, t("admin.no_release")),
    releases.length ? element("p", { class: "quiet" }, t(releases.some((release) => scoreOf(release, MEASURES[0])) ? "admin.measures_note" : "admin.measures_none")) : null,
    element("h3", {}, t("admin.jobs")),
    jobs.length ? jobTable(jobs) : element("p", { class: "quiet" }, t("admin.no_jobs")),
  ].filter(Boolean);
}

function releaseTable(releases, published, run) {
  const rows = releases.map((release) => [
    [moment(release.created), element("br"), element("span", { class: "quiet" }, release.id)],
    figure(release.documents),
    figure(release.passages),
    ...MEASURES.map((measure) => scoreCell(release, published, measure)),
    release.is_published
      ? element("span", { class: "outcome indexed" }, t("admin.published"))
      : button(t("admin.publish"), () => run(() => ask("POST", `releases/${release.id}/publish`)), { class: "plain", "aria-label": `${t("admin.publish")}: ${moment(release.created)}` }),
  ]);
  return table(t("admin.view.releases"), [t("admin.column.release"), t("admin.column.documents"), t("admin.column.passages"), ...MEASURES, t("admin.column.actions")], rows);
}

/** Returns the score of a release and how it differs from that of the published one. */
function scoreCell(release, published, measure) {
  const score = scoreOf(release, measure);
  if (score === undefined) return element("span", { class: "quiet" }, t("admin.not_evaluated"));
  const reference = release.is_published ? undefined : scoreOf(published, measure);
  const difference = reference === undefined ? 0 : score - reference;
  if (Math.abs(difference) < ALIKE) return figure(score, 3);
  const [sign, name] = difference > 0 ? ["+", "better"] : ["−", "worse"];
  return [figure(score, 3), " ", element("span", { class: name }, `(${sign}${figure(Math.abs(difference), 3)})`)];
}

function scoreOf(release, measure) {
  return release?.evaluation?.scores?.fused?.[measure];
}
