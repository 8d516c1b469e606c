// Which releases are there, how good are they, and which one do readers see?
import { button, element, table } from "./elements.js";
import { ask, failureOf, follow, moment, t } from "./staff.js";

const MEASURES = ["nDCG@10", "R@5", "MRR"];
const SHOWN_JOBS = 20;

/** Resolves to the nodes of the view. */
export async function releasesView(console) {
  const [{ releases }, { jobs }] = await Promise.all([ask("GET", "releases"), ask("GET", `jobs?limit=${SHOWN_JOBS}`)]);
  const live = element("div", { id: "live-job" });
  const run = (begin) => console.attempt(async () => watch(await begin(), live, console));
  const running = jobs.find(({ state }) => state === "running" || state === "enqueued");
  if (running) watch(running, live, console);
  const published = releases.find(({ is_published }) => is_published);
  return [
    element(
      "p",
      { class: "row-actions" },
      button(t("admin.build"), () => run(() => ask("POST", "builds", { publish: false }))),
      button(t("admin.build_publish"), () => run(() => ask("POST", "builds", { publish: true })), { class: "plain" }),
      releases.length > 1 ? button(t("admin.roll_back"), () => run(() => ask("POST", "rollback")), { class: "plain" }) : null,
    ),
    live,
    releases.length ? releaseTable(releases, published, run) : element("p", {}, t("admin.no_release")),
    element("h3", {}, t("admin.jobs")),
    jobs.length ? jobTable(jobs) : element("p", { class: "quiet" }, t("admin.no_jobs")),
  ];
}

function releaseTable(releases, published, run) {
  const rows = releases.map((release) => [
    [moment(release.created), element("br"), element("span", { class: "quiet" }, release.id)],
    String(release.documents),
    String(release.passages),
    ...MEASURES.map((measure) => scoreCell(release, published, measure)),
    release.is_published
      ? element("strong", {}, t("admin.published"))
      : button(t("admin.publish"), () => run(() => ask("POST", `releases/${release.id}/publish`)), { class: "plain", "aria-label": `${t("admin.publish")} ${release.id}` }),
  ]);
  return table(t("admin.view.releases"), [t("admin.column.release"), t("admin.column.documents"), t("admin.column.passages"), ...MEASURES, t("admin.column.actions")], rows);
}

/** Returns the score of a release and how it differs from that of the published one. */
function scoreCell(release, published, measure) {
  const score = scoreOf(release, measure);
  if (score === undefined) return t("admin.not_evaluated");
  const reference = release.is_published ? undefined : scoreOf(published, measure);
  const difference = reference === undefined ? 0 : score - reference;
  if (Math.abs(difference) < 0.0005) return score.toFixed(3);
  const sign = difference > 0 ? "+" : "−";
  return element("span", { class: difference < 0 ? "worse" : "" }, `${score.toFixed(3)} (${sign}${Math.abs(difference).toFixed(3)})`);
}

function scoreOf(release, measure) {
  return release?.evaluation?.scores?.fused?.[measure];
}

function jobTable(jobs) {
  const rows = jobs.map((job) => [
    t(`admin.job.${job.kind}`),
    job.document_id ?? job.result?.release ?? "",
    element("span", { class: `job ${job.state}` }, t(`admin.state.${job.state}`)),
    failureOf(job) ?? "",
    moment(job.finished ?? job.started ?? job.created),
  ]);
  return table(t("admin.jobs"), ["job", "about", "state", "reason", "when"].map((name) => t(`admin.column.${name}`)), rows);
}

async function watch(job, place, console) {
  const bar = element("progress", { max: 1, "aria-label": t(`admin.job.${job.kind}`) });
  const words = element("span", { role: "status" });
  const cancel = button(t("admin.cancel"), () => console.attempt(() => ask("DELETE", `jobs/${job.id}`)), { class: "plain" });
  place.replaceChildren(element("div", { class: "card live" }, element("strong", {}, t(`admin.job.${job.kind}`)), bar, words, cancel));
  await console.attempt(async () => {
    const done = await follow(job.id, (now) => {
      if (now.progress?.total) bar.value = now.progress.done / now.progress.total;
      words.textContent = now.progress && now.state === "running" ? progressWords(now.progress) : t(`admin.state.${now.state}`);
    });
    place.replaceChildren();
    console.refresh();
    const failed = done.state !== "succeeded";
    console.tell(failed ? failureOf(done) ?? t(`admin.state.${done.state}`) : t(`admin.ended.${done.kind}`), failed);
  });
}

function progressWords({ step, done, total, seconds_left: left }) {
  const steps = ["read", "compare", "write", "evaluate"];
  const name = steps.includes(step) ? t(`admin.step.${step}`) : step;
  const count = total ? ` ${done}/${total}` : "";
  return name + count + (left ? `, ${t("admin.seconds_left", { count: Math.ceil(left) })}` : "");
}
