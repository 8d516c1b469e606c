// What can be done with a passage or an answer besides reading it? Copy its citation, say whether it helped.
import messages from "./page-messages.js";
import { fetchText, send } from "./parts.js";
import { wording } from "./words.js";

const t = wording(messages);

/** Lets the citation links below `root` copy instead of opening; `tell` says (by message key) how it went. */
export function offerCopying(root, tell) {
  for (const link of root.querySelectorAll("a[data-copy]:not([data-ready])")) {
    link.dataset.ready = "";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      copyCitation(link, tell);
    });
  }
}

async function copyCitation(link, tell) {
  try {
    const text = await fetchText(link.getAttribute("href"));
    try {
      await navigator.clipboard.writeText(text);
      tell("script.copied");
      confirmOn(link);
    } catch {
      note(link, "script.copy_failed");
      showText(link, text); // no clipboard without HTTPS or permission
      tell("script.copy_failed");
    }
  } catch {
    note(link, "script.failed");
    tell("script.failed");
  }
}

/** Says beside the links what went wrong: what is told at the top of the page may be out of sight. */
function note(link, key) {
  const holder = link.closest(".cite");
  const words = holder.querySelector(".note") ?? holder.appendChild(document.createElement("p"));
  words.className = "note";
  words.textContent = t(key);
}

function confirmOn(link) {
  const words = link.textContent;
  link.textContent = `${words} ✓`;
  setTimeout(() => (link.textContent = words), 2000);
}

function showText(link, text) {
  const holder = link.closest(".cite");
  const area = holder.querySelector("textarea") ?? holder.appendChild(document.createElement("textarea"));
  area.readOnly = true;
  area.value = text;
  area.setAttribute("aria-label", link.title);
  area.focus();
  area.select();
}

/** Puts the buttons that rate a passage or an answer into their empty places below `root`. */
export function offerRating(root) {
  for (const place of root.querySelectorAll(".useful:empty")) {
    if (!place.dataset.passage) place.append(t("script.was_useful"));
    place.append(ratingButton(place, true), ratingButton(place, false));
  }
}

function ratingButton(place, useful) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = t(useful ? "script.useful" : "script.not_useful");
  button.addEventListener("click", () => rate(place, useful));
  return button;
}

async function rate(place, useful) {
  const { question, release, passage } = place.dataset;
  const buttons = [...place.childNodes];
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  place.replaceChildren(told);
  try {
    await send("/api/v1/feedback", { question, release, useful, ...(passage && { passage_id: passage }) });
    told.textContent = t("script.thanks");
  } catch {
    told.textContent = t("script.feedback_failed");
    place.append(...buttons.filter((node) => node.localName === "button")); // to be pressed again
  }
}
