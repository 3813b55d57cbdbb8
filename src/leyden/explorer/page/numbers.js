// Numbers as people write and read them.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A number for reading: `digits` significant ones, a true minus sign, powers of ten raised. */
export function shown(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const raised = [...String(Number(exponent))].map((letter) => SUPERSCRIPT[letter]).join("");
    return `${trimmed(mantissa)}×10${raised}`.replace("-", "−");
  }
  const text = size >= 10 ** digits ? String(Number(value.toPrecision(digits))) : trimmed(value.toPrecision(digits));
  return text.replace("-", "−");
}

const trimmed = (text) => (text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text);

/** A number for typing: as short as it is exact to `digits`. */
export function typed(value, digits = 6) {
  if (value === null || value === undefined) return "";
  return String(Number(Number(value).toPrecision(digits)));
}

/** What was typed, as a number; multiples of pi are welcome. Null where it is none. */
export function read(text) {
  const clean = text.trim().replaceAll("−", "-").replace(",", ".");
  const turn = /^([-+]?[\d.]*(?:e[-+]?\d+)?)\s*\*?\s*(?:pi|π)\s*(?:\/\s*([\d.]+))?$/i.exec(clean);
  if (turn) {
    const factor = turn[1] === "" || turn[1] === "+" ? 1 : turn[1] === "-" ? -1 : Number(turn[1]);
    const value = (factor * Math.PI) / (turn[2] ? Number(turn[2]) : 1);
    return Number.isFinite(value) ? value : null;
  }
  if (clean === "") return null;
  const value = Number(clean);
  return Number.isFinite(value) ? value : null;
}

/** Index of the entry of an ascending list that is nearest to a value. */
export function nearest(list, value) {
  if (!list || list.length === 0) return -1;
  let low = 0;
  let high = list.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle;
  }
  return Math.abs(list[low] - value) <= Math.abs(list[high] - value) ? low : high;
}

/** Smallest and largest finite number of lists. */
export function extent(...lists) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

export const words = (name) => name.replaceAll("_", " ");
