import { afterAll, describe, expect, test } from "vitest";
import { laws } from "../../../src/index.ts";
import { lossesOf } from "../../../src/mixture/goal/surface.ts";
import { float64Order, followFloat64, forbidWasm } from "../../../src/wasm/availability.ts";
import { AT, drawLosses, drawMixture } from "../fixture.ts";

const order = float64Order(0);
afterAll(() => followFloat64(order));

/** Laws with a mixture that need no other inputs than N and D. */
const names = ["mixture", "simple", "additive", "joint", "full", "log-linear", "m1", "m2"].filter(
  (name) => name in laws,
);
const cases = names.flatMap((law) => [1, 2, 7, 33].map((k) => [law, k] as const));

/** Values, then gradients, of several sums at several mixtures, by what computes float64 here. */
function computed(law: string, k: number): number[] {
  const fits = drawLosses(law, k, 3, 7).map(({ fitted }) => fitted);
  const losses = lossesOf(fits, AT, k);
  const sums = [
    [1, 0, 0],
    [0.2, 0.3, 0.5],
    [0.7, 0, -0.3],
  ].map((weights) => losses.sum(weights));
  const mixtures = [drawMixture(k, 5, 0), drawMixture(k, 5, 1).map((x, i) => (i === 1 ? 0 : x))];
  return mixtures.flatMap((h) =>
    // In turn, so that the rows of each take the place of another's.
    sums.flatMap((sum) => {
      const out = new Float64Array(k);
      return [sum.law(h), sum.gradient(h, out), ...out];
    }),
  );
}

describe("sums over the simplex in WebAssembly", () => {
  test.each(["full", "epochs"])("of %s have the same bits for one target and its halves", (law) => {
    const k = 60;
    const inputs = Object.fromEntries(Array.from({ length: k }, (_, i) => [`u[d${i}]`, 1e9 + i]));
    const [{ fitted }] = drawLosses(law, k, 1, 7);
    const [alone, halves] = [[fitted], [fitted, fitted]].map((fits) =>
      lossesOf(fits, { ...AT, inputs }, k).sum(fits.map(() => 1 / fits.length)),
    );
    for (const h of [0, 1].map((n) => drawMixture(k, 5, n))) {
      const [own, other] = [new Float64Array(k), new Float64Array(k)];
      expect(alone.law(h)).toBe(halves.law(h));
      expect(alone.gradient(h, own)).toBe(halves.gradient(h, other));
      expect(own).toEqual(other);
    }
  });

  test.each(cases)("of %s, k = %i, agree with JavaScript to 12 digits", (law, k) => {
    const here = computed(law, k);
    forbidWasm("the comparison needs JavaScript");
    const there = computed(law, k);
    followFloat64(order);
    const size = Math.max(...there.map(Math.abs));
    for (const [i, x] of here.entries())
      expect(Math.abs(x - there[i])).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(there[i]), 1e-3 * size)); // prettier-ignore
  });
});
