/**
 * How a file of cells is written: which sign separates its cells, and which lines before the header
 * are none of the table. Spreadsheets write semicolons where the comma is the decimal sign, and
 * exports begin with comments and titles.
 */
import { type Line, LineReader, textIn } from "./lines.ts";

/** A sign between cells. */
export type Delimiter = "," | ";" | "\t";

/** How a file is written. */
export interface Dialect {
  readonly delimiter: Delimiter;
  /** Lines before the header that are skipped, blank ones too. */
  readonly skipped: number;
  /** Whether the header begins with a "#" that is no part of its first name. */
  readonly isMarked: boolean;
  /** Sentences on what is read differently from what the file's ending says. */
  readonly notes: readonly string[];
}

/** Lines that are looked at. A preamble is shorter. */
const LOOKED_AT = 50;

/** Bytes in which these lines end, or the first of them do. */
export const ENOUGH = 2 ** 16;

const NAMES: Readonly<Record<Delimiter, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
};

/**
 * The dialect of a file.
 *
 * @param bytes its beginning: `ENOUGH` bytes, or all
 * @param usual the separator that its ending says
 */
export function dialectOf(bytes: Uint8Array, usual: Delimiter): Dialect {
  const delimiter = delimiterOf(bytes, usual);
  const lines = linesOf(bytes, delimiter).slice(0, LOOKED_AT);
  const { header, notes } = headerOf(lines);
  const separated =
    delimiter === usual ? [] : [`cells are separated by ${NAMES[delimiter]}, as the header shows`];
  return {
    delimiter,
    skipped: Math.max(header, 0),
    isMarked: isMarkedHeader(lines, header),
    notes: [...separated, ...notes],
  };
}

const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === "";
const isComment = (cells: readonly string[]): boolean => (cells[0] ?? "").startsWith("#");
const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell));

/** The lines that have ended, as cells. */
function linesOf(bytes: Uint8Array, delimiter: Delimiter): string[][] {
  const lines: string[][] = [];
  const take = (line: Line): void => {
    if (lines.length < LOOKED_AT)
      lines.push(Array.from({ length: line.count }, (_, n) => textIn(line, n).trim()));
  };
  const reader = new LineReader(delimiter, take, (problem) => new Error(problem));
  try {
    reader.push(bytes);
    if (bytes.length < ENOUGH) reader.end();
  } catch {
    // Broken quotes: the table's own reader says in which row.
  }
  return lines;
}

/**
 * The separator whose lines have the most cells, of those in which the line that would be the
 * header has as many cells as the next; the usual one where none has more. Where the usual one
 * makes a table, another makes none of it by taking its header for a title: then text has the sign.
 */
function delimiterOf(bytes: Uint8Array, usual: Delimiter): Delimiter {
  const own = shapeWith(bytes, usual);
  let [best, most] = [usual, own.cells];
  for (const delimiter of Object.keys(NAMES) as Delimiter[]) {
    const { cells, header } = shapeWith(bytes, delimiter);
    if (cells > most && !(own.cells > 1 && header > own.header)) [best, most] = [delimiter, cells];
  }
  return best;
}

/**
 * Which line is the header with a separator, and how many cells it has: 1 where the lines after it
 * have other numbers of them.
 */
function shapeWith(
  bytes: Uint8Array,
  delimiter: Delimiter,
): { readonly header: number; readonly cells: number } {
  const lines = linesOf(bytes, delimiter);
  const { header } = headerOf(lines);
  const [first, ...rest] = lines.slice(header).filter((cells) => !isBlank(cells));
  if (first === undefined) return { header, cells: 0 };
  const isEven = rest.every((cells) => cells.length === first.length || isComment(cells));
  return { header, cells: isEven ? first.length : 1 };
}

/** Which line is the header, from 0, and what is said of those before. */
function headerOf(lines: readonly (readonly string[])[]): {
  readonly header: number;
  readonly notes: readonly string[];
} {
  let [comments, title, header] = [0, "", 0];
  for (; header < lines.length - 1; header++) {
    const cells = lines[header] ?? [];
    if (isBlank(cells)) continue;
    if (isComment(cells)) {
      if (isMarkedHeader(lines, header)) break;
      comments += 1;
    } else if (title === "" && isTitle(cells, nextOf(lines, header)))
      title = cells.find((cell) => cell !== "") ?? "";
    else break;
  }
  const notes = [
    ...(comments === 0 ? [] : [`${comments === 1 ? "a line" : `${comments} lines`} before the header that ${comments === 1 ? "begins" : "begin"} with "#" ${comments === 1 ? "is a comment" : "are comments"}`]), // prettier-ignore
    ...(title === "" ? [] : [`the line "${title}" before the header is taken for a title`]),
  ];
  return { header, notes };
}

/** The next line that has something in it and is no comment. */
const nextOf = (lines: readonly (readonly string[])[], at: number): readonly string[] =>
  lines.slice(at + 1).find((cells) => cells.some((cell) => cell !== "") && !isComment(cells)) ?? [];

/**
 * Whether a line has one filled cell, its first, above one of several. An empty first cell is a
 * header's: pandas writes its index so.
 */
const isTitle = (cells: readonly string[], next: readonly string[]): boolean =>
  next.length > 1 &&
  cells[0] !== "" &&
  cells.filter((cell) => cell !== "").length === 1 &&
  next.filter((cell) => cell !== "").length > 1 &&
  !next.some(isNumber);

/** Whether a line that begins with "#" is the header, as NumPy writes it: above numbers. */
function isMarkedHeader(lines: readonly (readonly string[])[], at: number): boolean {
  const cells = lines[at] ?? [];
  const next = nextOf(lines, at);
  return (
    isComment(cells) &&
    next.length === cells.length &&
    next.length > 1 &&
    next.some(isNumber) &&
    !cells.some(isNumber)
  );
}
