/**
 * How many columns text takes on a terminal, and all padding: a Chinese character takes two, a
 * combining mark and a style none.
 */
import stringWidth from "string-width";
import { itemAt } from "../../base/known.ts";

/** Columns that a text takes. */
export const widthOf = (text: string): number => stringWidth(text);

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** The left-to-right mark takes no column, and keeps what stands beside such letters in place. */
const MARK = "\u200e";
/** Text that does not turn around what stands beside it. */
export const inPlace = (text: string): string =>
  RIGHT_TO_LEFT.test(text) ? MARK + text + MARK : text;

const blanks = (text: string, to: number): string => " ".repeat(Math.max(0, to - widthOf(text)));

/** Text at the right of `to` columns. */
export const padLeft = (text: string, to: number): string => blanks(text, to) + inPlace(text);

/** Text at the left of `to` columns. */
export const padRight = (text: string, to: number): string => inPlace(text) + blanks(text, to);

/** Text in the middle of `to` columns. */
export function center(text: string, to: number): string {
  const room = Math.max(0, to - widthOf(text));
  return padRight(" ".repeat(Math.floor(room / 2)) + inPlace(text), to);
}

const graphemes = new Intl.Segmenter();
const charactersOf = (text: string): string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);

/** The first characters that take no more than `to` columns. */
function head(text: string, to: number): string {
  let taken = "";
  for (const character of charactersOf(text)) {
    if (widthOf(taken + character) > to) break;
    taken += character;
  }
  return taken;
}

/** The last characters that take no more than `to` columns. */
function tail(text: string, to: number): string {
  let taken = "";
  for (const character of charactersOf(text).toReversed()) {
    if (widthOf(character + taken) > to) break;
    taken = character + taken;
  }
  return taken;
}

/**
 * Text of at most `to` columns: of a longer one, its two ends.
 *
 * @example shortened("loss_commoncrawl", 9) // "loss…rawl"
 */
export function shortened(text: string, to: number): string {
  if (widthOf(text) <= to) return text;
  const room = Math.max(0, to - 1);
  return `${head(text, Math.ceil(room / 2))}…${tail(text, Math.floor(room / 2))}`;
}

/** Pieces of at most `to` columns each; at least one character each. */
function pieces(word: string, to: number): string[] {
  const parts = [""];
  for (const character of charactersOf(word)) {
    const longer = itemAt(parts, parts.length - 1) + character;
    if (parts.at(-1) === "" || widthOf(longer) <= to) parts[parts.length - 1] = longer;
    else parts.push(character);
  }
  return parts;
}

/** Words of a text; a number with its unit, "95 %" or "3.2 s", is one. */
export const wordsOf = (text: string): string[] => text.split(/ (?!(?:%|s|ms)(?!\w))|(?<!\d) /);

/** Lines of at most `to` columns, broken between words; a word that is longer is cut. */
export function linesOf(text: string, to: number): string[] {
  if (widthOf(text) <= to) return [text];
  const lines: string[] = [];
  for (const word of wordsOf(text)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= to)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, to));
  }
  return lines;
}
