// How does the console ask the service? As staff who signed in: with the session cookie and the token of the session.
import messages from "./admin-messages.js";
import { language, wording } from "./words.js";

export const t = wording(messages);
export { language };

const ADMIN = "/api/v1/admin";
let csrf = "";

/** What the service refused, in its own words. */
export class Refused extends Error {
  constructor({ detail, title, status, errors = [] }) {
    super([detail ?? title ?? t("admin.failed"), ...errors.map((error) => error.message)].join(" "));
    this.status = status;
  }
}

/** Resolves to the JSON of an admin route, null where it has none. Rejects with Refused, also when nothing answers. */
export async function ask(method, path, body) {
  const headers = { Accept: "application/json", "Accept-Language": language, "X-CSRF-Token": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(`${ADMIN}/${path}`, { method, headers, body: JSON.stringify(body) });
    return parsed(response.status, await response.text());
  } catch (error) {
    throw error instanceof Refused ? error : new Refused({ detail: t(navigator.onLine ? "admin.failed" : "admin.offline") });
  }
}

function parsed(status, text) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused({ detail: t("admin.failed") });
  }
  if (status >= 400) throw new Refused(body ?? {});
  return body;
}

/** Resolves to what the service says of its own health, whatever that is. Rejects with Refused when nothing answers. */
export async function readiness() {
  try {
    return await (await fetch("/readyz")).json();
  } catch {
    throw new Refused({ detail: t(navigator.onLine ? "admin.failed" : "admin.offline") });
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
    request.onerror = () => reject(new Refused({ detail: t(navigator.onLine ? "admin.failed" : "admin.offline") }));
    request.send(form);
  });
}

/** Returns why a job failed, in the language of the page; undefined where it did not. */
export function failureOf(job) {
  return job.error?.sentences[language];
}

/** Follows a job until it has ended and resolves to it; `told` hears every state on the way. */
export function follow(id, told) {
  return new Promise((resolve, reject) => {
    const events = new EventSource(`${ADMIN}/jobs/${id}`);
    events.addEventListener("job", (event) => told(JSON.parse(event.data)));
    events.addEventListener("done", (event) => {
      events.close();
      const job = JSON.parse(event.data);
      told(job);
      resolve(job);
    });
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return; // the browser connects again by itself
      reject(new Refused({ detail: t("admin.failed") }));
    };
  });
}

/** Resolves to who is signed in, or null. */
export async function whoIsSignedIn() {
  try {
    return signedIn(await ask("GET", "session"));
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

/** Returns a moment as the reader's language writes it. */
export function moment(iso) {
  return iso ? new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)) : "";
}
