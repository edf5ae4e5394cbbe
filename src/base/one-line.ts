/** Text from outside as one line of printable text: names, and messages that quote what was given. */

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
