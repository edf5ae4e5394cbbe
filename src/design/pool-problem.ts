/**
 * A pool of candidate runs as a design problem: what they would show, how noisily, at what cost.
 */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { pointsFor } from "../fit/predict.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { DesignProblem } from "./bayesian-design.ts";
import type { Member } from "./ensemble.ts";

/**
 * All but the goals. Throws InputError for costs that are not positive, and
 * fits whose noise is not known.
 * @param costs by row of the pool; default 6ND
 */
export function poolProblem(
  file: FitFile,
  pool: Runs,
  members: readonly Member[],
  replicates: number,
  costs: Float64Array | undefined,
): Omit<DesignProblem, "goals"> {
  const candidates = pool.train.rows;
  const targets = members.length;
  const predictions = new Float64Array(replicates * candidates * targets);
  const noise = new Float64Array(candidates * targets);
  for (const [t, member] of members.entries()) {
    const shown = shownBy(member, pool, file);
    for (let r = 0; r < replicates; r++)
      for (const [c, loss] of shown.losses(r).entries())
        predictions[(r * candidates + c) * targets + t] = loss;
    for (let c = 0; c < candidates; c++) noise[c * targets + t] = shown.noise(c);
  }
  return {
    predictions,
    noise,
    replicates,
    targets,
    costs: costsOf(pool, costs),
  };
}

/** The losses of one target that the candidates would show by a replicate, and their variance. */
function shownBy(
  { fit, law, theta, replicates }: Member,
  pool: Runs,
  file: FitFile,
): {
  readonly losses: (replicate: number) => Float64Array;
  readonly noise: (candidate: number) => number;
} {
  const { residualSd } = fit;
  if (residualSd === null)
    throw new InputError(
      `the fit of ${fit.law} to ${fit.target} has as many parameters as rows: what noise a run has is not known. Fit with more runs.`,
    );
  const predict = predictor(law, pointsFor(law, pool));
  // Residuals of logarithms and relative ones are shares of the loss.
  const unit = file.settings.residual === "raw" ? undefined : predict(theta).slice();
  return {
    losses: (replicate) => predict(replicates[replicate]),
    noise: (candidate) => (residualSd * (unit?.[candidate] ?? 1)) ** 2,
  };
}

/**
 * Those that were given, else 6ND. Throws InputError for one that is not positive.
 * @param costs by row of the pool
 */
export const costsOf = (pool: Runs, costs: Float64Array | undefined): Float64Array =>
  checked(costs ?? trainingCosts(pool), pool);

/** 6ND of each run. */
function trainingCosts({ train, source }: Runs): Float64Array {
  const { params, tokens } = train.inputs;
  if (params !== undefined && tokens !== undefined) return params.map((n, i) => 6 * n * tokens[i]);
  const missing = params === undefined ? "params" : "tokens";
  throw new InputError(
    `${source} has no column n_${missing} to reckon 6ND from: add it, or name a column of costs with ${option("costs")}.`,
    { file: source },
  );
}

function checked(costs: Float64Array, { train, source }: Runs): Float64Array {
  const wrong = costs.findIndex((cost) => !(cost > 0 && Number.isFinite(cost)));
  if (wrong < 0) return costs;
  const row = train.rowNumbers[wrong];
  throw new InputError(
    `${source}, row ${row}: the cost is ${costs[wrong]}; it must be a positive number.`,
    { file: source, row },
  );
}
