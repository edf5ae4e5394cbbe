/** Whether a table's counts of parameters and tokens can be absolute. */
import { type CountUnits, checkColumnCounts, type GivenCounts } from "../../options/count-units.ts";
import { extremesOf } from "../../stats/moments.ts";
import { filterWith } from "../filter/drop-rows.ts";
import { nameInFilter } from "../filter/write-filter.ts";
import type { Table } from "../table/cells.ts";
import type { Roles } from "./roles.ts";
import type { PackedRows } from "./read-rows.ts";

/**
 * Throws the InputError for counts of the rows that are used which are too small to be absolute.
 */
export function checkCounts(
  table: Table,
  roles: Roles,
  packed: readonly PackedRows[],
  units: CountUnits | undefined,
): void {
  const given = roles.inputs.flatMap(({ name, column }): GivenCounts[] => {
    const columns = packed.map(({ set }) => set.inputs[name] ?? new Float64Array());
    if (columns.every((values) => values.length === 0)) return [];
    const ends = columns.map(extremesOf);
    const [least] = extremesOf(ends.map(([low]) => low));
    const [, most] = extremesOf(ends.map(([, high]) => high));
    return [{ input: name, place: `column "${column.name}"`, least, most }];
  });
  const { filters, targets } = roles;
  checkColumnCounts(table.source, given, units, (few) => {
    // Points to predict at have no filter.
    if (targets.length === 0) return "correct those rows";
    const filter = filters.test === undefined ? "where" : "test";
    const conditions = few.flatMap(({ input, fewest }) =>
      roles.inputs
        .filter(({ name }) => name === input)
        .map(({ column }) => `${nameInFilter(column.name)} >= ${fewest}`),
    );
    return `leave those rows out with ${filterWith({ filters, filter }, conditions.join(" and "))}`;
  });
}
