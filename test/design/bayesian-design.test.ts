/**
 * The greedy design against the formulas, written out with plain matrices, and against all pairs.
 */
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { stream } from "../../src/random/rng.ts";
import {
  chooseRuns,
  type DesignProblem,
  deviationsAfter,
} from "../../src/design/bayesian-design.ts";

const R = 400;

/** An ensemble whose goals and predictions share five factors. */
function problem(
  seed: number,
  M: number,
  T: number,
  G: number,
  cost: (c: number) => number = () => 1,
): DesignProblem {
  const draws = stream(seed, 9010);
  const factors = Array.from({ length: R }, (_, r) =>
    Array.from({ length: 5 }, (__, f) => draws.normal(r, 2 * f)),
  );
  const loading = (n: number): number[] =>
    Array.from({ length: 5 }, (_, f) => draws.normal(10_000 + n, 2 * f));
  const column =
    (n: number) =>
    (f: readonly number[]): number =>
      loading(n).reduce((sum, l, i) => sum + l * f[i], 0);
  const goals = Float64Array.from(
    factors.flatMap((f) => Array.from({ length: G }, (_, g) => column(g)(f))),
  );
  const predictions = Float64Array.from(
    factors.flatMap((f) => Array.from({ length: M * T }, (_, c) => 3 + column(100 + c)(f))),
  );
  const noise = Float64Array.from({ length: M * T }, (_, c) => 0.2 + draws.uniform(20_000 + c, 0));
  return {
    goals,
    predictions,
    replicates: R,
    targets: T,
    noise,
    costs: Float64Array.from({ length: M }, (_, c) => cost(c)),
  };
}

/** Standard deviations of the goals by C_gg − C_gy (C_yy + Σ)⁻¹ C_yg. */
function exact(
  { goals, predictions, targets: T, noise }: DesignProblem,
  chosen: readonly number[],
): number[] {
  const G = goals.length / R;
  const matrix = (values: Float64Array): Matrix =>
    new Matrix(
      Array.from({ length: R }, (_, r) => [
        ...values.subarray((r * values.length) / R, ((r + 1) * values.length) / R),
      ]),
    );
  const center = (m: Matrix): Matrix => m.center("column");
  const columns = chosen.flatMap((c) => Array.from({ length: T }, (_, t) => c * T + t));
  const [g, y] = [center(matrix(goals)), center(matrix(predictions)).subMatrixColumn(columns)];
  const cov = (a: Matrix, b: Matrix): Matrix =>
    a
      .transpose()
      .mmul(b)
      .div(R - 1);
  const S = Matrix.add(cov(y, y), Matrix.diag(columns.map((c) => noise[c])));
  const after = Matrix.sub(cov(g, g), cov(g, y).mmul(inverse(S)).mmul(cov(y, g)));
  return Array.from({ length: G }, (_, i) => Math.sqrt(after.get(i, i)));
}

const total = (deviations: readonly number[]): number =>
  deviations.reduce((sum, d) => sum + d * d, 0);

describe("the square-root update", () => {
  test.each([1, 3])("gives the Kalman covariance of any runs, %i targets each", (T) => {
    const p = problem(1, 12, T, 4);
    for (const chosen of [[0], [3, 7], [11, 2, 5, 8, 1]]) {
      const [found, truth] = [deviationsAfter(p, chosen), exact(p, chosen)];
      for (const [g, d] of found.entries()) expect(d / truth[g]).toBeCloseTo(1, 10);
      // … in any order.
      for (const [g, d] of deviationsAfter(p, chosen.toReversed()).entries())
        expect(d / truth[g]).toBeCloseTo(1, 10);
    }
  });
});

describe("the choice", () => {
  test("within a budget takes one dear run that says all before many that say little", () => {
    // The goal is what the dear run shows; the cheap ones show it with a hundred times the noise.
    const replicates = 40;
    const goals = Float64Array.from({ length: replicates }, (_, r) => Math.sin(7 * r));
    const predictions = Float64Array.from({ length: replicates * 6 }, (_, n) => goals[Math.floor(n / 6)]); // prettier-ignore
    const noise = Float64Array.of(0.01, 100, 100, 100, 100, 100);
    const costs = Float64Array.of(100, 0.1, 0.1, 0.1, 0.1, 0.1);
    const p = { goals, predictions, replicates, targets: 1, noise, costs };
    const { picks } = chooseRuns(p, { runs: Infinity, budget: 100 });
    expect(picks.map(({ candidate }) => candidate)).toEqual([0]);
    expect(chooseRuns(p, { runs: 1, budget: Infinity }).picks[0]?.candidate).toBe(1);
  });

  test("is the best single run per cost, by trying all, and then the best next", () => {
    const p = problem(2, 15, 2, 3, (c) => 1 + (c % 4));
    const { deviations, picks } = chooseRuns(p, { runs: 4, budget: Infinity });
    const before: number[] = [];
    let variance = total(deviations);
    for (const pick of picks) {
      const rates = p.costs.map((cost, c) =>
        before.includes(c) ? -1 : (variance - total(exact(p, [...before, c]))) / cost,
      );
      expect(pick.candidate).toBe(rates.indexOf(Math.max(...rates)));
      before.push(pick.candidate);
      variance = total(pick.deviations);
      expect(variance / total(exact(p, before))).toBeCloseTo(1, 9);
    }
    expect(picks.map(({ spent }) => spent)).toEqual(
      picks.map((_, i) => picks.slice(0, i + 1).reduce((sum, { cost }) => sum + cost, 0)),
    );
  });

  test("of two is within a few percent of the best pair", () => {
    const p = problem(3, 14, 1, 2);
    const pairs = Array.from({ length: 14 }, (_, a) =>
      Array.from({ length: a }, (__, b) => total(exact(p, [a, b]))),
    ).flat();
    const { picks } = chooseRuns(p, { runs: 2, budget: Infinity });
    expect(total(picks[1].deviations)).toBeLessThan(1.15 * Math.min(...pairs));
    // Far better than the typical pair.
    expect(total(picks[1].deviations)).toBeLessThan(
      0.7 * pairs.toSorted((a, b) => a - b)[Math.floor(pairs.length / 2)],
    );
  });

  test("keeps to the budget, takes no run twice, and stops when nothing tells anything", () => {
    const p = problem(4, 10, 1, 2, (c) => c + 1);
    const { picks } = chooseRuns(p, { runs: 10, budget: 12 });
    expect(picks.at(-1)?.spent).toBeLessThanOrEqual(12);
    expect(new Set(picks.map(({ candidate }) => candidate)).size).toBe(picks.length);
    const mute = { ...p, predictions: p.predictions.map(() => 1) };
    expect(chooseRuns(mute, { runs: 3, budget: Infinity }).picks).toEqual([]);
  });

  test("of a noiseless measurement of the goal itself leaves nothing open", () => {
    const p = problem(5, 3, 1, 1);
    const predictions = p.predictions.map((x, i) => (i % 3 === 1 ? p.goals[Math.floor(i / 3)] : x));
    const { picks } = chooseRuns(
      { ...p, predictions, noise: p.noise.map((n, i) => (i === 1 ? 0 : n)) },
      { runs: 1, budget: Infinity },
    );
    expect(picks[0].candidate).toBe(1);
    expect(picks[0].deviations[0]).toBeLessThan(1e-7);
  });
});
