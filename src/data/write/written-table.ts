/** Tables to write: typed columns, whose cells are made when they are asked for. */
import { itemAt } from "../../base/known.ts";
import { DECIMAL } from "../../syntax/number.ts";
import { cellAt, type Column, rowsOf } from "../table/cells.ts";

/** A cell; `null` is an empty one. */
export type WrittenCell = string | number | boolean | null;

/** What the cells of a column are: `whole` for integers of at most 2^53. */
export type WrittenType = "text" | "number" | "whole" | "truth";

/** A column of a table to write. */
export interface WrittenColumn {
  readonly name: string;
  readonly type: WrittenType;
  /** The cell of a row, from 0: of the column's type, or null. */
  readonly at: (row: number) => WrittenCell;
}

/** A table to write. Column names differ. */
export interface WrittenTable {
  readonly rows: number;
  readonly columns: readonly WrittenColumn[];
}

/** A number as files have it: what is infinite or no number is an empty cell. */
const finite = (value: WrittenCell): WrittenCell =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;

/** The cell of a row, from 0, as every format writes it. */
export const cellToWrite = ({ at }: WrittenColumn, row: number): WrittenCell => finite(at(row));

/**
 * A table of records, with the columns in the order and of the types that are given.
 *
 * @example tableOfRecords({ law: "text", value: "number" }, [{ law: "joint", value: 0.5 }])
 */
export const tableOfRecords = <K extends string>(
  types: Readonly<Record<K, WrittenType>>,
  records: readonly Readonly<Record<K, WrittenCell>>[],
): WrittenTable => ({
  rows: records.length,
  columns: (Object.keys(types) as K[]).map((name) => ({
    name,
    type: types[name],
    at: (row) => itemAt(records, row)[name],
  })),
});

/** Decimal notation that a number gives back, but for how it is rounded: no "007", no "7B". */
const NUMBER = new RegExp(`^[+-]?(?!0\\d)${DECIMAL}$`);

/** The number that a cell says it is; undefined for what is none, or would lose digits. */
function plainNumber(cell: WrittenCell): number | undefined {
  if (typeof cell !== "string") return typeof cell === "number" ? cell : undefined;
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  if (!Number.isFinite(value)) return undefined;
  return /^[+-]?\d+$/.test(cell) && !Number.isSafeInteger(value) ? undefined : value;
}

/**
 * A column that was read, with the type of its cells: numbers where each is one in plain decimal
 * notation, truths where each is one, and else text as the file has it ("7B", "007").
 */
export function columnToWrite(column: Column): WrittenColumn {
  const { name } = column;
  const every = (is: (cell: WrittenCell) => boolean): boolean => {
    for (let row = 0; row < rowsOf(column); row++) {
      const cell = cellAt(column, row);
      if (cell !== null && !is(cell)) return false;
    }
    return true;
  };
  if (every((cell) => typeof cell === "boolean"))
    return { name, type: "truth", at: (row) => cellAt(column, row) };
  if (every((cell) => plainNumber(cell) !== undefined))
    return { name, type: "number", at: (row) => plainNumber(cellAt(column, row)) ?? null };
  return {
    name,
    type: "text",
    at(row) {
      const cell = cellAt(column, row);
      return cell === null ? null : String(cell);
    },
  };
}
