import { describe, expect, test } from "vitest";
import { fc } from "../../support/property.ts";
import type { ConstraintRequest } from "../../../src/mixture/constraints/constraint-kinds.ts";
import { Polytope } from "../../../src/mixture/solver/polytope.ts";
import type { Region } from "../../../src/mixture/constraints/region.ts";
import { drawMixture, regionFor } from "../fixture.ts";

const names = (k: number): string[] => Array.from({ length: k }, (_, i) => `d${i}`);
const set = (k: number, request: ConstraintRequest): Region =>
  regionFor(k, request, { tokens: 1e9 });

/** Requests that the uniform mixture of k domains fulfills, so that the set is never empty. */
const requests = (k: number) =>
  fc.record({
    floors: fc.dictionary(
      fc.constantFrom(...names(k)),
      fc.double({ min: 0, max: 1 / k, noNaN: true }),
    ),
    caps: fc.dictionary(
      fc.constantFrom(...names(k)),
      fc.double({ min: 1 / k, max: 1, noNaN: true }),
    ),
    groups: fc.array(
      fc
        .tuple(
          fc.subarray(names(k), { minLength: 1 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        )
        .map(([domains, low, high]) => ({
          domains,
          min: (low * domains.length) / k,
          max: domains.length / k + high * (1 - domains.length / k),
        })),
      { maxLength: 3 },
    ),
    trust: fc.option(
      fc.record({
        measure: fc.constant("l1" as const),
        radius: fc.double({ min: 0.01, max: 1, noNaN: true }),
      }),
      {
        nil: undefined,
      },
    ),
  });

const points = (k: number) =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: k, maxLength: k })
    .map((x) => Float64Array.from(x));
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.hypot(...a.map((x, i) => x - b[i]));
const cases = [1, 2, 4, 7];

describe("projection onto limits", () => {
  test.each(cases)("k = %i: feasible, idempotent, non-expansive, nearest", (k) => {
    fc.assert(
      fc.property(requests(k), points(k), points(k), ({ trust, ...request }, x, y) => {
        const polytope = new Polytope(
          set(k, trust === undefined ? request : { ...request, trust }),
        );
        expect(polytope.conflict()).toBeUndefined();
        const [px, py] = [polytope.project(x).h, polytope.project(y).h];
        // Sums of k shares near 1 round by k·1e-16; the projection keeps to its rows within 2e-14.
        expect(polytope.violation(px)).toBeLessThan(1e-12);
        expect(distance(polytope.project(px).h, px)).toBeLessThan(1e-10);
        expect(distance(px, py)).toBeLessThanOrEqual(distance(x, y) + 1e-10);
        // ⟨x − Px, z − Px⟩ ≤ 0 for every feasible z, such as Py and the uniform mixture.
        for (const z of [py, new Float64Array(k).fill(1 / k)]) {
          expect(x.reduce((sum, v, i) => sum + (v - px[i]) * (z[i] - px[i]), 0)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test("64 domains with groups and a ball", () => {
    const polytope = new Polytope(
      set(64, {
        floors: { d0: 0.01 },
        groups: [{ domains: names(64).slice(0, 30), max: 0.4 }],
        trust: { measure: "l1", radius: 0.5 },
      }),
    );
    for (let n = 0; n < 20; n++) {
      const { h } = polytope.project(drawMixture(64, 3, n).map((x) => 3 * x));
      expect(polytope.violation(h)).toBeLessThan(1e-12);
    }
  });
});

describe("an empty set names a smallest conflict", () => {
  const conflict = (k: number, request: ConstraintRequest): readonly string[] | undefined =>
    new Polytope(set(k, request)).conflict();

  test.each([
    [
      "caps that leave no room",
      2,
      { caps: { d0: 0.3, d1: 0.5 } },
      ["cap d0 ≤ 30 %", "cap d1 ≤ 50 %"],
    ],
    [
      "a floor above its group",
      3,
      { floors: { d0: 0.5 }, caps: { d2: 0.9 }, groups: [{ domains: ["d0", "d1"], max: 0.3 }] },
      ["floor d0 ≥ 50 %", "group d0+d1 ≤ 30 %"],
    ],
    [
      "a floor outside the ball",
      4,
      { floors: { d0: 0.9 }, trust: { measure: "l1" as const, radius: 0.1 } },
      ["floor d0 ≥ 90 %", "trust l1 ≤ 0.1"],
    ],
    [
      "a floor above its own cap",
      3,
      { floors: { d1: 0.4 }, caps: { d1: 0.2, d0: 0.5 } },
      ["floor d1 ≥ 40 %", "cap d1 ≤ 20 %"],
    ],
  ])("%s", (_, k, request, expected) => {
    expect(conflict(k, request)).toEqual(expected);
  });

  test("a single mixture is a set", () => {
    const polytope = new Polytope(set(3, { fixed: { d0: 0.2, d1: 0.3 } }));
    expect(polytope.conflict()).toBeUndefined();
    const { h } = polytope.project(Float64Array.of(5, -1, 0));
    for (const [i, x] of [0.2, 0.3, 0.5].entries()) expect(h[i]).toBeCloseTo(x, 12);
  });
});
