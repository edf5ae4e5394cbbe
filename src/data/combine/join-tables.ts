/** Tables whose rows belong together by a column: shares in one file, losses in another. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { count, shorten } from "../../base/wording.ts";
import { SUM_TOLERANCE } from "../../options/limits.ts";
import {
  type Cell,
  cellAt,
  type Column,
  isMissing,
  numberAt,
  rowPlace,
  rowsOf,
  sourceColumn,
  type Table,
} from "../table/cells.ts";
import { columnOf } from "../table/columns.ts";
import { hashOf, sourceOf } from "./several.ts";

/**
 * The columns of all tables beside each other, in the rows that all have, in the order of the
 * first. A column that several have is there once.
 *
 * @param key the column that says which rows belong together
 * @throws InputError for a table without the key, a key that is missing or there twice, a column
 *   that differs between tables, and tables without a row in common.
 */
export function joinTables(tables: readonly Table[], key: string): Table {
  const rowsBy = tables.map((table) => rowsByKey(table, key));
  const [first = new Map<string, number>(), ...others] = rowsBy;
  const kept = [...first.keys()].filter((label) => others.every((rows) => rows.has(label)));
  if (kept.length === 0)
    throw new InputError(
      `${sourceOf(tables)} have no ${key} in common (${tables.map(({ source }, n) => `${source}: ${shorten([...itemAt(rowsBy, n).keys()], 2)}`).join("; ")}): ${option("join")} needs a column with the same values in each`,
      { option: "join", column: key },
    );
  const columns = new Map<string, Column>();
  const owners = new Map<string, Table>();
  for (const [n, table] of tables.entries()) {
    const rows = kept.map((label) => itemAt(rowsBy, n).get(label) ?? 0);
    for (const column of table.columns.values()) {
      const moved = inRows(column, rows);
      const other = columns.get(column.name);
      if (other === undefined) {
        columns.set(column.name, moved);
        owners.set(column.name, table);
      } else checkEqual(other, moved, kept, [owners.get(column.name) ?? table, table], key);
    }
  }
  return {
    source: sourceOf(tables),
    sha256: hashOf(tables, key),
    rows: kept.length,
    columns,
    notes: [
      ...tables.flatMap(({ notes }) => notes),
      `joined by ${key}: ${count(kept.length, "row")}`,
      ...tables.flatMap((table, n) => leftOut(table, kept.length, itemAt(rowsBy, n).size)),
    ],
    ...sharesOf(tables, columns),
  };
}

const leftOut = ({ source }: Table, kept: number, all: number): string[] =>
  all === kept ? [] : [`${count(all - kept, "row")} of ${source} left out, since not every file has them`]; // prettier-ignore

/** A value of the key. pandas writes 1 as 1.0 where its column has a gap. */
const labelOf = (cell: Cell): string => String(cell).replace(/^(-?\d+)\.0+$/, "$1");

/** The row, from 0, of each value of the key. */
function rowsByKey(table: Table, key: string): Map<string, number> {
  const column = columnOf(table, key, "join");
  const rows = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const label = labelOf(cellAt(column, row));
    const place = { file: table.source, row: row + 1, column: key, option: "join" };
    if (isMissing(column, row))
      throw new InputError(`${rowPlace(table, row)} has no ${key}, by which files are joined: fill it in`, place); // prettier-ignore
    const earlier = rows.get(label);
    if (earlier !== undefined)
      throw new InputError(
        `${rowPlace(table, row)} has the ${key} ${label} of data row ${earlier + 1}: ${option("join")} needs a column that is different in each row`,
        place,
      );
    rows.set(label, row);
  }
  return rows;
}

/** A column's cells in other rows. */
const inRows = (column: Column, rows: readonly number[]): Column =>
  sourceColumn(column.name, {
    rows: rows.length,
    cellAt: (row) => cellAt(column, itemAt(rows, row)),
    isMissing: (row) => isMissing(column, itemAt(rows, row)),
    numberAt: (row) => numberAt(column, itemAt(rows, row)),
  });

/** Throws an InputError where two tables say different things in a column. */
function checkEqual(
  first: Column,
  second: Column,
  labels: readonly string[],
  [one, other]: readonly [Table, Table],
  key: string,
): void {
  const row = labels.findIndex((_, at) => {
    const [a, b] = [numberAt(first, at), numberAt(second, at)];
    return a === undefined || b === undefined ? cellAt(first, at) !== cellAt(second, at) : a !== b;
  });
  if (row < 0) return;
  throw new InputError(
    `column "${first.name}" of ${one.source} and ${other.source} differs at ${key} ${labels[row]}: rename it in one of them`,
    { file: other.source, column: first.name },
  );
}

/**
 * The columns of a mixture's shares, where a table's own columns of numbers sum to 1 in every row:
 * olmix keeps shares in a file of their own, without a mark on the columns' names.
 */
function sharesOf(
  tables: readonly Table[],
  columns: ReadonlyMap<string, Column>,
): Pick<Table, "shares"> {
  const isOwn = (table: Table, name: string): boolean =>
    tables.every((other) => other === table || !other.columns.has(name));
  const found = tables
    .map((table) => [...table.columns.keys()].filter((name) => isOwn(table, name)))
    .filter((names) => sumToOne(names.flatMap((name) => columns.get(name) ?? [])));
  const [shares] = found;
  return shares === undefined || found.length > 1 ? {} : { shares };
}

/** Whether there are two columns or more, and all their rows sum to 1. */
function sumToOne(columns: readonly Column[]): boolean {
  const [first] = columns;
  if (first === undefined || columns.length < 2) return false;
  for (let row = 0; row < rowsOf(first); row++) {
    const sum = columns.reduce((total, column) => total + (numberAt(column, row) ?? NaN), 0);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return false;
  }
  return true;
}
