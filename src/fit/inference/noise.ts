/** The noise of a measurement, from runs of one configuration, and whether a fit has reached it. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Objective } from "../../laws/objective.ts";
import { tailF } from "../../stats/f-distribution.ts";
import type { Noise } from "../result/fit-file.ts";

/**
 * Noise of one target of the runs, and the test of lack of fit (Draper & Smith 1998, Applied
 * Regression Analysis, 2.1); null where no configuration was run twice, or repeats agree to the
 * last digit (they are copies then).
 *
 * @param weights of the rows in this target, 0 for missing losses
 * @param squares Σ w·r² of the fit, over the rows' weights as given
 * @param parameters fitted
 */
export function noise(
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
  const groups = new Map<string, number[]>();
  const k = runs.rows === 0 ? 0 : runs.weights.length / runs.rows;
  const inputs = Object.values(runs.inputs);
  for (let row = 0; row < runs.rows; row++) {
    if (!(weights[row] > 0)) continue;
    const key = `${inputs.map((values) => values[row]).join()};${runs.weights.subarray(row * k, (row + 1) * k).join()}`;
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [row]);
    else rows.push(row);
  }
  const repeated = [...groups.values()].filter((rows) => rows.length > 1 && !copies(runs, rows));
  const count = repeated.reduce((sum, rows) => sum + rows.length, 0);
  const pure = repeated.reduce((sum, rows) => {
    const mass = rows.reduce((total, row) => total + weights[row], 0);
    const mean = rows.reduce((total, row) => total + weights[row] * y[row], 0) / mass;
    return sum + rows.reduce((total, row) => total + weights[row] * (y[row] - mean) ** 2, 0);
  }, 0);
  const degreesOfFreedom = count - repeated.length;
  if (degreesOfFreedom === 0 || pure === 0) return null;
  const used = weights.filter((w) => w > 0);
  const scale = used.reduce((a, b) => a + b, 0) / used.length;
  const missing = used.length - degreesOfFreedom - parameters;
  const F = Math.max(0, squares - pure) / missing / (pure / degreesOfFreedom);
  return {
    configurations: repeated.length,
    runs: count,
    degreesOfFreedom,
    sd: Math.sqrt(pure / degreesOfFreedom / scale),
    lackOfFit: missing > 0 ? { F, p: tailF(F, missing, degreesOfFreedom) } : null,
  };
}

/** Rows that agree in every loss, of two targets or more: one run listed twice. */
const copies = ({ losses }: RunSet, rows: readonly number[]): boolean =>
  losses.length > 1 && losses.every((y) => rows.every((row) => Object.is(y[row], y[rows[0]])));
