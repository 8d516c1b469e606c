// Which day does a text mean? Read alike by the console and the search page, and by `days.py` on the server.
const INTERNATIONAL = /^(\d{4})-(\d{2})-(\d{2})$/;
const CZECH = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/;

/** Returns the day that a text means, 2024-05-31 or 31. 5. 2024, in the international form; null where it means none. */
export function dayOf(text) {
  const [, year, month, day] = INTERNATIONAL.exec(text) ?? [];
  const [, czechDay, czechMonth, czechYear] = CZECH.exec(text) ?? [];
  const numbers = [year ?? czechYear, month ?? czechMonth, day ?? czechDay].map(Number);
  const date = new Date(Date.UTC(numbers[0], numbers[1] - 1, numbers[2]));
  const isReal = date.getUTCFullYear() === numbers[0] && date.getUTCMonth() === numbers[1] - 1;
  return isReal ? date.toISOString().slice(0, 10) : null;
}
