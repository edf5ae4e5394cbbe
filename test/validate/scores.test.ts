/** Scores and comparisons by hand, and information criteria of known densities. */
import { describe, expect, test } from "vitest";
import { criteria, deviancePerRun } from "../../src/validate/information-criteria.ts";
import { compare, heldScore } from "../../src/validate/scores.ts";
import { huber } from "../laws/fixture.ts";

describe("scores", () => {
  const set = {
    rows: 4,
    rowNumbers: new Int32Array(4),
    inputs: { params: Float64Array.of(1, 1, 2, 2) },
    weights: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1),
    losses: [],
  };
  const held = [Int32Array.of(0, 1, 2, 3)];

  test("by hand: errors, and the regret of the mixture that is predicted best among equals", () => {
    const [observed, predicted] = [
      Float64Array.of(2, 2.5, 1, 1.25),
      Float64Array.of(2.2, 2.1, 1, 1.5),
    ];
    const target = { predicted, observed, weights: Float64Array.of(1, 1, 1, 1), held };
    const found = heldScore(target, set, 2);
    expect(found?.mrePercent).toBeCloseTo((10 + 16 + 0 + 20) / 4, 12);
    expect(found?.rmse).toBeCloseTo(Math.sqrt((0.04 + 0.16 + 0.0625) / 4), 12);
    // At params 1 the second mixture is predicted best and is 0.5 worse; at params 2 the choice is
    // right.
    expect(found?.regret).toBeCloseTo(0.25, 12);
    expect(heldScore({ ...target, predicted: predicted.map(() => NaN) }, set, 2)).toBeUndefined();
    expect(heldScore(target, set, 0)?.regret).toBeNull();
    // A row counts as often as it weighs, and one that weighs nothing is not there.
    const weighed = heldScore({ ...target, weights: Float64Array.of(2, 1, 0, 1) }, set, 2);
    expect(weighed).toMatchObject({ rows: 3 });
    expect(weighed?.mrePercent).toBeCloseTo((2 * 10 + 16 + 20) / 4, 12);
    expect(weighed?.rmse).toBeCloseTo(Math.sqrt((2 * 0.04 + 0.16 + 0.0625) / 4), 12);
  });

  test("laws are compared row by row, with an interval over clusters", () => {
    const y = Float64Array.from({ length: 60 }, () => 2);
    const [a, b] = [
      y.map((v, i) => v * (1 + 0.02 * ((i % 7) - 2))),
      y.map((v, i) => v * (1 + 0.01 * ((i % 7) - 2))),
    ];
    const clusters = { blocks: 20, blockOf: Int32Array.from({ length: 60 }, (_, i) => i % 20) };
    const weights = [new Float64Array(60).fill(1)];
    const rows = { observed: [y], weights, clusters, held: [Int32Array.from(y.keys())] };
    const { difference, interval, p } = compare([a], [b], rows, 0.95, 1);
    const each = [...y.keys()].map((i) => (100 * (Math.abs(a[i] - 2) - Math.abs(b[i] - 2))) / 2);
    expect(difference).toBeCloseTo(each.reduce((x, z) => x + z, 0) / 60, 10);
    expect(interval?.[0]).toBeGreaterThan(0);
    expect(interval?.[1]).toBeGreaterThan(difference);
    expect(p).toBeLessThan(0.01);
    expect(compare([a], [a], rows, 0.95, 1)).toMatchObject({
      difference: 0,
      p: 1,
    });
    // Rows that were not held out count for nothing, nor do their clusters; one cluster alone has
    // no interval.
    const few = [Int32Array.of(3, 23, 4)];
    expect(compare([a], [b], { ...rows, held: few }, 0.95, 1).difference).toBeCloseTo(
      (each[3] + each[23] + each[4]) / 3,
      10,
    );
    expect(compare([a], [b], { ...rows, held: [Int32Array.of(3, 23)] }, 0.95, 1)).toMatchObject({
      interval: null,
      p: null,
    });
    const twice = [Float64Array.from(y.keys(), (row) => (row === 3 ? 2 : 1))];
    expect(
      compare([a], [b], { ...rows, weights: twice, held: few }, 0.95, 1).difference,
    ).toBeCloseTo((2 * each[3] + each[23] + each[4]) / 4, 10);
  });
});

test("information criteria: of the normal, Laplace's and Cauchy's distribution", () => {
  // −2 ln L per run of a normal sample with variance v at its best scale: ln(2πv) + 1.
  const v = 0.04;
  const squared = { name: "squared", delta: 1 } as const;
  expect(deviancePerRun(v / 2, squared)).toBeCloseTo(Math.log(2 * Math.PI * v) + 1, 8);
  expect(criteria(v / 2, squared, 100, 4).bic).toBeCloseTo(
    100 * (Math.log(2 * Math.PI * v) + 1) + 5 * Math.log(100),
    5,
  );
  // A corner far below the residuals: Laplace, 2(ln(2b) + 1) with b the mean of |r|. ρ = δ|r|, so b
  // = objective/δ.
  expect(deviancePerRun(1e-6 * 0.3, huber(1e-6))).toBeCloseTo(2 * (Math.log(0.6) + 1), 4);
  // Cauchy's distribution at its own scale: E ρ = δ²·ln 2, and the entropy is ln(4πδ).
  const cauchy = { name: "cauchy", delta: 0.3 } as const;
  expect(deviancePerRun(0.09 * Math.LN2, cauchy)).toBeCloseTo(2 * Math.log(4 * Math.PI * 0.3), 8);
  // δ far above the residuals: normal
  expect(deviancePerRun(v / 2, { ...cauchy, delta: 1e4 })).toBeCloseTo(
    Math.log(2 * Math.PI * v) + 1,
    6,
  );
  expect(criteria(1e-4, huber(1e-3), 6, 5).aicc).toBeNull();
});
