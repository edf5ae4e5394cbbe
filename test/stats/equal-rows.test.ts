import { fc } from "../support/property.ts";
import { expect, test } from "vitest";
import { equalRows, rowsByGroup } from "../../src/stats/equal-rows.ts";
import { blocksOf } from "../../src/random/resampling.ts";

test("rows are grouped as their texts would be", () => {
  const value = fc.constantFrom(0, -0, NaN, 1, -1, 0.1, 0.1 + Number.EPSILON, 1e300, Infinity);
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 60 }), (rows) => {
      const { count, groupOf, first } = equalRows(rows.length, [
        { values: Float64Array.from(rows.flatMap(([a, b]) => [a, b])), width: 2 },
        { values: Float64Array.from(rows, ([, , c]) => c), width: 1 },
      ]);
      const byText = blocksOf(rows.map((row) => row.join()));
      expect(count).toBe(byText.blocks);
      expect(groupOf).toEqual(byText.blockOf);
      expect([...first]).toEqual(
        Array.from({ length: count }, (_, group) => byText.blockOf.indexOf(group)),
      );
      const { start, order } = rowsByGroup({ count, groupOf });
      expect([...start.subarray(0, -1)].map((at) => order[at])).toEqual([...first]);
      expect(order).toEqual(
        Int32Array.from(groupOf.keys()).toSorted((a, b) => groupOf[a] - groupOf[b]),
      );
    }),
    { numRuns: 300 },
  );
});
