import { describe, expect, test } from "vitest";
import { reach } from "../../../src/mixture/solver/reach.ts";

describe("distance from the trained mixtures", () => {
  const trained = [[1, 0, 0], [0, 1, 0], [0.5, 0.25, 0.25]]; // prettier-ignore

  test("inside and outside the hull", () => {
    const inside = reach(Float64Array.of(0.5, 0.4, 0.1), trained);
    expect(inside.inside).toBe(true);
    const outside = reach(Float64Array.of(0, 0, 1), trained);
    expect(outside.inside).toBe(false);
    // Every blend has at most a quarter of the third domain.
    expect(outside.hullDistance).toBeGreaterThanOrEqual(0.75 - 1e-9);
    expect(outside.nearest).toEqual({ index: 2, distance: 0.75 });
  });

  test("one of them is at distance 0; none trained is infinitely far", () => {
    expect(reach(Float64Array.of(0.5, 0.25, 0.25), trained).nearest).toEqual({
      index: 2,
      distance: 0,
    });
    expect(reach(Float64Array.of(1, 0, 0), []).hullDistance).toBe(Infinity);
  });
});
