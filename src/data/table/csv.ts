/** CSV and TSV. */
import { itemAt } from "../../base/known.ts";
import Papa from "papaparse";
import { InputError } from "../../base/errors.ts";
import { type Cell, type Column, textCell, toNumber } from "./cells.ts";
import { textFormat } from "./format.ts";
import { count } from "../../base/wording.ts";

const isBlank = (line: readonly string[]): boolean => line.length === 1 && line[0]?.trim() === "";

/** Cells with commas between them, as RFC 4180 has it. */
export const csv = textFormat(["csv"], (text, source) => readDelimited(text, ",", source));

/** Cells with tabs between them. */
export const tsv = textFormat(["tsv"], (text, source) => readDelimited(text, "\t", source));

/**
 * The columns of a header and lines of cells (LF line ends). Blank lines are skipped.
 *
 * @throws InputError naming the data row for broken quotes and rows of another length than the
 *   header.
 */
function readDelimited(text: string, delimiter: "," | "\t", source: string): Column[] {
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter,
    newline: "\n",
    header: false,
    skipEmptyLines: false,
  });
  const [broken] = errors;
  if (broken !== undefined) {
    const row = data.slice(0, broken.row ?? 0).filter((line) => !isBlank(line)).length;
    throw new InputError(
      `${source}, ${row === 0 ? "header" : `data row ${row}`}: ${broken.message}; a quote inside a quoted cell is written twice`,
      { file: source, row },
    );
  }
  const [header = [], ...rows] = data.filter((line) => !isBlank(line));
  // pandas writes its index as a first column without a name. Such columns are called by their
  // place.
  const names = header.map((name, index) => name.trim() || `column${index + 1}`);
  checkHeader(names, header, source);
  const cells: Cell[][] = names.map(() => []);
  rows.forEach((line, index) => {
    if (line.length !== names.length) {
      const row = index + 1;
      throw new InputError(
        `${source}, data row ${row}: ${count(line.length, "cell")} where the header has ${count(names.length, "column")}; put quotes around cells that contain the separator`,
        { file: source, row },
      );
    }
    line.forEach((cell, column) => itemAt(cells, column).push(textCell(cell)));
  });
  return names.map((name, index) => ({ name, cells: itemAt(cells, index) }));
}

/** Signs between cells, how they are called, and what to do where the ending says another. */
const SEPARATORS = [
  [";", "semicolons", "save it with commas"],
  ["\t", "tabs", "name it .tsv"],
  [",", "commas", "name it .csv"],
] as const;

/** Throws an InputError for a first line that is no header, or has another separator. */
function checkHeader(names: readonly string[], header: readonly string[], source: string): void {
  if (header.every((name) => toNumber(name) !== undefined)) {
    throw new InputError(
      `${source} has no header: its first line holds numbers; add a first line with the column names`,
      { file: source },
    );
  }
  const other =
    names.length === 1 ? SEPARATORS.find(([sign]) => names[0]?.includes(sign)) : undefined;
  if (other !== undefined) {
    const [, separator, remedy] = other;
    throw new InputError(
      `${source} seems to be separated by ${separator}, which its ending does not say: ${remedy}`,
      { file: source },
    );
  }
}
