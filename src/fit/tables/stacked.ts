/** Tables of parts that stand one under the other. */
import type { WrittenCell, WrittenColumn } from "../../data/write/written-table.ts";

/** Makes a column of a table: `cell` gives the cell of a part, at a row of it. */
export type ColumnMaker<P> = (
  name: string,
  type: WrittenColumn["type"],
  cell: (part: P, row: number) => WrittenCell,
) => WrittenColumn;

/**
 * The rows of a table of parts, and what makes its columns.
 *
 * @example const { rows, columnOf } = stacked(sets, ({ rows }) => rows);
 */
export function stacked<P>(
  parts: readonly P[],
  rowsOf: (part: P) => number,
): { readonly rows: number; readonly columnOf: ColumnMaker<P> } {
  return {
    rows: parts.reduce((all, part) => all + rowsOf(part), 0),
    columnOf: (name, type, cell) => ({
      name,
      type,
      at(row) {
        let from = row;
        for (const part of parts) {
          if (from < rowsOf(part)) return cell(part, from);
          from -= rowsOf(part);
        }
        return null;
      },
    }),
  };
}
