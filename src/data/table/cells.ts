/** Cells, columns and tables. */
import { itemAt } from "../../base/known.ts";
import { DECIMAL, toScaled } from "../../syntax/number.ts";

/** One value of a table. `null` is a missing measurement, whatever the file wrote for it. */
export type Cell = string | number | boolean | null;

/** What spreadsheets, pandas, R and databases write for "not measured". */
const MISSING: ReadonlySet<string> = new Set(["", "NA", "NaN", "nan", "null", "NULL"]);

/** Decimal notation only: Number() would also take "0x10", "Infinity" and the empty string. */
const PLAIN = new RegExp(`^[+-]?${DECIMAL}$`);

/**
 * A text cell with surrounding spaces removed, or `null` when it says "missing" (empty, NA, NaN,
 * null).
 *
 * @example textCell(" train ") // "train"
 */
export function textCell(text: string): Cell {
  const trimmed = text.trim();
  return MISSING.has(trimmed) ? null : trimmed;
}

/**
 * A value of a typed format (JSON, Parquet) as a cell. Integers beyond 2^53 stay text, so that no
 * digit of an id is lost; dates become ISO text and structured values their JSON text, so that a
 * column nobody asks for never blocks a file.
 */
export function typedCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return textCell(value);
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "bigint" ? inner.toString() : inner,
    ) ?? null
  );
}

/**
 * The finite number that a cell holds, or `undefined` when it holds none. "1e9", "-.5", "3.", "7B",
 * "1,000" and "12 %" are numbers; "12abc", "1_000", "0x10", "inf", booleans and missing cells are
 * not.
 *
 * @example toNumber("1e9") // 1000000000
 */
export function toNumber(cell: Cell): number | undefined {
  const value = typeof cell === "string" ? numberIn(cell.trim()) : cell;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function numberIn(text: string): number | undefined {
  if (PLAIN.test(text)) return Number(text);
  const [sign = ""] = /^[+-]/.exec(text) ?? [];
  const size = toScaled(text.slice(sign.length));
  return size !== undefined && sign === "-" ? -size : size;
}

/** A cell as a message shows it: text in quotes and cut at 40 characters. */
export function showCell(cell: Cell): string {
  if (typeof cell !== "string") return String(cell);
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 39)}…` : cell);
}

/** Cells that are made when somebody asks for them; rows are counted from 0. */
export interface CellSource {
  readonly rows: number;
  readonly cellAt: (row: number) => Cell;
  readonly isMissing: (row: number) => boolean;
  /** As `toNumber` reads the cell. */
  readonly numberAt: (row: number) => number | undefined;
}

/**
 * A named column; `cells[i]` is data row i + 1. CSV and TSV cells stay text until someone needs a
 * number.
 */
export interface Column {
  /** Its name in the header. */
  readonly name: string;
  /** One a data row. Of a file of text all of them are made when they are first read. */
  readonly cells: readonly Cell[];
  /** The same, one by one: for columns that are too long to have all cells made. @internal */
  readonly source?: CellSource;
}

/** A column whose cells are made when they are asked for. */
export function sourceColumn(name: string, source: CellSource): Column {
  let cells: readonly Cell[] | undefined;
  return {
    name,
    source,
    get cells() {
      cells ??= Array.from({ length: source.rows }, (_, row) => source.cellAt(row));
      return cells;
    },
  };
}

/** How many rows a column has. */
export const rowsOf = (column: Column): number => column.source?.rows ?? column.cells.length;

/** The cell of a row, from 0. */
export const cellAt = (column: Column, row: number): Cell =>
  column.source === undefined ? itemAt(column.cells, row) : column.source.cellAt(row);

/** Whether the cell of a row, from 0, is missing. */
export const isMissing = (column: Column, row: number): boolean =>
  column.source === undefined ? column.cells[row] === null : column.source.isMissing(row);

/** The finite number in the cell of a row, from 0, as `toNumber` reads it. */
export const numberAt = (column: Column, row: number): number | undefined =>
  column.source === undefined ? toNumber(itemAt(column.cells, row)) : column.source.numberAt(row);

/** A file's rows by column, in the file's column order. */
export interface Table {
  /** The path as the user wrote it; messages and the fit file name it. */
  readonly source: string;
  /** SHA-256 of the file's bytes, hex; of rows that came from no file, see `tableOf`. */
  readonly sha256: string;
  /** Number of data rows. */
  readonly rows: number;
  /** By name, in the order of the file. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Sentences on what was changed to read it. */
  readonly notes: readonly string[];
  /** What was done to files to make it of them; see data/combine. */
  readonly shape?: TableShape;
  /** Columns that are the shares of a mixture, where the file that they are from shows it. */
  readonly shares?: readonly string[];
  /** Where a row, from 0, stands, for messages; without it `source` and the row's number. */
  readonly placeOf?: (row: number) => string;
}

/** How files became one table. */
export interface TableShape {
  /** The column by which their rows were put beside each other. */
  readonly join?: string;
  /** The columns of the long table that was made wide. */
  readonly long?: string;
  /** The files, where there are several. */
  readonly sources?: readonly string[];
}

/** Where a row, from 0, stands: "runs.csv, data row 7". */
export const rowPlace = (table: Pick<Table, "source" | "placeOf">, row: number): string =>
  table.placeOf?.(row) ?? `${table.source}, data row ${row + 1}`;
