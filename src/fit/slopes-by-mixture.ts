/**
 * Whether losses fall with N alike in all mixtures, but for what the law says. A law such as the
 * additive one has one exponent for all mixtures. Where runs of different mixtures truly fall with
 * different exponents, as in the joint law, residuals have a slope of their own in each mixture,
 * and intervals of the law hold the truth less often than they say.
 *
 * The test is that of parallel lines (analysis of covariance; Draper & Smith 1998, Applied
 * Regression Analysis, 14.4): residuals on a line in ln N for each mixture against a constant for
 * each. A constant takes what runs of one mixture have in common. Residuals of one mixture and size
 * are averaged first, since checkpoints of a run share their error.
 */
import { itemAt } from "../base/known.ts";
import type { RunSet } from "../data/runs/run-set.ts";
import { tailF } from "../stats/f-distribution.ts";

/** The test's result. */
export interface SlopeTest {
  readonly F: number;
  readonly p: number;
  /** Mixtures with three sizes or more. */
  readonly mixtures: number;
}

/** A mixture's residuals: their means by ln N. */
type Sizes = Map<number, { sum: number; weight: number }>;

/**
 * Undefined where no mixture has three sizes, or lines explain all.
 *
 * @param residuals of the rows, in any unit
 * @param weights of the rows, 0 for missing losses
 */
export function slopesByMixture(
  { rows, inputs: { params }, weights: shares }: Pick<RunSet, "rows" | "inputs" | "weights">,
  residuals: Float64Array,
  weights: Float64Array,
): SlopeTest | undefined {
  if (params === undefined || rows === 0) return undefined;
  const k = shares.length / rows;
  const mixtures = new Map<string, Sizes>();
  for (let row = 0; row < rows; row++) {
    const weight = itemAt(weights, row);
    if (!(weight > 0)) continue;
    const key = shares.subarray(row * k, (row + 1) * k).join();
    const sizes: Sizes = mixtures.get(key) ?? new Map();
    mixtures.set(key, sizes);
    const size = Math.log(itemAt(params, row));
    const at = sizes.get(size) ?? { sum: 0, weight: 0 };
    sizes.set(size, {
      sum: at.sum + weight * itemAt(residuals, row),
      weight: at.weight + weight,
    });
  }
  const lines = [...mixtures.values()].filter(({ size }) => size >= 3).map(lineOf);
  const total = lines.reduce((sum, { squares }) => sum + squares, 0);
  const explained = lines.reduce((sum, line) => sum + line.explained, 0);
  const degreesOfFreedom = lines.reduce((sum, { sizes }) => sum + sizes - 2, 0);
  if (lines.length < 2 || !(total > explained)) return undefined;
  const F = explained / lines.length / ((total - explained) / degreesOfFreedom);
  return { F, p: tailF(F, lines.length, degreesOfFreedom), mixtures: lines.length };
}

/** Squares of a mixture's means around their mean, and what a line in ln N explains of them. */
function lineOf(sizes: Sizes): { sizes: number; squares: number; explained: number } {
  const points = [...sizes].map(([x, { sum, weight }]) => ({ x, y: sum / weight, weight }));
  const mass = points.reduce((total, { weight }) => total + weight, 0);
  const mean = (of: "x" | "y"): number =>
    points.reduce((total, point) => total + point.weight * point[of], 0) / mass;
  const [x0, y0] = [mean("x"), mean("y")];
  const moment = (a: "x" | "y", b: "x" | "y"): number =>
    points.reduce(
      (total, point) =>
        total + point.weight * (point[a] - (a === "x" ? x0 : y0)) * (point[b] - (b === "x" ? x0 : y0)), // prettier-ignore
      0,
    );
  return {
    sizes: points.length,
    squares: moment("y", "y"),
    explained: moment("x", "y") ** 2 / moment("x", "x"),
  };
}
