/** Which rows are fitted, which are held out, and which are neither. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { count } from "../../base/wording.ts";
import type { Table } from "../table/cells.ts";
import { noMatch } from "./no-match.ts";
import { parseWhere } from "./where.ts";

/** Rows, from 0, by what is done with them. */
export interface Selection {
  readonly train: readonly number[];
  /** Undefined when there is no test filter. */
  readonly test: readonly number[] | undefined;
  /** How many rows neither filter asks for. */
  readonly left: number;
}

/**
 * Splits the rows: test rows match `test`, train rows match `where` (or are all the others) and not
 * `test`.
 *
 * @throws InputError when no train rows or no test rows remain, showing what values the filtered
 *   columns have.
 */
export function selectRows(table: Table, options: { where?: string; test?: string }): Selection {
  const where = options.where === undefined ? undefined : parseWhere(options.where, "where");
  const test = options.test === undefined ? undefined : parseWhere(options.test, "test");
  const all = Array.from({ length: table.rows }, (_, row) => row);
  const testRows = test === undefined ? [] : all.filter(test.on(table));
  const isTest = new Uint8Array(table.rows);
  for (const row of testRows) isTest[row] = 1;
  const kept = where === undefined ? all : all.filter(where.on(table));
  const train = testRows.length === 0 ? kept : kept.filter((row) => isTest[row] === 0);

  if (table.rows === 0)
    throw new InputError(`${table.source} has no rows: give a table with a run a row`, {
      file: table.source,
    });
  if (test !== undefined && testRows.length === 0) throw noMatch(table, test, "test");
  if (where !== undefined && kept.length === 0) throw noMatch(table, where, "where");
  if (train.length === 0) {
    const problem = `no train rows are left: ${option("test")} matches all ${count(kept.length, "row")} ${where === undefined ? `of ${table.source}` : `that ${option("where")} keeps`}`;
    throw new InputError(`${problem}; narrow it`, { file: table.source, option: "test" });
  }
  return {
    train,
    test: test === undefined ? undefined : testRows,
    left: table.rows - train.length - testRows.length,
  };
}
