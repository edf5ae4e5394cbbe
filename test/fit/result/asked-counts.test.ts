/** Counts of requests: absolute, or refused with what they look like. */
import { describe, expect, test } from "vitest";
import { initialDesign } from "../../../src/design/initial-runs.ts";
import { nextRuns } from "../../../src/design/next-runs.ts";
import { checkAsked, unitsFor } from "../../../src/fit/result/asked-counts.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import { optimizeCompute } from "../../../src/mixture/optimize-compute.ts";
import { optimizeSizes } from "../../../src/mixture/sizes/choose-sizes.ts";
import { checkDesign } from "../../../src/simulate/run-design.ts";
import { drawLosses, fileOf } from "../../mixture/fixture.ts";
import { draw } from "../fixture.ts";

const file = fileOf(drawLosses("additive", 3, 1, 1));
/** The same fits, of runs with N from 20 and D from 0.3. */
const small: FitFile = {
  ...file,
  data: {
    ...file.data,
    range: { params: { min: 20, max: 1500 }, tokens: { min: 0.3, max: 60 } },
  },
};
const quick = { samples: 0, intervals: false } as const;

test.each([
  [
    { params: 7, tokens: 1.5e11 },
    /^‘params’ is 7, which looks like billions; counts of parameters and tokens are absolute: write 7e9, or insist with ‘units: absolute’$/,
  ],
  [
    { params: 7e9, tokens: 150 },
    /^‘tokens’ is 150, which looks like billions.*: write 1\.5e11, or/,
  ],
  [{ inputs: { unique_tokens: 20 } }, /^‘inputs.unique_tokens’ is 20, which looks like billions/],
  [
    { constraints: { available: { d0: 1e12, d1: 300 } } },
    /^‘constraints.available.d1’ is 300, which looks like billions.*: write 3e11, or/,
  ],
  [{ params: 70 }, /^‘params’ is 70, which looks like millions.*: write 7e7, or/],
])("%j", (asked, message) => {
  expect(() => checkAsked(file, asked)).toThrow(message);
  checkAsked(file, { ...asked, units: "absolute" });
});

test("counts that are absolute, and inputs that are no counts, are as they are", () => {
  checkAsked(file, { params: 1e4, tokens: 1e6, inputs: { sparsity: 0.5, experts: 8 } });
  checkAsked(file, { constraints: { available: { d0: 0, d1: 1e6 } } });
  checkAsked(file, {});
});

describe("where the runs themselves were that small", () => {
  test("small counts are meant", () => {
    checkAsked(small, { params: 7, tokens: 2 });
    expect(unitsFor(small, undefined)).toEqual({ params: 1, tokens: 1 });
    expect(unitsFor(small, { tokens: 1e9 })).toEqual({ params: 1, tokens: 1e9 });
    expect(unitsFor(file, undefined)).toEqual({});
    expect(unitsFor(file, "absolute")).toBe("absolute");
  });

  test("and where they were insisted on", () => {
    const insisted: FitFile = { ...file, data: { ...file.data, units: "absolute" } };
    checkAsked(insisted, { params: 7, tokens: 2 });
    expect(unitsFor(insisted, undefined)).toBe("absolute");
  });
});

describe("the gate stands before", () => {
  test("optimize", async () => {
    await expect(optimize(file, { params: 7, tokens: 1.5e11, ...quick })).rejects.toThrow(
      /‘params’ is 7, which looks like billions/,
    );
    const insisted = { params: 7, tokens: 1.5e11, units: "absolute", ...quick } as const;
    expect((await optimize(file, insisted)).at).toMatchObject({ params: 7 });
  });

  test("but not before N and D that follow from a compute", async () => {
    const solve = (options: object) => optimize(file, options);
    const { params } = await optimizeCompute(file, solve, quick, 1e10);
    expect(params).toBeLessThan(1e5);
  });

  test("sizes at given unique tokens, next runs, first runs and simulated ones", () => {
    const { runs } = draw(laws.additive, { domains: 3 });
    expect(() => optimizeSizes(file, { flops: 1e21, inputs: { unique_tokens: 20 } })).toThrow(
      /‘inputs.unique_tokens’ is 20/,
    );
    expect(() => nextRuns(file, runs, { goal: "mixture", params: 7e9, tokens: 150 })).toThrow(
      /‘tokens’ is 150/,
    );
    expect(() => initialDesign({ domains: [], sizes: [20, 80] })).toThrow(
      /‘sizes’ is 20 to 80, which looks like millions.*: write 2e7, or/,
    );
    expect(initialDesign({ domains: [], sizes: [20, 80], units: "absolute" })[0].params).toBe(20);
    const design = { domains: [], targets: ["loss_a"], sizes: [2e7], tokens: [4], mixtures: 1 };
    expect(() => checkDesign(design)).toThrow(/‘tokens’ is 4, which looks like billions/);
    checkDesign({ ...design, units: "absolute" });
  });
});
