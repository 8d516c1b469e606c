// What can be done with one document? Read how it was read, mend its description, replace it, take it out.
import { button, element, openDialog, submitting } from "./elements.js";
import { ended } from "./jobs.js";
import { metadataFields } from "./metadata.js";
import { receiptOf } from "./receipts.js";
import { ask, t, upload } from "./staff.js";

/** Shows a document in a dialog; what is done there is told when the dialog has closed, what is refused inside it. */
export function openDocument(publication, title, console) {
  const refusal = element("p", { class: "status failed", role: "alert" });
  const say = (words) => refusal.replaceChildren(words);
  const close = () => dialog.close();
  const wish = async (action) => {
    say("");
    if (!(await console.attempt(() => ended(action()), say))) return;
    await console.attempt(console.reload);
    close();
    console.tell([t("admin.done_next_build"), " ", console.toBuild()]);
  };
  const dialog = openDialog(title, [
    element("header", {}, element("h2", {}, title), button("×", close, { class: "plain", "aria-label": t("admin.close") })),
    receiptHolder(publication, console, say),
    description(publication, console, wish),
    replacement(publication, wish),
    removal(publication, wish),
    refusal,
  ]);
}

function receiptHolder(publication, console, say) {
  const holder = element("div", {}, element("p", { class: "quiet" }, t(publication.outcome ? "admin.loading" : "admin.no_receipt")));
  const show = async () => holder.replaceChildren(...receiptOf(await ask("GET", `receipts/${publication.id}`), publication.is_searchable, console.publications));
  if (publication.outcome) console.attempt(show, say);
  return holder;
}

function description(publication, console, wish) {
  const form = metadataFields(publication, console.publications.filter(({ id }) => id !== publication.id));
  const save = submitting(() => wish(() => ask("PATCH", `documents/${publication.id}`, form.changes())));
  return element(
    "form",
    { on: { submit: save } },
    element("h3", {}, t("admin.metadata")),
    element("p", { class: "quiet" }, t("admin.inferred_note")),
    form.node,
    element("p", { class: "row-actions" }, element("button", {}, t("admin.save"))),
  );
}

function replacement(publication, wish) {
  const file = element("input", { type: "file", required: true, "aria-label": t("admin.replace") });
  const described = { ...publication.given, id: publication.id, replace: true };
  const send = submitting(() => wish(async () => (await upload(file.files, described, () => {})).documents[0].job));
  return element(
    "form",
    { on: { submit: send } },
    element("h3", {}, t("admin.replace")),
    element("p", { class: "quiet" }, t("admin.replace_note")),
    element("p", { class: "row-actions" }, file, element("button", { class: "plain" }, t("admin.replace_do"))),
  );
}

function removal(publication, wish) {
  return element(
    "details",
    { class: "danger" },
    element("summary", {}, t("admin.remove")),
    element("p", {}, t("admin.remove_note")),
    button(t("admin.remove"), () => wish(() => ask("DELETE", `documents/${publication.id}`))),
  );
}
