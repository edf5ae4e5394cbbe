/** CSV and TSV. */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { count } from "../../base/wording.ts";
import { type Line, LineReader, unquoted } from "../bytes/lines.ts";
import { TextColumn } from "../bytes/text-column.ts";
import {
  type Cell,
  type CellSource,
  type Column,
  sourceColumn,
  textCell,
  toNumber,
} from "./cells.ts";
import { textFormat, type TableReader } from "./format.ts";

/** Cells with commas between them, as RFC 4180 has it. */
export const csv = textFormat(["csv"], (source) => new DelimitedReader(",", source));

/** Cells with tabs between them. */
export const tsv = textFormat(["tsv"], (source) => new DelimitedReader("\t", source));

const decoder = new TextDecoder();

/**
 * The columns of a header and lines of cells. Blank lines are skipped. Throws an InputError naming
 * the data row for broken quotes and rows of another length than the header.
 */
class DelimitedReader implements TableReader {
  readonly #source: string;
  readonly #lines: LineReader;
  /** Undefined before the header. */
  #names: readonly string[] | undefined;
  #columns: readonly TextColumn[] = [];

  constructor(delimiter: "," | "\t", source: string) {
    this.#source = source;
    this.#lines = new LineReader(
      delimiter,
      (line) => this.#take(line),
      (problem) => this.#broken(problem),
    );
  }

  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  end(): readonly Column[] {
    this.#lines.end();
    return (this.#names ?? []).map((name, n) =>
      sourceColumn(name, cellsOf(itemAt(this.#columns, n))),
    );
  }

  #take(line: Line): void {
    if (line.count === 1 && textIn(line, 0).trim() === "") return;
    if (this.#names === undefined) return this.#takeHeader(line);
    const columns = this.#columns;
    if (line.count !== columns.length) throw this.#ragged(line.count, columns.length);
    const { bytes, starts, ends, quoted } = line;
    for (const [n, column] of columns.entries()) {
      const [start, end] = [itemAt(starts, n), itemAt(ends, n)];
      if (quoted[n] === 0) column.push(bytes, start, end);
      else {
        const cell = unquoted(bytes, start, end);
        column.push(cell, 0, cell.length);
      }
    }
  }

  #takeHeader(line: Line): void {
    const header = Array.from({ length: line.count }, (_, n) => textIn(line, n));
    // pandas writes its index as a first column without a name. Such columns are called by their
    // place.
    const names = header.map((name, index) => name.trim() || `column${index + 1}`);
    checkHeader(names, header, this.#source);
    this.#names = names;
    this.#columns = names.map(() => new TextColumn());
  }

  /** The row that is being read, from 1; 0 for the header. */
  get #row(): number {
    return this.#names === undefined ? 0 : (this.#columns[0]?.rows ?? 0) + 1;
  }

  #broken(problem: string): InputError {
    const row = this.#row;
    return new InputError(
      `${this.#source}, ${row === 0 ? "header" : `data row ${row}`}: ${problem}; a quote inside a quoted cell is written twice`,
      { file: this.#source, row },
    );
  }

  #ragged(cells: number, columns: number): InputError {
    const row = this.#row;
    return new InputError(
      `${this.#source}, data row ${row}: ${count(cells, "cell")} where the header has ${count(columns, "column")}; put quotes around cells that contain the separator`,
      { file: this.#source, row },
    );
  }
}

/** Words that say "missing" begin with a letter, and spaces of other scripts are beyond these. */
const LETTERS = 0x41;

/** The cells of a column of text. */
function cellsOf(column: TextColumn): CellSource {
  const cellAt = (row: number): Cell => textCell(column.textAt(row));
  return {
    rows: column.rows,
    cellAt,
    isMissing: (row) => {
      const first = column.firstByteAt(row);
      return first === undefined || (first >= LETTERS && cellAt(row) === null);
    },
    numberAt: (row) => {
      const value = column.decimalAt(row);
      if (value !== undefined) return Number.isFinite(value) ? value : undefined;
      return toNumber(cellAt(row));
    },
  };
}

/** The text of a cell. */
function textIn({ bytes, starts, ends, quoted }: Line, n: number): string {
  const [start, end] = [itemAt(starts, n), itemAt(ends, n)];
  return decoder.decode(quoted[n] === 0 ? bytes.subarray(start, end) : unquoted(bytes, start, end));
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
