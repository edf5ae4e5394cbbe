/** Whether a table's counts of parameters and tokens can be absolute. */
import { type CountUnits, checkColumnCounts, type GivenCounts } from "../../options/count-units.ts";
import type { Table } from "../table/cells.ts";
import type { Roles } from "./column-roles.ts";
import type { PackedRows } from "./read-rows.ts";

/**
 * Throws the InputError for counts of the rows that are used which are too small to be absolute.
 */
export function checkCounts(
  table: Table,
  { inputs }: Roles,
  packed: readonly PackedRows[],
  units: CountUnits | undefined,
): void {
  const given = inputs.flatMap(({ name, column }): GivenCounts[] => {
    const columns = packed.map(({ set }) => set.inputs[name] ?? new Float64Array());
    if (columns.every((values) => values.length === 0)) return [];
    const least = Math.min(...columns.map((values) => values.reduce((a, b) => Math.min(a, b), Infinity))); // prettier-ignore
    const most = Math.max(...columns.map((values) => values.reduce((a, b) => Math.max(a, b), -Infinity))); // prettier-ignore
    return [{ input: name, place: `column "${column.name}"`, least, most }];
  });
  checkColumnCounts(table.source, given, units);
}
