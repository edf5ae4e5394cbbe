/** Plain objects → a table. */
import { sha256Hex } from "../../base/sha256.ts";
import type { Table } from "./cells.ts";
import { Records } from "./records.ts";
import { tableOfColumns } from "./table-of-columns.ts";

/**
 * A row of a table as an object: a key a column, a number or a text a cell. A key that is missing,
 * or null, undefined or NaN, is a missing cell.
 */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The table of some rows. Its columns are in the order of their first appearance; its SHA-256 is
 * that of their JSON.
 *
 * @param source how messages and fit files name the rows
 * @throws InputError naming the row for what is no object, and for no rows.
 * @example tableOf([{ n_params: 1e8, loss_web: 3.1 }]).columns.get("loss_web")?.cells // [3.1]
 */
export function tableOf(rows: readonly Row[], source = "the list of rows"): Table {
  const records = new Records(source, "row", "object");
  for (const [at, row] of rows.entries()) records.add(row, at + 1);
  const columns = rows.length === 0 ? [] : records.columns();
  return tableOfColumns(columns, source, () =>
    sha256Hex(new TextEncoder().encode(JSON.stringify(columns))),
  );
}
