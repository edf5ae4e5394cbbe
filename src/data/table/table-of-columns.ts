/** Columns → a table. */
import { InputError } from "../../base/errors.ts";
import { printable } from "../../options/printable.ts";
import type { Column, Table } from "./cells.ts";

/**
 * The table of some columns; `hash` gives its SHA-256. Names pass the gate of
 * `options/printable.ts`.
 *
 * @param source how messages name the table
 * @throws InputError for two columns of one name, also where they are equal only as printable text,
 *   and for no rows.
 */
export function tableOfColumns(
  columns: readonly Column[],
  source: string,
  hash: () => string,
): Table {
  const byName = new Map<string, Column>();
  const notes: string[] = [];
  for (const { name: written, cells } of columns) {
    const name = printable(written);
    if (name !== written)
      notes.push(
        `the column ${JSON.stringify(written)} is read as "${name}": names are one line of printable text`,
      );
    if (byName.has(name)) {
      const as = name === written ? "" : `, as ${JSON.stringify(written)} is read,`;
      throw new InputError(
        `${source} has two columns named "${name}"${as}: rename one, since columns are matched by name`,
        { file: source, column: name },
      );
    }
    byName.set(name, { name, cells });
  }
  const rows = columns[0]?.cells.length ?? 0;
  if (rows === 0)
    throw new InputError(`${source} has no data rows: it needs a row for each run`, {
      file: source,
    });
  return { source, sha256: hash(), rows, columns: byName, notes };
}
