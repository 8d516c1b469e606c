// How are parts of a page, and small answers of the API, fetched?
import { language } from "./words.js";

export const TIMEOUT_MS = 60_000;

/** Resolves to the part of the page at an address, as a parsed document in which nothing runs. Rejects on failure.
 *
 * The `address` of the document is the one that the server led to.
 */
export function load(address, part) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", `${address}&part=${part}`);
    request.responseType = "document";
    request.timeout = TIMEOUT_MS;
    request.onload = () => {
      if (!request.response?.getElementById(part)) return reject(new Error(request.status));
      const { pathname, search } = new URL(request.responseURL);
      resolve({ page: request.response, address: pathname + search.replace(`&part=${part}`, "") });
    };
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send();
  });
}

/** Resolves to the text that the API gives for a path, in the language of the page. Rejects on failure. */
export async function fetchText(path) {
  const response = await fetch(path, { headers: { "Accept-Language": language } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

/** Sends a body to the API. Rejects on failure. */
export async function send(path, body) {
  const headers = { "Content-Type": "application/json", "Accept-Language": language };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
}
