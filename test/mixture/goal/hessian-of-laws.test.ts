import { describe, expect, test } from "vitest";
import { hessian } from "../../../src/convex/face-newton.ts";
import { LEAST_SHARE, type Smooth } from "../../../src/convex/smooth.ts";
import { CATALOG } from "../../../src/laws/catalog/catalog.ts";
import { type Fitted, lossesOf, type Surface } from "../../../src/mixture/goal/surface.ts";
import { lagrangianOf } from "../../../src/mixture/solver/augmented-lagrangian.ts";
import { AT, drawLosses, drawMixture } from "../fixture.ts";

const K = 40;
const STEP = 1e-5;
const names = [...CATALOG].flatMap(([name, { uses }]) => (uses.weights ? [name] : []));
/** Laws in which every share meets every other one before much is computed. */
const JOINED = ["simple", "joint", "full", "repetition", "joint-epochs"];
/** N, D, and tokens of each domain that few of these mixtures repeat. */
const at = {
  ...AT,
  inputs: Object.fromEntries(
    Array.from({ length: K }, (_, i) => [`u[d${i}]`, 1e9 * (1 + (i % 7))]),
  ),
};

/** A mixture of which a third of the domains have nothing, and one next to nothing. */
const sparse = drawMixture(K, 5, 1).map((x, i) => (i % 3 === 1 ? 0 : i === 2 ? 3e-7 : x));

const fitsOf = (law: string): Fitted[] => drawLosses(law, K, 2, 7).map(({ fitted }) => fitted);
const lossOf = (law: string): Surface => lossesOf(fitsOf(law), at, K).sum([1, 0]);

function gradientOf(surface: Surface, h: Float64Array): Float64Array {
  const out = new Float64Array(K);
  surface.gradient(h, out);
  return out;
}

function expectDifferences(surface: Surface, h: Float64Array): void {
  const rows = surface.slopes?.(h, STEP);
  if (rows === undefined) throw new Error("these are no cheaper");
  const before = gradientOf(surface, h);
  for (const [i, row] of rows.entries()) {
    const width = STEP * Math.max(h[i], LEAST_SHARE);
    const after = gradientOf(surface, h.with(i, h[i] + width));
    for (const [j, found] of row.entries()) {
      // Gradients are sums that round by some units in the last place.
      const rounding = (1e-13 * (Math.abs(after[j]) + Math.abs(before[j]) + 1)) / width;
      expect(Math.abs(found - (after[j] - before[j]) / width)).toBeLessThanOrEqual(
        rounding + 1e-8 * Math.abs(found),
      );
    }
  }
}

describe("second derivatives over many domains", () => {
  test.each(names.filter((name) => !JOINED.includes(name)))(
    "by the law %s are differences of the surface's gradient",
    (law) => {
      const losses = lossesOf(fitsOf(law), at, K);
      const held = Uint8Array.from({ length: K }, (_, i) => (i === 4 ? 1 : 0));
      for (const weights of [
        [1, 0],
        [0.7, -0.3],
      ]) {
        const surface = losses.sum(weights);
        for (const each of [surface, surface.holding(held)]) expectDifferences(each, sparse);
      }
    },
  );

  test.each(JOINED)("by the law %s are no cheaper", (law) => {
    expect(lossOf(law).slopes?.(sparse, STEP)).toBeUndefined();
  });

  test("of few domains are no cheaper", () => {
    const fits = drawLosses("additive", 7, 1, 7).map(({ fitted }) => fitted);
    const surface = lossesOf(fits, AT, 7).sum([1]);
    expect(surface.slopes?.(drawMixture(7, 5, 1), STEP)).toBeUndefined();
  });

  test("of a Lagrangian are the sum of its parts', where all parts have them", () => {
    const parts = [lossOf("epochs"), lossOf("additive")];
    const solution = {
      h: sparse,
      value: 0,
      multipliers: [],
      partShares: [0.4, 0.6],
      stationarity: 0,
      violation: 0,
      complementarity: 0,
      gradient: sparse,
    };
    const both = lagrangianOf({ kind: "worst", parts }, [], solution).slopes?.(sparse, STEP);
    const [a, b] = parts.map((part) => part.slopes?.(sparse, STEP));
    expect(both?.[5][8]).toBeCloseTo(0.4 * (a?.[5][8] ?? NaN) + 0.6 * (b?.[5][8] ?? NaN), 12);
    const joined = [parts[0], lossOf("joint")];
    expect(lagrangianOf({ kind: "worst", parts: joined }, [], solution).slopes?.(sparse, STEP)).toBeUndefined(); // prettier-ignore
  });

  test("are what Newton's steps take", () => {
    const surface = lossOf("epochs");
    const h = drawMixture(K, 5, 2);
    const free = [...h.keys()].filter((i) => i % 4 !== 0);
    const gradient = gradientOf(surface, h);
    const own = hessian(surface, h, gradient, free);
    const plain: Smooth = {
      domains: K,
      value: (x) => surface.value(x),
      gradient: (x, out) => surface.gradient(x, out),
    };
    const other = hessian(plain, h, gradient, free);
    const size = Math.max(...other.map(Math.abs));
    for (const [n, found] of own.entries()) expect(Math.abs(found - other[n])).toBeLessThan(1e-6 * size); // prettier-ignore
  });
});
