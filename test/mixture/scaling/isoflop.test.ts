/** IsoFLOP parabolas: exponents of runs whose best sizes are known. */
import { expect, test } from "vitest";
import { isoflopEstimate } from "../../../src/mixture/scaling/isoflop.ts";
import { leastSquares } from "../../../src/mixture/scaling/least-squares.ts";
import { stream } from "../../../src/random/rng.ts";

interface Run {
  readonly n: number;
  readonly c: number;
  readonly share?: number;
}

/** Losses with the best N at C^a, and how wide the parabolas are. */
function estimate(runs: readonly Run[], a: number, noise = 0) {
  const draws = stream(1, 9);
  const losses = Float64Array.from(
    runs,
    ({ n, c, share = 0 }, i) =>
      3 - 0.05 * Math.log(c) + share + 0.03 * (Math.log(n) - a * Math.log(c) + 2) ** 2 +
      noise * (draws.uniform(0, i) - 0.5),
  ); // prettier-ignore
  return isoflopEstimate(
    {
      rows: runs.length,
      inputs: {
        params: Float64Array.from(runs, ({ n }) => n),
        tokens: Float64Array.from(runs, ({ n, c }) => c / (6 * n)),
      },
      weights: Float64Array.from(runs.flatMap(({ share = 0 }) => [share, 1 - share])),
    },
    losses,
    0.95,
  );
}

/** Sizes around the best at each compute. */
const grid = (computes: readonly number[], a: number, factors: readonly number[], share = 0): Run[] =>
  computes.flatMap((c, i) =>
    factors.map((factor, j) => ({ n: factor * Math.exp(a * Math.log(c) - 2), c: c * (1 + 0.01 * ((i + j) % 5)), share })),
  ); // prettier-ignore

const FACTORS = [0.25, 0.5, 0.8, 1.1, 1.9, 3.5];

test("parabolas without noise give the exponent, with noise an interval that holds it", () => {
  const runs = grid([1e19, 1e20, 1e21, 1e22], 0.47, FACTORS);
  const exact = estimate(runs, 0.47);
  expect(exact?.params).toBeCloseTo(0.47, 2);
  expect(exact?.groups).toBe(4);
  expect(exact?.rows).toBe(24);
  const noisy = estimate(runs, 0.47, 0.01);
  const [low, high] = noisy?.interval.params ?? [NaN, NaN];
  expect(low).toBeLessThan(0.47);
  expect(high).toBeGreaterThan(0.47);
  expect((noisy?.params ?? NaN) + (noisy?.tokens ?? NaN)).toBeCloseTo(1, 12);
});

test("mixtures have constants of their own, and runs of several do not mix", () => {
  const [low, high] = [
    grid([1e19, 1e20], 0.5, FACTORS, 0.2),
    grid([1e20, 1e21], 0.5, FACTORS, 0.7),
  ];
  const found = estimate([...low, ...high], 0.5);
  expect(found?.params).toBeCloseTo(0.5, 2);
  expect(found?.groups).toBe(4);
});

test("other designs have none", () => {
  const threeSizes = grid([1e19, 1e20, 1e21], 0.5, [0.5, 1, 2]);
  const twoComputes = grid([1e19, 1e21], 0.5, FACTORS);
  const nearComputes = grid([1e19, 1.6e19, 2.56e19], 0.5, FACTORS);
  for (const runs of [threeSizes, twoComputes, nearComputes, []])
    expect(estimate(runs, 0.5)).toBeUndefined();
  const tooLarge = estimate(grid([1e19, 1e20, 1e21, 1e22], 0.5, [2, 3, 4, 6, 8, 12]), 0.5);
  expect(tooLarge).toBeUndefined();
});

test("least squares: a line by its formula, none where columns depend on each other", () => {
  const line = leastSquares([[1, 1, 1, 1], [0, 1, 2, 3]], [1, 3, 4, 8]); // prettier-ignore
  expect([...(line?.coefficients ?? [])].map((c) => Number(c.toFixed(9)))).toEqual([0.7, 2.2]);
  expect(line?.residual).toBeCloseTo(1.8, 9);
  expect(line?.inverse[1][1]).toBeCloseTo(1 / 5, 9);
  expect(leastSquares([[1, 1, 1], [2, 2, 2]], [1, 2, 3])).toBeUndefined(); // prettier-ignore
});
