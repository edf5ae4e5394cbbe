import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import {
  blocksOf,
  exponentialWord,
  FRACTION,
  jackknife,
  meanWeight,
  type Samples,
  sampleWeights,
  slice,
} from "../../src/random/resampling.ts";

const bootstrap = (
  blocks: number,
  count: number,
  scheme: "multinomial" | "bayesian",
  seed = 1,
): Samples => ({
  count,
  blocks,
  blockOf: new Int32Array(),
  source: { kind: "bootstrap", scheme, seed, first: 0 },
});

describe("multinomial weights", () => {
  test("are counts of as many draws as there are blocks", () => {
    const samples = bootstrap(61, 50, "multinomial");
    for (let s = 0; s < 50; s++)
      expect(sampleWeights(samples, s).reduce((a, b) => a + b, 0)).toBe(61);
  });

  test("have the variance and the share of blocks left out that draws with replacement have", () => {
    const samples = bootstrap(40, 2000, "multinomial");
    const all = Array.from({ length: 2000 }, (_, s) => [...sampleWeights(samples, s)]).flat();
    // 80 000 weights of variance 1 − 1/40 and P(0) = (1 − 1/40)^40 = 0.363: standard errors 0.006
    // and 0.0017.
    expect(all.reduce((sum, w) => sum + (w - 1) ** 2, 0) / all.length).toBeCloseTo(0.975, 1);
    expect(all.filter((w) => w === 0).length / all.length).toBeCloseTo(0.363, 2);
  });
});

describe("Bayesian weights", () => {
  // Cutting off the square of a mantissa of 32 bits loses less than 2⁻³⁰ of it, which is less than
  // 2⁻³⁰·log₂e of its logarithm; half as much of the result's with each further squaring, so less
  // than 2⁻³⁰·log₂e in all. Cutting off the bits after the 18th loses less than a unit. Both lower
  // the logarithm and raise the weight.
  test("are −log₂ u in units of 2⁻¹⁸, rounded up, and at least 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (x) => {
        const exact = (32 - Math.log2((x | 1) >>> 0)) * 2 ** FRACTION;
        const above = exponentialWord(x) - exact;
        // 2⁻⁵² of the 32 for the rounding of `exact`
        expect(above).toBeGreaterThanOrEqual(-(2 ** (FRACTION - 46)));
        expect(above).toBeLessThan(1 + Math.LOG2E * 2 ** (FRACTION - 30) + 2 ** (FRACTION - 46));
        expect(exponentialWord(x)).toBeGreaterThanOrEqual(1);
        expect(exponentialWord(x)).toBeLessThan(2 ** 24);
      }),
    );
    expect(exponentialWord(0)).toBe(32 * 2 ** FRACTION);
    expect(exponentialWord(0xffffffff)).toBe(1);
  });

  test("have the mean that meanWeight says, and its square as variance", () => {
    const samples = bootstrap(50, 400, "bayesian");
    const all = Array.from({ length: 400 }, (_, s) => [...sampleWeights(samples, s)]).flat().map((w) => w / meanWeight(samples)); // prettier-ignore
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(all.reduce((sum, w) => sum + (w - mean) ** 2, 0) / all.length).toBeCloseTo(1, 1);
  });
});

test("a sample is a function of its number: slices agree with the whole", () => {
  for (const scheme of ["multinomial", "bayesian"] as const) {
    const whole = bootstrap(7, 20, scheme, -5);
    const part = slice(whole, 8, 12);
    for (let s = 0; s < 4; s++) expect(sampleWeights(part, s)).toEqual(sampleWeights(whole, 8 + s));
  }
  const left = jackknife(Int32Array.of(0, 1, 2), 3);
  expect(sampleWeights(slice(left, 1, 3), 1)).toEqual(sampleWeights(left, 2));
});

test("the jackknife leaves out each block once, or each group of many", () => {
  const samples = jackknife(new Int32Array(), 5);
  expect(Array.from({ length: 5 }, (_, s) => [...sampleWeights(samples, s)].indexOf(0))).toEqual([
    0, 1, 2, 3, 4,
  ]);
  const grouped = jackknife(new Int32Array(), 11, 4);
  expect(grouped.count).toBe(4);
  const out = Array.from({ length: 4 }, (_, s) =>
    [...sampleWeights(grouped, s)].flatMap((w, b) => (w === 0 ? [b] : [])),
  );
  expect(out.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, b) => b));
});

test("blocks are numbered as they appear", () => {
  expect(blocksOf(["m3", "m1", "m3", ""])).toEqual({
    blocks: 3,
    blockOf: Int32Array.of(0, 1, 0, 2),
  });
});
