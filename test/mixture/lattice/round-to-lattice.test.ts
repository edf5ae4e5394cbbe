import { describe, expect, test } from "vitest";
import { descend } from "../../../src/convex/projected-gradient.ts";
import { projectBox } from "../../../src/convex/project-box.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { roundToLattice } from "../../../src/mixture/lattice/round-to-lattice.ts";
import { AT, drawLosses } from "../fixture.ts";

const k = 4;
const project = (y: Float64Array): Float64Array =>
  projectBox(y, new Float64Array(k), new Float64Array(k).fill(1));
const s = surface(drawLosses("additive", k, 3, 31), AT, k);
const best = descend(s, project, new Float64Array(k).fill(1 / k), {
  iterations: 5000,
  tolerance: 1e-11,
}).h;

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
