// How does an answer come claim by claim? As the server-sent events of POST /api/v1/answer.
import { events } from "./events.js";
import { language } from "./words.js";

const LISTS = ["kind", "source_lang", "publisher", "document"];

/** Yields [name, data] for each event of the answer to the question of an address. Throws on any failure. */
export async function* answerEvents(address, signal) {
  const headers = { Accept: "text/event-stream", "Accept-Language": language, "Content-Type": "application/json" };
  const body = JSON.stringify(questionOf(new URLSearchParams(address.slice(address.indexOf("?")))));
  const response = await fetch("/api/v1/answer", { method: "POST", headers, body, signal });
  if (!response.ok) throw new Error(response.status);
  for await (const [name, data] of events(response)) {
    if (name === "error") throw new Error(data.detail);
    yield [name, data];
  }
}

function questionOf(query) {
  const filters = {};
  for (const name of LISTS) if (query.has(name)) filters[name] = query.getAll(name);
  for (const name of ["year_from", "year_to"]) if (query.has(name)) filters[name] = Number(query.get(name));
  if (query.has("valid_on")) filters.valid_on = query.get("valid_on");
  const conversation = query.has("after") ? [{ question: query.get("after"), answer: "" }] : [];
  return { question: query.get("q"), filters, conversation };
}
