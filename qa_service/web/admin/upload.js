// How do files come into the collection? Several at once, each with its progress and, where it is refused, the reason.
import { button, element } from "./elements.js";
import { ended, isStuck } from "./jobs.js";
import { metadataFields } from "./metadata.js";
import { Refused, t, upload } from "./staff.js";

const AT_ONCE = 3; // a browser opens few connections to one host

/** Returns the place onto which files are dropped; `arrived` is called when new documents stand in the list. */
export function uploadBox(console, arrived) {
  const form = element("div", { hidden: true });
  const open = (files) => files.length && (form.replaceChildren(...uploadForm([...files], console, form, arrived)), (form.hidden = false));
  const chooser = element("input", { type: "file", multiple: true, id: "files", class: "unseen", on: { change: () => (open(chooser.files), (chooser.value = "")) } });
  const box = element(
    "div",
    { class: "drop" },
    element("p", {}, t("admin.drop")),
    chooser,
    element("label", { for: "files", class: "choose" }, t("admin.choose")),
    element("p", { class: "quiet" }, t("admin.kinds")),
  );
  const hover = (is) => (event) => (event.preventDefault(), box.classList.toggle("over", is));
  box.addEventListener("dragover", hover(true));
  box.addEventListener("dragleave", hover(false));
  box.addEventListener("drop", (event) => (hover(false)(event), open(event.dataTransfer.files)));
  return element("section", { class: "upload", "aria-label": t("admin.upload") }, box, form);
}

// A file that misses the box must not take the place of the console.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

function uploadForm(files, console, holder, arrived) {
  const one = files.length === 1 ? metadataFields() : null;
  const lines = files.map(uploadLine);
  const close = () => ((holder.hidden = true), holder.replaceChildren());
  const send = button(t("admin.upload_do", { count: files.length }), async () => {
    const wrong = one?.node.querySelector(":invalid");
    if (wrong) return void wrong.reportValidity();
    const described = one ? present(one.changes()) : {};
    if (Object.keys(described).length && !described.title) {
      one.node.querySelector("[name=title]").focus(); // what is described at all needs a title, and the file's name is a poor one
      return console.tell(t("admin.title_wanted"), true);
    }
    const waiting = lines.filter((line) => !line.isFinished());
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let line = waiting.shift(); line; line = waiting.shift()) await line.send(described);
    }));
    await console.attempt(arrived);
    const left = lines.filter((line) => !line.isFinished()).length;
    if (!left) close();
    else [send.textContent, leave.textContent] = [t("admin.upload_again", { count: left }), t("admin.close")];
    const failure = left < lines.length ? t("admin.some_failed") : t("admin.all_failed", { count: left });
    console.tell(left ? failure : [t("admin.done_next_build"), " ", console.toBuild()], left > 0);
  });
  const leave = button(t("admin.cancel"), close, { class: "plain" });
  return [
    element("ul", { class: "files" }, lines.map((line) => line.node)),
    one ? element("details", { open: true }, element("summary", {}, t("admin.metadata")), element("p", { class: "quiet" }, t("admin.metadata_note")), one.node) : element("p", { class: "quiet" }, t("admin.many_note")),
    element("p", { class: "row-actions" }, send, leave),
  ];
}

function present(changes) {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}

function uploadLine(file) {
  const bar = element("progress", { max: 1, value: 0, "aria-label": file.name });
  const words = element("span", { class: "quiet", role: "status" });
  const node = element("li", {}, element("span", {}, file.name), bar, words);
  let isFinished = false;
  const say = (key, name) => ((words.textContent = t(key)), (node.className = name));
  const send = async (described) => {
    say("admin.uploading", "");
    try {
      const { documents } = await upload([file], described, (share) => (bar.value = share));
      bar.value = 1;
      say("admin.uploaded", "");
      await ended(documents[0].job, (job) => isStuck(job) && say("admin.kept_for_worker", ""));
      say("admin.accepted", "accepted");
      isFinished = true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      words.textContent = error.message;
      node.className = "failed";
    }
  };
  return { node, send, isFinished: () => isFinished };
}
