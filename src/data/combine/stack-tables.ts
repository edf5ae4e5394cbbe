/** Tables whose rows follow each other: one file a sweep. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { shorten } from "../../base/wording.ts";
import {
  cellAt,
  type Column,
  isMissing,
  numberAt,
  rowPlace,
  sourceColumn,
  type Table,
} from "../table/cells.ts";
import { hashOf, sourceOf } from "./several.ts";

/**
 * The rows of all tables, one after the other. A column that a table lacks is missing in its rows,
 * and that is said.
 *
 * @throws InputError for tables that have more columns apart than in common: they are to be joined.
 */
export function stackTables(tables: readonly Table[]): Table {
  checkAlike(tables);
  const starts = [0];
  for (const { rows } of tables) starts.push(itemAt(starts, starts.length - 1) + rows);
  const rows = itemAt(starts, tables.length);
  /** Which table a row is of, and which row of that, from 0. */
  const tableAt = new Uint32Array(rows);
  for (const n of tables.keys()) tableAt.fill(n, itemAt(starts, n), itemAt(starts, n + 1));
  const origin = (row: number): { readonly table: Table; readonly row: number } => {
    const n = itemAt(tableAt, row);
    return { table: itemAt(tables, n), row: row - itemAt(starts, n) };
  };
  const names = [...new Set(tables.flatMap(({ columns }) => [...columns.keys()]))];
  const columnNamed = (name: string): Column => {
    const at = <T>(row: number, read: (column: Column, row: number) => T, missing: T): T => {
      const { table, row: own } = origin(row);
      const column = table.columns.get(name);
      return column === undefined ? missing : read(column, own);
    };
    return sourceColumn(name, {
      rows,
      cellAt: (row) => at(row, cellAt, null),
      isMissing: (row) => at(row, isMissing, true),
      numberAt: (row) => at(row, numberAt, undefined),
    });
  };
  return {
    source: sourceOf(tables),
    sha256: hashOf(tables, "rows"),
    rows,
    columns: new Map(names.map((name) => [name, columnNamed(name)])),
    notes: [...tables.flatMap(({ notes }) => notes), ...gaps(tables, names)],
    placeOf: (row) => {
      const { table, row: own } = origin(row);
      return rowPlace(table, own);
    },
  };
}

/** Throws an InputError for tables that share less than half of their columns. */
function checkAlike(tables: readonly Table[]): void {
  const [first, ...others] = tables;
  for (const other of others) {
    const names = [...(first?.columns.keys() ?? [])];
    const shared = names.filter((name) => other.columns.has(name));
    if (2 * shared.length >= Math.min(names.length, other.columns.size)) continue;
    const key = shared[0] ?? "run";
    throw new InputError(
      `${first?.source} and ${other.source} have different columns: if rows of both belong together, ${option("join", key)} puts them beside each other by the column ${key}${shared.length > 1 ? ` (both have ${shorten(shared, 6)})` : ""}`,
      { file: other.source, option: "join" },
    );
  }
}

/** What is said of columns that some tables lack. */
const gaps = (tables: readonly Table[], names: readonly string[]): string[] =>
  tables.flatMap(({ source, columns }) => {
    const lacking = names.filter((name) => !columns.has(name));
    return lacking.length === 0 ? [] : [`${source} lacks the columns ${shorten(lacking, 6)} of other files`]; // prettier-ignore
  });
