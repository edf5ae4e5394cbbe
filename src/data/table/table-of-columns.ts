/** Columns → a table. */
import { InputError } from "../../base/errors.ts";
import { printable } from "../../options/printable.ts";
import { type Column, rowsOf, sourceColumn, type Table } from "./cells.ts";

/**
 * The table of some columns; `hash` gives its SHA-256. Names pass the gate of
 * `options/printable.ts`.
 *
 * @param source how messages name the table
 * @param remarks sentences on how they were read
 * @throws InputError for two columns of one name, also where they are equal only as printable text,
 *   and for no rows.
 */
export function tableOfColumns(
  columns: readonly Column[],
  source: string,
  hash: () => string,
  remarks: readonly string[] = [],
): Table {
  const byName = new Map<string, Column>();
  const notes = [...remarks];
  for (const column of columns) {
    const written = column.name;
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
    byName.set(name, name === written ? column : renamed(column, name));
  }
  const [first] = columns;
  const rows = first === undefined ? 0 : rowsOf(first);
  if (rows === 0)
    throw new InputError(`${source} has no data rows: it needs a row for each run`, {
      file: source,
    });
  return { source, sha256: hash(), rows, columns: byName, notes };
}

const renamed = (column: Column, name: string): Column =>
  column.source === undefined ? { name, cells: column.cells } : sourceColumn(name, column.source);
