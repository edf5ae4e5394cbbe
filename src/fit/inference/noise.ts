/** The noise of a measurement, from runs of one configuration, and whether a fit has reached it. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Objective } from "../../laws/objective.ts";
import { equalRows } from "../../stats/equal-rows.ts";
import { tailF } from "../../stats/f-distribution.ts";
import type { Noise } from "../result/deviations.ts";

/**
 * Noise of one target of the runs, and the test of lack of fit (Draper & Smith 1998, Applied
 * Regression Analysis, 2.1); null where no configuration was run twice, or repeats agree to the
 * last digit (they are copies then).
 *
 * @param weights of the rows in this target, 0 for missing losses
 * @param squares Σ w·r² of the fit, over the rows' weights as given
 * @param parameters fitted
 */
export function repeatNoise(
  runs: RunSet,
  target: number,
  weights: Float64Array,
  residual: Objective["residual"],
  squares: number,
  parameters: number,
): Noise | null {
  // A difference of losses in units of the residual: relative residuals and those of logarithms are
  // alike to first order.
  const y = residual === "raw" ? runs.losses[target] : runs.losses[target].map(Math.log);
  const repeated = configurations(runs, weights).filter((rows) => !areCopies(runs, rows));
  const count = repeated.reduce((sum, rows) => sum + rows.length, 0);
  const within = repeated.reduce((sum, rows) => sum + squaresWithin(rows, y, weights), 0);
  const degreesOfFreedom = count - repeated.length;
  if (degreesOfFreedom === 0 || within === 0) return null;
  const used = weights.filter((w) => w > 0);
  const scale = used.reduce((a, b) => a + b, 0) / used.length;
  const lacking = used.length - degreesOfFreedom - parameters;
  const F = Math.max(0, squares - within) / lacking / (within / degreesOfFreedom);
  return {
    configurations: repeated.length,
    runs: count,
    degreesOfFreedom,
    sd: Math.sqrt(within / degreesOfFreedom / scale),
    lackOfFit: lacking > 0 ? { F, p: tailF(F, lacking, degreesOfFreedom) } : null,
  };
}

/** Rows that weigh something of each configuration, of the same inputs and shares, with several. */
function configurations(runs: RunSet, weights: Float64Array): number[][] {
  const width = runs.rows === 0 ? 0 : runs.weights.length / runs.rows;
  const inputs = Object.values(runs.inputs).map((values) => ({ values, width: 1 }));
  const { count, groupOf } = equalRows(runs.rows, [...inputs, { values: runs.weights, width }]);
  const firstOf = new Int32Array(count).fill(-1);
  const several = new Map<number, number[]>();
  for (const [row, group] of groupOf.entries()) {
    if (!(weights[row] > 0)) continue;
    const rows = several.get(group);
    if (firstOf[group] < 0) firstOf[group] = row;
    else if (rows === undefined) several.set(group, [firstOf[group], row]);
    else rows.push(row);
  }
  return [...several.values()].toSorted(([a], [b]) => a - b);
}

/** Σ w·(y − ȳ)² of some rows. */
function squaresWithin(rows: readonly number[], y: Float64Array, weights: Float64Array): number {
  const mass = rows.reduce((total, row) => total + weights[row], 0);
  const mean = rows.reduce((total, row) => total + weights[row] * y[row], 0) / mass;
  return rows.reduce((total, row) => total + weights[row] * (y[row] - mean) ** 2, 0);
}

/** Rows that agree in every loss, of two targets or more: one run listed twice. */
const areCopies = ({ losses }: RunSet, rows: readonly number[]): boolean =>
  losses.length > 1 && losses.every((y) => rows.every((row) => Object.is(y[row], y[rows[0]])));
