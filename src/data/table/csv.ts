/** CSV and TSV. */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { count } from "../../base/wording.ts";
import { joined } from "../bytes/join.ts";
import { type Line, LineReader, textIn, unquoted } from "../bytes/lines.ts";
import { TextColumn } from "../bytes/text-column.ts";
import {
  type Cell,
  type CellSource,
  type Column,
  sourceColumn,
  textCell,
  toNumber,
} from "./cells.ts";
import { withPoints } from "../bytes/decimal-comma.ts";
import { textFormat, type TableReader } from "./format.ts";
import { type Delimiter, type Dialect, dialectOf, ENOUGH } from "../bytes/sniff.ts";

/** Cells with commas between them, as RFC 4180 has it, or semicolons or tabs. */
export const csv = textFormat(["csv"], (source) => new DelimitedReader(",", source));

/** Cells with tabs between them, or another sign. */
export const tsv = textFormat(["tsv", "tab"], (source) => new DelimitedReader("\t", source));

/**
 * The columns of a header and lines of cells. Blank lines and comments are skipped. Throws an
 * InputError naming the data row for broken quotes and rows of another length than the header.
 */
class DelimitedReader implements TableReader {
  readonly #usual: Delimiter;
  readonly #source: string;
  /** The file's beginning, until it is known how it is written. */
  #first: Uint8Array[] = [];
  #dialect: Dialect | undefined;
  #lines: LineReader | undefined;
  /** Lines before the header that are still to be skipped. */
  #toSkip = 0;
  /** Undefined before the header. */
  #names: readonly string[] | undefined;
  #columns: TextColumn[] = [];
  /** Lines among the rows that are comments. */
  #comments = 0;
  #hasDecimalCommas = false;

  constructor(usual: Delimiter, source: string) {
    [this.#usual, this.#source] = [usual, source];
  }

  push(bytes: Uint8Array): void {
    if (this.#lines !== undefined) return this.#lines.push(bytes);
    this.#first.push(bytes);
    if (this.#first.reduce((sum, { length }) => sum + length, 0) >= ENOUGH) this.#begin();
  }

  end(): readonly Column[] {
    this.#begin().end();
    this.#hasDecimalCommas = this.#dialect?.delimiter === ";" && withPoints(this.#columns);
    return (this.#names ?? []).map((name, n) =>
      sourceColumn(name, cellsOf(itemAt(this.#columns, n))),
    );
  }

  get notes(): readonly string[] {
    const comments = this.#comments;
    return [
      ...(this.#dialect?.notes ?? []),
      ...(this.#hasDecimalCommas ? ["commas in numbers are decimal signs"] : []),
      ...(comments === 0 ? [] : [`${count(comments, "line")} among the rows that ${comments === 1 ? "begins" : "begin"} with "#" ${comments === 1 ? "is a comment" : "are comments"}`]), // prettier-ignore
    ];
  }

  /** Reads the beginning, once it is known how the file is written. */
  #begin(): LineReader {
    if (this.#lines !== undefined) return this.#lines;
    const first = joined(this.#first);
    this.#first = [];
    const dialect = dialectOf(first, this.#usual);
    const lines = new LineReader(
      dialect.delimiter,
      (line) => this.#take(line),
      (problem) => this.#broken(problem),
    );
    [this.#dialect, this.#lines, this.#toSkip] = [dialect, lines, dialect.skipped];
    lines.push(first);
    return lines;
  }

  #take(line: Line): void {
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return;
    }
    if (line.count === 1 && textIn(line, 0).trim() === "") return;
    if (this.#names === undefined) return this.#takeHeader(line);
    const columns = this.#columns;
    if (line.count !== columns.length) {
      if (!textIn(line, 0).trimStart().startsWith("#"))
        throw this.#ragged(line.count, columns.length);
      this.#comments += 1;
      return;
    }
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
    const isMarked = this.#dialect?.isMarked === true;
    const header = Array.from({ length: line.count }, (_, n) => {
      const text = textIn(line, n);
      return n === 0 && isMarked ? text.trimStart().replace(/^#+/, "") : text;
    });
    // pandas writes its index as a first column without a name. Such columns are called by their
    // place.
    const names = header.map((name, index) => name.trim() || `column${index + 1}`);
    checkHeader(header, this.#source);
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

/** Throws an InputError for a first line of numbers, which is no header; 7B and 1e9x are names. */
function checkHeader(header: readonly string[], source: string): void {
  if (!header.every((name) => name.trim() !== "" && Number.isFinite(Number(name)))) return;
  throw new InputError(
    `${source} has no header: its first line holds numbers; add a first line with the column names`,
    { file: source },
  );
}
