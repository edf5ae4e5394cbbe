import { itemAt, lastOf } from "./known.ts";
/**
 * The number of edits that lead from `a` to `b`: a character inserted, deleted or replaced, or two
 * neighbors exchanged (Damerau 1964, in the variant that never edits a part twice).
 *
 * @example editDistance("splti", "split") // 1
 */
export function editDistance(a: string, b: string): number {
  // row[j]: edits from the first i characters of a to the first j of b.
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = itemAt(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? itemAt(twoAbove, j - 2) + 1
          : Infinity;
      row.push(Math.min(itemAt(above, j) + 1, itemAt(row, j - 1) + 1, replaced, exchanged));
    }
    twoAbove = above;
    above = row;
  }
  return lastOf(above);
}

/** Longer names are compared by their lengths alone: the work grows with the square of them. */
const LONGEST_NAME = 200;

/**
 * How unlike two names are. Case does not count. A name within the other ("tokens" in "n_tokens")
 * is about as near as one edit, however long the rest is.
 */
function unlikeness(name: string, candidate: string): number {
  const a = name.toLowerCase();
  const b = candidate.toLowerCase();
  if (Math.max(a.length, b.length) > LONGEST_NAME)
    return a === b ? 0 : Math.max(a.length, b.length);
  const isInside = Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
  const distance = editDistance(a, b);
  return isInside ? Math.min(distance, 1 + distance / 100) : distance;
}

/** The candidates, the nearest to `name` first; equally near ones keep their order. */
export function nearFirst(name: string, candidates: Iterable<string>): string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, distance: unlikeness(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .map((entry) => entry.candidate);
}

/**
 * The candidate that `name` was probably meant to be. Undefined when none is near: when more than a
 * third of its letters differ.
 *
 * @example nearest("splt", ["split", "seed"]) // "split"
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const [best] = nearFirst(name, candidates);
  return best !== undefined && unlikeness(name, best) <= Math.max(1, Math.floor(name.length / 3))
    ? best
    : undefined;
}

/** A list with at most `limit` names. @example shorten(["a", "b", "c"], 2) // "a, b and 1 more" */
export function shorten(names: readonly string[], limit = 8): string {
  if (names.length <= limit) return names.join(", ");
  return `${names.slice(0, limit).join(", ")} and ${names.length - limit} more`;
}

/** "a", "a and b", "a, b and c"; long lists are shortened. */
export const listed = (names: readonly string[]): string =>
  names.length > 6
    ? shorten(names, 5)
    : names.length < 2
      ? (names[0] ?? "")
      : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/**
 * How an error about an unknown name ends: with the name that is near, or with the names there are.
 *
 * @param what what the candidates are, for the list: "columns"
 *
 * @example suggest("splt", ["split", "seed"], "columns") // `did you mean "split"?`
 * @example suggest("xyz", ["split", "seed"], "columns") // "the columns are: split, seed"
 */
export function suggest(name: string, candidates: readonly string[], what: string): string {
  const near = nearest(name, candidates);
  return near === undefined
    ? `the ${what} are: ${shorten(nearFirst(name, candidates))}`
    : `did you mean "${near}"?`;
}

/** The noun in the number that fits: "row" for 1, "rows" for 0, 2, 3, … */
export const plural = (n: number, noun: string): string => (n === 1 ? noun : `${noun}s`);

/** A number of things. @example count(3, "row") // "3 rows" */
export const count = (n: number, noun: string): string => `${n} ${plural(n, noun)}`;

/**
 * Some of the points of a question, as the beginning of a sentence; where it has only one, with a
 * verb.
 *
 * @example pointsOf(2, 96, "lies") // "2 points of 96"
 * @example pointsOf(1, 1, "lies") // "the point lies"
 */
export const pointsOf = (n: number, of: number, verb: string): string =>
  of === 1 ? `the point ${verb}` : `${count(n, "point")} of ${of}`;

/** What ends a line, in one system or another, and tabs. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/**
 * Control characters, halves of surrogate pairs, and signs that turn the direction of what stands
 * after them. Joiners, which scripts need, stay.
 */
const CONTROLS = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

const escape = (sign: string): string =>
  `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;

/**
 * Line breaks and tabs become a space, other control characters their escapes.
 *
 * @example oneLine("web\n(crawl)") // "web (crawl)"
 * @example oneLine("a\u001b[2J") // "a\\u001b[2J"
 */
export const oneLine = (text: string): string =>
  text.replace(BREAKS, " ").replace(CONTROLS, escape);

/** The same with as many characters as before, for what is pointed into. */
export const oneLineAligned = (text: string): string =>
  text.replace(/\s/g, " ").replace(CONTROLS, "\ufffd");
