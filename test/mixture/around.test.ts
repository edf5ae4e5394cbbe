import { describe, expect, test } from "vitest";
import { descend } from "../../src/convex/projected-gradient.ts";
import { reach } from "../../src/mixture/solver/reach.ts";
import { roundToLattice } from "../../src/mixture/solver/round-to-lattice.ts";
import { sharpness } from "../../src/mixture/solver/near-optimal.ts";
import { Polytope } from "../../src/mixture/solver/polytope.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { AT, drawLosses, drawMixture, regionFor } from "./fixture.ts";

const k = 4;
const project = (y: Float64Array): Float64Array =>
  projectBox(y, new Float64Array(k), new Float64Array(k).fill(1));
const s = surface(drawLosses("additive", k, 3, 31), AT, k);
const set = new Polytope(regionFor(k));
const best = descend(s, project, new Float64Array(k).fill(1 / k), {
  iterations: 5000,
  tolerance: 1e-11,
}).h;

const around = {
  goal: { kind: "mean", objective: s },
  curved: [],
  set,
  from: best,
  base: s.law(best),
} as const;

describe("how sharp an optimum is", () => {
  test("ranges hold the optimum, and drawn mixtures within ε lie in them", () => {
    const epsilon = 2e-3;
    const { ranges, ends, trade } = sharpness(around, epsilon);
    for (const h of ends.flatMap(({ low, high }) => [low, high]))
      expect(s.law(h)).toBeLessThanOrEqual(s.law(best) + epsilon + 1e-12);
    for (const [i, { min, max }] of ranges.entries()) {
      expect(min).toBeLessThanOrEqual(best[i]);
      expect(max).toBeGreaterThanOrEqual(best[i]);
    }
    expect(trade).toBeDefined();
    let inside = 0;
    for (let n = 0; n < 4000; n++) {
      const far = drawMixture(k, 6, n);
      const h = best.map((x, i) => x + 0.3 * (far[i] - x));
      if (s.value(h) > s.value(best) + epsilon) continue;
      inside++;
      // The ends meet ε to 1 %, so a range may fall short by half a percent of its width.
      for (const [i, { min, max }] of ranges.entries()) {
        expect(h[i]).toBeGreaterThan(min - 0.02 * (max - min));
        expect(h[i]).toBeLessThan(max + 0.02 * (max - min));
      }
    }
    expect(inside).toBeGreaterThan(50);
  });

  test("a wider ε gives wider ranges", () => {
    const [narrow, wide] = [1e-4, 1e-2].map((e) => sharpness(around, e).ranges);
    for (const [i, r] of narrow.entries())
      expect(r.max - r.min).toBeLessThan(wide[i].max - wide[i].min);
  });
});

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

describe("the lattice", () => {
  const at = (units: Int32Array | undefined, n: number): Float64Array =>
    Float64Array.from(units ?? [], (u) => u / n);

  test.each([2, 7, 100, 1000])(
    "of 1/%i: whole units that sum exactly, and no exchange of one is better",
    (n) => {
      const units = roundToLattice(
        best,
        n,
        (h) => s.value(h),
        () => 0,
      );
      expect(units?.reduce((a, b) => a + b, 0)).toBe(n);
      const loss = s.value(at(units, n));
      for (let from = 0; from < k; from++) {
        for (let to = 0; to < k; to++) {
          if (units === undefined || from === to || units[from] === 0) continue;
          const next = units.slice();
          next[from]--;
          next[to]++;
          expect(s.value(at(next, n))).toBeGreaterThanOrEqual(loss);
        }
      }
    },
  );

  test("keeps to the constraints, and says when it cannot", () => {
    const cap = (h: Float64Array): number => Math.max(0, h[0] - 0.15);
    const units = roundToLattice(best, 20, (h) => s.value(h), cap);
    expect(units?.[0]).toBeLessThanOrEqual(3);
    expect(
      roundToLattice(
        best,
        3,
        (h) => s.value(h),
        (h) => Math.abs(h[0] - 0.15),
      ),
    ).toBeUndefined();
  });
});
