/** Row filters as text, for messages that offer one. */
import { InputError } from "../../base/errors.ts";
import { parseFilter } from "../../syntax/filter.ts";

const isPlain = (name: string): boolean =>
  /^[A-Za-z_]\w*$/.test(name) && !/^(and|or|not|in|is|missing|true|false)$/i.test(name);

/** A column's name, in backticks where it needs them. */
export const nameInFilter = (name: string): string =>
  isPlain(name) ? name : `\`${name.replaceAll("`", "``")}\``;

/**
 * A text in quotes. Beside a name in backticks they are double ones: shells keep the whole as it is
 * in single ones.
 */
export function literal(text: string, beside: string): string {
  const quote = isPlain(beside) ? "'" : '"';
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

/**
 * Both conditions as one.
 *
 * @example joined("a == 1 or b == 2", "c > 0") // "(a == 1 or b == 2) and c > 0"
 */
export function joined(before: string | undefined, condition: string): string {
  if (before === undefined) return condition;
  const fail = (problem: string): InputError => new InputError(problem);
  return parseFilter(before, fail).kind === "or"
    ? `(${before}) and ${condition}`
    : `${before} and ${condition}`;
}
