import Papa from "papaparse";
import { itemAt } from "../../base/known.ts";

/** What spreadsheets take for a formula, and run. */
const FORMULA = /^[=+\-@]/;

/** Whether spreadsheets would run a text as a formula: a name from outside is refused then. */
export const isRunBySpreadsheets = (text: string): boolean => FORMULA.test(text);

/**
 * A table as CSV, with the last line end. Numbers have full precision; null is an empty cell; cells
 * with commas, quotes or line ends are quoted.
 *
 * @example csvText(["domain", "weight"], [["web, clean", 0.1]]) // 'domain,weight\n"web,
 *   clean",0.1\n'
 */
export const csvText = (
  fields: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string => [...csvPieces(fields, rows.length, (row) => [...itemAt(rows, row)])].join("");

/** Rows that are text at once. */
const AT_ONCE = 10_000;

/** The same in pieces, for tables of which the text is too long: the header, then rows. */
export function* csvPieces(
  fields: readonly string[],
  rows: number,
  rowAt: (row: number) => (string | number | boolean | null)[],
): Generator<string> {
  yield `${Papa.unparse([[...fields]], { newline: "\n" })}\n`;
  for (let from = 0; from < rows; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, rows - from);
    const data = Array.from({ length }, (_, i) => rowAt(from + i));
    yield `${Papa.unparse(data, { newline: "\n" })}\n`;
  }
}
