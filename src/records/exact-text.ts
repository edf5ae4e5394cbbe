/**
 * Plain data as a text that tells every value from every other: JSON, with the numbers that JSON
 * lacks, and minus zero, as words.
 */

/** Before a number that JSON lacks. No name and no sentence begins like it. */
const NUMBER = "\u0000number ";

/** @example exactText({ x: -0 }) === exactText({ x: 0 }) // false */
export const exactText = (value: unknown): string =>
  JSON.stringify(value, (_, x: unknown) =>
    typeof x === "number" && (!Number.isFinite(x) || Object.is(x, -0))
      ? `${NUMBER}${Object.is(x, -0) ? "-0" : x}`
      : x,
  ) ?? "";

/** The data of an exact text; properties that were undefined are not there. */
export const fromExactText = (text: string): unknown =>
  JSON.parse(text, (_, x: unknown) =>
    typeof x === "string" && x.startsWith(NUMBER) ? Number(x.slice(NUMBER.length)) : x,
  );
