/** Tables that are lists of rows: small ones, which a command has made. */
import { itemAt } from "../../base/known.ts";
import { csvText } from "./csv-text.ts";
import { tablePieces, writtenFormatOf } from "./write-table.ts";
import type { WrittenCell, WrittenTable, WrittenType } from "./written-table.ts";

/** The names of columns, and rows with a cell for each. */
export interface RowTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly WrittenCell[])[];
}

/** As CSV. */
export const rowsCsv = ({ fields, rows }: RowTable): string => csvText(fields, rows);

/** What the cells of a column are: text where they differ in kind. */
function typeOf(cells: readonly WrittenCell[]): WrittenType {
  const kinds = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
  if (kinds.size !== 1) return kinds.size === 0 ? "number" : "text";
  return kinds.has("number") ? "number" : kinds.has("boolean") ? "truth" : "text";
}

/** With typed columns, as Parquet has them. */
export function typedRows({ fields, rows }: RowTable): WrittenTable {
  const columns = fields.map((name, i) => {
    const type = typeOf(rows.map((row) => itemAt(row, i)));
    const at = (row: number): WrittenCell => {
      const cell = itemAt(itemAt(rows, row), i);
      return type === "text" && cell !== null ? String(cell) : cell;
    };
    return { name, type, at };
  });
  return { rows: rows.length, columns };
}

/**
 * As what the name of a file says: Parquet or JSON, and else CSV.
 *
 * @example await out.save(await rowsFor(out.path, { fields: ["x"], rows: [[1]] }))
 */
export async function rowsFor(
  path: string,
  table: RowTable,
): Promise<string | Iterable<string | Uint8Array>> {
  const format = writtenFormatOf(path) ?? "csv";
  return format === "csv" ? rowsCsv(table) : tablePieces(typedRows(table), format);
}
