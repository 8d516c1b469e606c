// What does the source viewer do beyond plain text? It shows the page of the original beside the passage that is open.
import { offerCopying } from "./actions.js";
import messages from "./page-messages.js";
import { wording } from "./words.js";

const t = wording(messages);
const status = document.getElementById("status");
const figure = document.getElementById("picture");
const back = document.getElementById("back");
const caption = figure?.querySelector("figcaption").textContent;

function openPassage() {
  const id = decodeURIComponent(location.hash.slice(1));
  const passage = id.startsWith("passage=") && document.getElementById(id);
  if (!passage) return;
  const mark = passage.querySelector("mark");
  (mark ?? passage).scrollIntoView({ block: "center" });
  passage.focus({ preventScroll: true });
  if (passage.dataset.page) showPicture(passage.querySelector(".page-break a")?.dataset.page ?? passage.dataset.page, id);
}

function showPicture(number, id) {
  if (!figure) return;
  const address = new URL(figure.dataset.address, location.origin);
  address.pathname = address.pathname.replace(/\d+(\.\w+)$/, `${number}$1`);
  const asked = new URLSearchParams(location.search);
  const isQuoted = `passage=${asked.get("passage")}` === id;
  address.searchParams.set("passage", id.replace("passage=", ""));
  if (isQuoted && asked.has("quote")) address.searchParams.set("quote", asked.get("quote"));
  draw(number, address);
}

function draw(number, address) {
  const source = address.pathname + address.search;
  let image = figure.querySelector("img");
  if (image?.getAttribute("src") === source) return;
  if (!image) {
    image = new Image(640, 905);
    const link = document.createElement("a");
    link.append(image);
    figure.querySelector("h2").after(link);
  }
  figure.querySelector("figcaption").textContent = caption;
  figure.hidden = false;
  figure.classList.remove("failed");
  image.onerror = tellNoPicture;
  image.alt = t("script.picture", { number: Number(number) });
  image.src = source;
  image.parentElement.href = source;
}

/** Says in words that there is no picture; the next page may have one. */
function tellNoPicture() {
  figure.classList.add("failed");
  figure.querySelector("figcaption").textContent = t("script.no_picture");
}

function tell(key) {
  status.className = key === "script.copied" ? "status" : "status failed";
  status.replaceChildren(t(key));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.to-picture");
  if (!link || !figure || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  draw(link.dataset.page, new URL(link.href));
  figure.scrollIntoView({ block: "nearest" });
});
addEventListener("hashchange", openPassage);
if (document.referrer.startsWith(`${location.origin}/?`)) back.href = document.referrer;
offerCopying(document, tell);
const drawn = figure?.querySelector("img");
if (drawn) {
  drawn.onerror = tellNoPicture;
  if (drawn.complete && !drawn.naturalWidth) tellNoPicture(); // it failed before this script was there
}
openPassage();
