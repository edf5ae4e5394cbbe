/** Exponents of the best N and D: against formulas, and against the best N at other computes. */
import { expect, test } from "vitest";
import { exponentOfSize, type LossAtSizes } from "../../../src/mixture/scaling/local-exponents.ts";
import { refineGrid } from "../../../src/mixture/scaling/refine-grid.ts";

const law =
  (loss: (n: number, d: number) => number): LossAtSizes =>
  (points) =>
    Float64Array.from(points, ([n, d]) => loss(n, d));

test.each([
  [0.34, 0.28],
  [0.5, 0.2],
  [0.06, 0.4],
])("E + A/N^%f + B/D^%f has a = β/(α + β) at every compute", (alpha, beta) => {
  // The best N at 6e20 FLOPs is e²⁰, and the best D e²⁶.
  const lossAt = law(
    (n, d) => 1.7 + Math.exp(-alpha * (n - 20)) / alpha + Math.exp(-beta * (d - 26)) / beta,
  );
  for (const flops of [1e19, 1e21, 1e23])
    expect(exponentOfSize(lossAt, flops)?.exponent).toBeCloseTo(beta / (alpha + beta), 7);
});

test("where N and D interact it is the slope of the best N", () => {
  const lossAt = law(
    (n, d) => 400 * Math.exp(-0.34 * n) + Math.exp(6 - 0.28 * d) + Math.exp(2 - 0.1 * (n + d)) + 0.004 * (n - d) ** 2, // prettier-ignore
  );
  const bestSize = (lnC: number): number =>
    refineGrid((points) => lossAt(points.map(([n]) => [n, lnC - n])), [[10, 40]], 12).point[0];
  const lnC = Math.log(1e21 / 6);
  const slope = (bestSize(lnC + 0.1) - bestSize(lnC - 0.1)) / 0.2;
  expect(exponentOfSize(lossAt, 1e21)?.exponent).toBeCloseTo(slope, 4);
});

test("a law that gains by ever more tokens has none", () => {
  expect(
    exponentOfSize(
      law((_, d) => Math.exp(-0.3 * d)),
      1e21,
    ),
  ).toBeUndefined();
  expect(
    exponentOfSize(
      law(() => NaN),
      1e21,
    ),
  ).toBeUndefined();
});
