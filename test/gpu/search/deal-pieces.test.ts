import { describe, expect, test } from "vitest";
import { DEAL, dealPieces, type PieceCosts } from "../../../src/gpu/search/deal-pieces.ts";

const COSTS: PieceCosts = { run: 100, mixture: 50, sum: 40 };

/** Where groups of these sizes begin. */
const startsOf = (sizes: readonly number[]): Int32Array =>
  Int32Array.from([0, ...sizes], (_, g) => sizes.slice(0, g).reduce((a, b) => a + b, 0));

describe("pieces", () => {
  test.each([
    ["one group", [240]],
    ["one run", [1]],
    ["groups of one run", Array.from({ length: 70 }, () => 1)],
    ["groups of many sizes", Array.from({ length: 81 }, (_, g) => 3 + ((7 * g) % 29))],
    ["a large group among small ones", [500, ...Array.from({ length: 40 }, () => 9)]],
  ])("%s: each run is in one piece of its own group, and has a row of its own", (_, sizes) => {
    const start = startsOf(sizes);
    const { count, group, from, size, row, rows } = dealPieces(start, COSTS);
    const seen = new Map<number, number>(); // run → row
    for (let n = 0; n < count; n++) {
      expect(from[n]).toBeGreaterThanOrEqual(start[group[n]]);
      expect(from[n] + size[n]).toBeLessThanOrEqual(start[group[n] + 1]);
      if (n > 0) expect(size[n]).toBeLessThanOrEqual(size[n - 1]);
      for (let t = 0; t < size[n]; t++) seen.set(from[n] + t, row[n] + DEAL * t);
    }
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([...Array(start.at(-1)).keys()]);
    expect(new Set(seen.values()).size).toBe(seen.size);
    expect(Math.max(...seen.values())).toBeLessThan(rows);
  });

  test("a large group is cut so that every member has a part of it", () => {
    const { size } = dealPieces(startsOf([240]), COSTS);
    expect(size[0]).toBeLessThanOrEqual(Math.ceil(240 / DEAL));
  });

  test("groups of about a size stay whole, so that mixtures are computed once", () => {
    const sizes = Array.from({ length: 81 }, () => 17);
    expect(dealPieces(startsOf(sizes), COSTS).count).toBe(81);
  });
});
