// How is a day written and read? As the page's language writes it, whatever the browser is set to.
import { dayOf } from "./days.js";
import { element, newId } from "./elements.js";
import { language, t } from "./staff.js";

const inWords = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "cs-CZ", { dateStyle: "long", timeZone: "UTC" });

/** Returns a day in the international form as the page's language writes it in a field, anything else as it is. */
export function writtenDay(iso) {
  if (language === "en" || !dayOf(iso)) return iso;
  const [year, month, day] = iso.split("-").map(Number);
  return `${day}. ${month}. ${year}`;
}

/** Returns the line under the field of a day: how to write it, else the day in words, else that it is none. */
export function dayNote(control) {
  const note = element("span", { class: "field-note", id: newId("day"), "aria-live": "polite" });
  control.setAttribute("aria-describedby", note.id);
  const tell = (isDone) => {
    const text = control.value.trim();
    const day = dayOf(text);
    const isWrong = Boolean(text) && !day;
    const words = day ? inWords.format(new Date(day)) : t(isWrong && isDone ? "admin.no_day" : "admin.day_hint");
    control.setCustomValidity(isWrong ? t("admin.no_day") : "");
    control.setAttribute("aria-invalid", String(isWrong && isDone));
    note.className = isWrong && isDone ? "field-error" : "field-note";
    if (note.textContent !== words) note.textContent = words;
  };
  control.addEventListener("input", () => tell(false));
  control.addEventListener("change", () => tell(true));
  tell(true);
  return note;
}
