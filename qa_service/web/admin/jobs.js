// What is the service doing for staff just now, and what went wrong where it failed?
import { button, element, forAdministrator, table } from "./elements.js";
import { ask, figure, follow, language, moment, Refused, t, waitFor } from "./staff.js";

const PATIENCE_MS = 15_000; // a worker that lives takes a waiting job within a second
const followed = new Map(); // jobs whose stream is open: each once, however often their view is opened
const STEPS = ["read", "compare", "write", "evaluate"];

/** Returns the sentence for staff that says why a job failed and what to do. */
function failureWords({ error, state }) {
  return error?.sentences[language] ?? t(`admin.state.${state}`);
}

/** Resolves when a job (or its id) has ended well; rejects with Refused where it failed. `told` hears how it stands. */
export async function ended(begun, told) {
  const job = await begun;
  const done = await waitFor(job.id ?? job, told);
  if (done.state !== "succeeded") throw new Refused({ detail: failureWords(done) });
}

/** Whether a waiting job has waited longer than it does where somebody works. */
export function isStuck(job, jobs = []) {
  const isAlone = !jobs.some(({ state }) => state === "running");
  return job.state === "enqueued" && isAlone && Date.now() - Date.parse(job.created) > PATIENCE_MS;
}

/** Follows a job as `follow` does, over the stream that is open already if there is one. */
function followOnce(id, told) {
  if (!followed.has(id)) {
    const tellers = new Set();
    const end = follow(id, (job) => tellers.forEach((tell) => tell(job))).finally(() => followed.delete(id));
    followed.set(id, { tellers, end });
  }
  followed.get(id).tellers.add(told);
  return followed.get(id).end;
}

/** Shows a job in `place` as it runs, and how it went when it has ended. */
export async function watch(job, place, console) {
  const name = t(`admin.job.${job.kind}`);
  const bar = element("progress", { max: 1, "aria-label": name });
  const words = element("span", { role: "status" }, t(`admin.state.${job.state}`));
  const cancel = button(t("admin.cancel"), () => console.attempt(() => ask("DELETE", `jobs/${job.id}`)), { class: "plain", "aria-label": `${t("admin.cancel")}: ${name}` });
  place.replaceChildren(element("div", { class: "card live" }, element("strong", {}, name), bar, words, cancel));
  let now = job;
  const complain = setInterval(() => isStuck(now) && (words.textContent = t("admin.worker_silent")), 1000);
  try {
    await console.attempt(async () => {
      const done = await followOnce(job.id, (told) => {
        now = told;
        if (told.progress?.total) bar.value = told.progress.done / told.progress.total;
        words.textContent = told.progress && told.state === "running" ? progressWords(told.progress) : t(`admin.state.${told.state}`);
      });
      console.refresh(() => tellEnd(done, console));
    });
  } finally {
    clearInterval(complain);
    place.replaceChildren();
  }
}

function tellEnd(done, console) {
  if (done.state === "succeeded") console.tell(t(`admin.ended.${done.kind === "build" && done.result.published ? "build_published" : done.kind}`));
  else console.tell(failureWords(done), done.state === "failed");
}

function progressWords({ step, done, total, seconds_left: left }) {
  const name = STEPS.includes(step) ? t(`admin.step.${step}`) : step;
  const count = total > 1 ? ` ${figure(done)}/${figure(total)}` : "";
  return name + count + (left ? `, ${timeLeft(left)}` : "");
}

function timeLeft(seconds) {
  return seconds < 90 ? t("admin.seconds_left", { count: Math.ceil(seconds) }) : t("admin.minutes_left", { count: Math.round(seconds / 60) });
}

/** Returns the table of jobs, newest first; a failed one says why, with what its administrator needs to know. */
export function jobTable(jobs) {
  const rows = jobs.map((job) => [
    t(`admin.job.${job.kind}`),
    job.document_id ?? job.result?.release ?? "",
    element("span", { class: `job ${job.state}` }, t(`admin.state.${job.state}`)),
    job.error ? [failureWords(job), details(job.error)] : isStuck(job, jobs) ? t("admin.worker_silent") : "",
    moment(job.finished ?? job.started ?? job.created),
  ]);
  return table(t("admin.jobs"), ["job", "about", "state", "reason", "when"].map((name) => t(`admin.column.${name}`)), rows);
}

function details({ code, message }) {
  return element("div", { class: "quiet" }, forAdministrator(`${code}: ${message}`));
}
