/**
 * The gate for names from outside: columns of tables, and names in fit files. Names reach
 * terminals, files that other programs read, and sentences of one line, so that they are printable
 * text.
 */

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
 * A name as printable text: line breaks and tabs become a space, other control characters their
 * escapes. Everything else is allowed.
 *
 * @example printable("web\n(crawl)") // "web (crawl)"
 * @example printable("a\u001b[2J") // "a\\u001b[2J"
 */
export const printable = (name: string): string =>
  name.replace(BREAKS, " ").trim().replace(CONTROLS, escape);
