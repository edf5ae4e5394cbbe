/** Columns → a table. */
import { InputError } from "../../base/errors.ts";
import type { Column, Table } from "./cells.ts";

/**
 * The table of some columns; `hash` gives its SHA-256.
 *
 * @param source how messages name the table
 * @throws InputError for two columns of one name, and for no rows.
 */
export function tableOfColumns(
  columns: readonly Column[],
  source: string,
  hash: () => string,
): Table {
  const byName = new Map<string, Column>();
  for (const column of columns) {
    if (byName.has(column.name)) {
      throw new InputError(
        `${source} has two columns named "${column.name}": rename one, since columns are matched by name`,
        { file: source, column: column.name },
      );
    }
    byName.set(column.name, column);
  }
  const rows = columns[0]?.cells.length ?? 0;
  if (rows === 0)
    throw new InputError(`${source} has no data rows: it needs a row for each run`, {
      file: source,
    });
  return { source, sha256: hash(), rows, columns: byName };
}
