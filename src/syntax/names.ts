/**
 * Names in lists that people type: "web=0.1,code=5%", "math+code>=0.2", "loss_*,!loss_web". A name
 * may hold any sign, also those that lists are made with, so that a text may be read in several
 * ways. Known names (domains, targets, columns) come first: a text is cut where what remains are
 * known names, or names in quotes ("…", '…' or `…`, a quote within doubled). Only where there is no
 * such way is it cut at every sign, to tell what is not known. Two ways with known names are one
 * too many: nobody guesses which is meant.
 */
import { checkLimit, LIMITS } from "../options/limits.ts";
import { InputError } from "../base/errors.ts";
import { byNames } from "../base/objects.ts";

/** The ways to read a text: none, one, or two of more. */
export type Readings<T> = readonly T[];

/** How names are recognized in a piece of text. */
export type NameReader = (piece: string) => Readings<string>;

const QUOTES = ['"', "'", "`"] as const;

/** What a name in quotes is; undefined for other texts. */
function unquoted(text: string): string | undefined {
  const quote = QUOTES.find((each) => text.startsWith(each));
  if (quote === undefined || text.length < 3 || !text.endsWith(quote)) return undefined;
  const parts = text.slice(1, -1).split(quote + quote);
  return parts.some((part) => part.includes(quote)) ? undefined : parts.join(quote);
}

/** A name in quotes, as `unquoted` reads it. @example quoted("a,b") // '"a,b"' */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Known names, and names in quotes. */
export function knownNames(known: ReadonlySet<string>): NameReader {
  const longest = Math.max(0, ...[...known].map(({ length }) => length));
  return (piece) => {
    const name = piece.trim();
    if (name.length <= longest && known.has(name)) return [name];
    const inner = unquoted(name);
    return inner === undefined ? [] : [inner];
  };
}

/**
 * Any name that holds none of some signs and begins no quote, beside those that another reader
 * takes.
 */
export const orPlain =
  (reader: NameReader, signs: RegExp): NameReader =>
  (piece) => {
    const taken = reader(piece);
    const name = piece.trim();
    const isPlain =
      name !== "" && !QUOTES.some((quote) => name.startsWith(quote)) && !signs.test(name);
    return taken.length > 0 || !isPlain ? taken : [name];
  };

/** Two ways at most are kept: that there are more is no news. */
const MOST = 2;

/** What a piece may hold: a name in quotes, and a value; separators that stand in the name. */
const PIECE = { length: 4 * LIMITS.nameLength.most, separators: 100 } as const;

/**
 * The ways to cut a text at some of its separators into pieces that can all be read; those cut at
 * more separators first. Empty pieces are left out, or refused.
 */
export function listReadings<T>(
  text: string,
  separator: string,
  piece: (text: string) => Readings<T>,
  empty: "left out" | "refused" = "left out",
): Readings<readonly T[]> {
  const ends = [...text.matchAll(new RegExp(`\\${separator}`, "g"))].map(({ index }) => index);
  ends.push(text.length);
  checkLimit("listPieces", ends.length, {
    what: `a list between "${separator}" (${text.slice(0, 40)}…)`,
    remedy: "make it shorter, or use a glob",
  });
  /** By where a piece starts: the ways to read the text from there. */
  const ways = new Map<number, (readonly T[])[]>([[text.length + 1, [[]]]]);
  const starts = [0, ...ends.slice(0, -1).map((end) => end + 1)];
  for (const [n, start] of [...starts.entries()].toReversed()) {
    const found: (readonly T[])[] = [];
    for (const end of ends.slice(n, n + PIECE.separators)) {
      if (found.length >= MOST || end - start > PIECE.length) break;
      const rest = ways.get(end + 1) ?? [];
      if (rest.length === 0) continue;
      const between = text.slice(start, end);
      const isLeftOut = empty === "left out" && between.trim() === "";
      const read = isLeftOut ? [[]] : piece(between).map((each) => [each]);
      for (const first of read) for (const more of rest) found.push([...first, ...more]);
    }
    ways.set(start, found.slice(0, MOST));
  }
  return ways.get(0) ?? [];
}

/**
 * The ways to read NAME=VALUE; `value` gives undefined for a text that is none. No value holds a
 * comma, unless `value` says so.
 */
export function pairReadings<T>(
  text: string,
  name: NameReader,
  value: (text: string) => T | undefined,
  commas: "none" | "some" = "none",
): Readings<readonly [string, T]> {
  const found: (readonly [string, T])[] = [];
  const from = commas === "none" ? text.lastIndexOf(",") + 1 : 0;
  for (let at = text.indexOf("=", from); at >= 0; at = text.indexOf("=", at + 1)) {
    const right = value(text.slice(at + 1).trim());
    if (right === undefined) continue;
    for (const left of name(text.slice(0, at))) found.push([left, right]);
  }
  return found;
}

/**
 * What a text means: by known names alone, else with plain ones. Undefined where it cannot be read.
 *
 * @param where the flag or option, for messages
 * @param read the ways to read the text: with known names, and with plain ones
 * @param show a way as text, its names in quotes
 * @throws InputError where there are several ways with known names.
 */
export function onlyReading<T>(
  where: string,
  text: string,
  read: { readonly known: () => Readings<T>; readonly plain: () => Readings<T> },
  show: (reading: T) => string,
): T | undefined {
  const [first, second] = read.known();
  if (first === undefined) return read.plain()[0];
  const ways = [first, ...(second === undefined ? [] : [second])].map(show);
  if (new Set(ways).size < 2) return first;
  throw new InputError(
    `${where}: ${JSON.stringify(text)} can be read as ${ways.join(" and as ")}: put the names that are meant in quotes, as here`,
  );
}

/** How a list of NAME=VALUE is read. */
export interface PairSyntax<T> {
  /** The flag or option, for messages. */
  readonly where: string;
  readonly known: ReadonlySet<string>;
  /** Undefined for a text that is no value. */
  readonly value: (text: string) => T | undefined;
  /** What is wrong with a piece of a text, "web:0.1"; throws or returns the error. */
  readonly wrong: (piece: string) => InputError;
}

/**
 * "web=0.1,code=5%" by name; a flag that is given several times has several texts.
 *
 * @throws InputError for a piece that cannot be read, a name that is given twice, and a text that
 *   can
 *   be read in several ways.
 */
export function readPairs<T>(
  texts: readonly string[],
  { where, known, value, wrong }: PairSyntax<T>,
): Record<string, T> {
  const values = byNames<T>();
  const exact = knownNames(known);
  const plain = orPlain(exact, /,/);
  for (const text of texts) {
    const pairs = (name: NameReader): Readings<readonly (readonly [string, T])[]> =>
      listReadings(text, ",", (piece) => pairReadings(piece, name, value));
    const read = onlyReading(
      where,
      text,
      { known: () => pairs(exact), plain: () => pairs(plain) },
      (reading) => reading.map(([name, each]) => `${quoted(name)}=${String(each)}`).join(","),
    );
    if (read === undefined) {
      const pieces = text.split(",").filter((piece) => piece.trim() !== "");
      const bad = pieces.find((piece) => pairReadings(piece, plain, value).length === 0);
      throw wrong((bad ?? text).trim());
    }
    for (const [name, each] of read) {
      if (Object.hasOwn(values, name)) throw new InputError(`${where} names "${name}" twice.`);
      values[name] = each;
    }
  }
  return values;
}
