// Which words do the scripts say? The messages of the page's language, with its plural forms.
export const language = document.documentElement.lang === "en" ? "en" : "cs";

const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

/** Returns a function that puts messages (by key) into words; `values` fill the placeholders, `count` chooses the form. */
export function wording(messages) {
  return (key, values = {}) => {
    const message = messages[key];
    const pattern = typeof message === "string" ? message : message[plural.select(values.count)];
    return pattern.replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === "number" ? numbers.format(values[name]) : String(values[name]));
  };
}
