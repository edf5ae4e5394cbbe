/**
 * Whether losses fall with N alike in all mixtures, but for what the law says. A law such as the
 * additive one has one exponent for all mixtures. Where runs of different mixtures truly fall with
 * different exponents, as in the joint law, residuals have a slope of their own in each mixture,
 * and intervals of the law hold the truth less often than they say.
 *
 * The test is that of parallel lines (analysis of covariance; Draper & Smith 1998, Applied
 * Regression Analysis, 14.4): residuals on a line in ln N for each mixture, against parallel lines
 * with a constant for each. A constant takes what runs of one mixture have in common, the common
 * slope what the law misses in all mixtures alike. Residuals of one mixture and size are averaged
 * first, since checkpoints of a run share their error.
 */
import { itemAt } from "../../base/known.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import { equalRows } from "../../stats/equal-rows.ts";
import { tailF } from "../../stats/f-distribution.ts";

/** The test's result. */
export interface SlopeTest {
  readonly F: number;
  readonly p: number;
}

/** A mixture's residuals: their means by ln N. */
type Sizes = Map<number, { sum: number; weight: number }>;

/**
 * Undefined where fewer than two mixtures have three sizes, or lines explain all.
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
  const { count, groupOf } = equalRows(rows, [{ values: shares, width: shares.length / rows }]);
  const runs = new Int32Array(count);
  for (const mixture of groupOf) runs[mixture] = itemAt(runs, mixture) + 1;
  const mixtures = new Map<number, Sizes>();
  for (let row = 0; row < rows; row++) {
    const weight = itemAt(weights, row);
    const mixture = itemAt(groupOf, row);
    // Fewer runs than three have no three sizes.
    if (!(weight > 0) || itemAt(runs, mixture) < 3) continue;
    const sizes: Sizes = mixtures.get(mixture) ?? new Map();
    mixtures.set(mixture, sizes);
    const size = Math.log(itemAt(params, row));
    const at = sizes.get(size) ?? { sum: 0, weight: 0 };
    sizes.set(size, {
      sum: at.sum + weight * itemAt(residuals, row),
      weight: at.weight + weight,
    });
  }
  const lines = [...mixtures.values()].filter(({ size }) => size >= 3).map(lineOf);
  const sum = (of: (line: Line) => number): number =>
    lines.reduce((total, line) => total + of(line), 0);
  const byLines = sum(({ xx, xy }) => xy ** 2 / xx);
  const byParallels = sum(({ xy }) => xy) ** 2 / sum(({ xx }) => xx);
  const left = sum(({ yy }) => yy) - byLines;
  const [more, degreesOfFreedom] = [lines.length - 1, sum(({ sizes: n }) => n - 2)];
  if (more < 1 || !(left > 0)) return undefined;
  const F = Math.max(0, byLines - byParallels) / more / (left / degreesOfFreedom);
  return { F, p: tailF(F, more, degreesOfFreedom) };
}

/** Moments of a mixture's mean residuals y and of x = ln N, around their means. */
interface Line {
  /** How many sizes there are. */
  readonly sizes: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

function lineOf(sizes: Sizes): Line {
  const points = [...sizes].map(([x, { sum, weight }]) => ({ x, y: sum / weight, weight }));
  const mass = points.reduce((total, { weight }) => total + weight, 0);
  const mean = (of: "x" | "y"): number =>
    points.reduce((total, point) => total + point.weight * point[of], 0) / mass;
  const [x0, y0] = [mean("x"), mean("y")];
  const moment = (of: (dx: number, dy: number) => number): number =>
    points.reduce((total, { x, y, weight }) => total + weight * of(x - x0, y - y0), 0);
  return {
    sizes: points.length,
    xx: moment((dx) => dx * dx),
    xy: moment((dx, dy) => dx * dy),
    yy: moment((_, dy) => dy * dy),
  };
}
