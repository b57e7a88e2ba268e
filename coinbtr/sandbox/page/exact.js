// Money as text: JSON in and out without a float in between, and sums to the last digit.

const PLACES = 8;

/** What a form takes as a number: a plain one, without sign and exponent. */
export const TYPED = "(0|[1-9][0-9]*)(\\.[0-9]+)?";

const PLAIN = new RegExp(`^-?${TYPED}$`);

/** Whether this browser tells how a number was written; without that nothing exact can be shown. */
export const isSupported = typeof JSON.rawJSON === "function";

/** Read JSON; each number in it becomes the text that stood there. */
export function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === "number" ? context.source : value,
  );
}

/** Make of the text of a plain number a number to be sent as it stands. */
export const number = (text) => JSON.rawJSON(text);

/** Write JSON for a request. */
export const stringify = JSON.stringify;

/** Add two amounts. */
export const plus = (first, second) => fromUnits(toUnits(first) + toUnits(second));

/** Take one amount from another. */
export const minus = (first, second) => fromUnits(toUnits(first) - toUnits(second));

/** Split an amount for reading: thousands grouped, and the zeros at its end apart. */
export function split(text) {
  if (!PLAIN.test(text)) return { figure: text, zeros: "" };
  const [whole, decimals = ""] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const kept = Math.max(decimals.replace(/0+$/, "").length, Math.min(2, decimals.length));
  const figure = kept ? `${grouped}.${decimals.slice(0, kept)}` : grouped;
  return { figure, zeros: decimals.slice(kept) };
}

function toUnits(text) {
  if (!PLAIN.test(text)) throw new TypeError(`"${text}" is no plain number`);
  const [whole, decimals = ""] = text.split(".");
  if (decimals.length > PLACES) throw new RangeError(`"${text}" has more than ${PLACES} decimals`);
  return BigInt(whole + decimals.padEnd(PLACES, "0"));
}

function fromUnits(units) {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
