// How does the console ask the service? As staff who signed in: with the session cookie and the token of the session.
import messages from "./admin-messages.js";
import { language, wording } from "./words.js";

export const t = wording(messages);
export { language };

const ADMIN = "/api/v1/admin";
const LOOK_MS = 700; // how often jobs that are waited for are looked at
let csrf = "";

/** Whether there is a message under a key that was put together from what the service said. */
export function isKnown(key) {
  return key in messages;
}

/** What the service refused, in its own words; `errors` names single values. */
export class Refused extends Error {
  constructor({ detail, title, status, code, errors = [] }) {
    super([detail ?? title ?? t("admin.failed"), ...new Set(errors.map((error) => error.message))].join(" "));
    Object.assign(this, { status, code, errors });
  }
}

function silence() {
  return new Refused({ detail: t(navigator.onLine ? "admin.failed" : "admin.offline") });
}

/**
 * Resolves to the JSON of an admin route, null where it has none. Rejects with Refused, also when nothing answers.
 * A body goes as JSON, or as it is where `headers` say what it is.
 */
export async function ask(method, path, body, headers = {}) {
  try {
    return await asked(method, path, body, headers);
  } catch (error) {
    if (error.code !== "csrf" || !(await whoIsSignedIn())) throw error;
    return asked(method, path, body, headers); // somebody signed in again in another window: this one has the new token now
  }
}

async function asked(method, path, body, headers) {
  const own = { Accept: "application/json", "Accept-Language": language, "X-CSRF-Token": csrf };
  const isJson = body !== undefined && !("Content-Type" in headers);
  if (isJson) own["Content-Type"] = "application/json";
  let response, text;
  try {
    response = await fetch(`${ADMIN}/${path}`, { method, headers: { ...own, ...headers }, body: isJson ? JSON.stringify(body) : body });
    text = await response.text();
  } catch {
    throw silence();
  }
  return parsed(response.status, text);
}

function parsed(status, text) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused({ detail: t("admin.failed"), status });
  }
  if (status >= 400) throw new Refused({ status, ...body });
  return body;
}

/** Resolves to what the service says of its own health, whatever that is. Rejects with Refused when nothing answers. */
export async function readiness() {
  try {
    return await (await fetch("/readyz")).json();
  } catch {
    throw silence();
  }
}

/** Sends files with what is said about them; `told` hears the share that has left, 0..1. Rejects with Refused. */
export function upload(files, metadata, told) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  form.append("metadata", JSON.stringify(metadata));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${ADMIN}/documents`);
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept-Language", language);
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.onload = () => {
      try {
        resolve(parsed(request.status, request.responseText));
      } catch (refused) {
        reject(refused);
      }
    };
    request.onerror = () => reject(silence());
    request.send(form);
  });
}

/** Follows a job until it has ended and resolves to it; `told` hears every state on the way. */
export function follow(id, told) {
  return new Promise((resolve, reject) => {
    const events = new EventSource(`${ADMIN}/jobs/${id}`);
    events.addEventListener("job", (event) => told(JSON.parse(event.data)));
    events.addEventListener("done", (event) => {
      events.close();
      resolve(JSON.parse(event.data));
    });
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) reject(silence()); // otherwise the browser connects again by itself
    };
  });
}

/** Resolves to a job when it has ended; `told` hears how it stands. For many jobs at once, which may not have a stream each. */
export async function waitFor(id, told = () => {}) {
  for (;;) {
    const job = await ask("GET", `jobs/${id}`);
    if (job.finished) return job;
    told(job);
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

/** Resolves to who is signed in, or null. */
export async function whoIsSignedIn() {
  try {
    return signedIn(await asked("GET", "session", undefined, {}));
  } catch (refused) {
    if (refused.status === 401) return null;
    throw refused;
  }
}

/** Signs in with a token; resolves to who that is. Rejects with Refused. */
export async function signIn(token) {
  return signedIn(await ask("POST", "session", { token }));
}

/** Ends the session. */
export async function signOut() {
  await ask("DELETE", "session");
  csrf = "";
}

function signedIn(session) {
  csrf = session.csrf ?? "";
  return session;
}

const moments = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "cs-CZ", { dateStyle: "medium", timeStyle: "short" });

/** Returns a moment as the reader's language writes it; nothing for none. */
export function moment(iso) {
  return iso ? moments.format(new Date(iso)).replaceAll(" ", "\u00a0") : "";
}

/** Returns a share, 0..1, in per cent as the reader's language writes it. */
export function percent(share) {
  return new Intl.NumberFormat(language, { style: "percent" }).format(share);
}

/** Returns a number as the reader's language writes it, with so many decimals. */
export function figure(number, decimals = 0) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(number);
}
