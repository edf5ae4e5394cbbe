/**
 * From a fit with a bootstrap: which of a pool of candidate runs would tell most, per FLOP, about
 * the best mixture or a predicted loss.
 */
import { stream } from "../random/rng.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { replicatesOf } from "../fit/result/stored-replicates.ts";
import { pointsFor } from "../fit/predict.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { chooseRuns, deviationsAfter, type DesignProblem } from "./bayesian-design.ts";
import { losses, type Member, membersOf, type ReplicatesOf, scaleOf, shares } from "./ensemble.ts";
import { type NextOptions, nextOptions, type NextRuns } from "./next-options.ts";
import { flops } from "../base/format-number.ts";

const PURPOSE = 0x64657303;
/** Random designs to compare with, and how many runs one has at most. */
const DRAWS = 20;
const MOST = 40;
/**
 * The runs of a pool that would tell most about a goal: chosen one by one, by the variance that
 * each takes off the goal, per cost.
 *
 * @param pool candidate runs with N, D and shares; it needs no losses
 * @param ensemble the replicates of a fit's bootstrap, undefined where it has none; replicate r of
 *   all targets is of the same resampled runs
 * @throws InputError for a fit without a bootstrap, and for options or a pool that do not go with
 *   it.
 * @example nextRuns(fit, await readRuns("candidates.csv", { targets: "" }), { goal: "mixture",
 *   params: 7e9, tokens: 150e9 }).chosen
 */
export function nextRuns(
  file: FitFile,
  pool: Runs,
  asked: NextOptions,
  ensemble: ReplicatesOf = (fit, size) => replicatesOf(fit, size)?.replicates,
): NextRuns {
  const options = nextOptions(asked);
  const members = membersOf(file, options, ensemble);
  const R = members.reduce((least, member) => Math.min(least, member.replicates.length), Infinity);
  if (R < 20)
    throw new InputError(
      `the fit has ${R} bootstrap replicates, too few to plan with: fit again with ${option("bootstrap", 1000)}.`,
    );
  const at = scaleOf(members, options);
  const M = pool.train.rows;
  if (M === 0) throw new InputError(`${pool.source} has no candidate runs.`, { file: pool.source });
  const T = members.length;
  const predictions = new Float64Array(R * M * T);
  const noise = new Float64Array(M * T);
  for (const [t, member] of members.entries())
    fill(member, t, pointsFor(member.law, pool), file, { R, M, T, predictions, noise });
  const goals =
    options.goal === "mixture"
      ? shares(file, members, options, R)
      : losses(file, members, at, options, R);
  const costs = options.costs ?? floating(pool);
  const odd = costs.findIndex((cost) => !(cost > 0 && Number.isFinite(cost)));
  if (odd >= 0)
    throw new InputError(
      `${pool.source}, row ${pool.train.rowNumbers[odd]}: the cost is ${costs[odd]}; it must be a positive number.`,
      {
        file: pool.source,
        row: pool.train.rowNumbers[odd],
      },
    );
  const problem: DesignProblem = {
    goals: goals.values,
    predictions,
    replicates: R,
    targets: T,
    noise,
    costs,
  };
  const limits = {
    runs: options.runs ?? (options.budget === undefined ? 8 : Infinity),
    budget: options.budget ?? Infinity,
  };
  if (costs.every((cost) => cost > limits.budget))
    throw new InputError(`${option("budget")} ${flops(limits.budget)} is less than any run of ${pool.source} costs (the cheapest ${flops(costs.reduce((a, b) => Math.min(a, b)))} FLOPs).`, { option: "budget" }); // prettier-ignore
  const { deviations, picks } = chooseRuns(problem, limits);
  const named = (values: readonly number[]): Record<string, number> =>
    Object.fromEntries(goals.names.map((name, g) => [name, values[g]]));
  const mean = (g: number): number => {
    let sum = 0;
    for (let r = 0; r < R; r++) sum += goals.values[r * goals.names.length + g];
    return sum / R;
  };
  const { params, tokens } = pool.train.inputs;
  const k = pool.domains.length;
  return {
    schema: "mixlaw/design@1",
    goal: options.goal,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    replicates: R,
    now: Object.fromEntries(
      goals.names.map((name, g) => [name, { mean: mean(g), deviation: deviations[g] }]),
    ),
    chosen: picks.map(({ candidate, cost, spent, deviations: left }) => ({
      row: pool.train.rowNumbers[candidate],
      params: params?.[candidate] ?? null,
      tokens: tokens?.[candidate] ?? null,
      weights: Object.fromEntries(
        pool.domains.map((d, j) => [d, pool.train.weights[candidate * k + j]]),
      ),
      cost,
      spent,
      deviations: named(left),
    })),
    random:
      picks.length === 0
        ? null
        : randomly(problem, picks[picks.length - 1].spent, options.seed ?? 1, named),
  };
}

interface Table {
  readonly R: number;
  readonly M: number;
  readonly T: number;
  readonly predictions: Float64Array;
  readonly noise: Float64Array;
}

/** Predictions of one target's replicates at the candidates, and the noise that its runs have. */
function fill(
  member: Member,
  t: number,
  points: ReturnType<typeof pointsFor>,
  file: FitFile,
  { R, M, T, predictions, noise }: Table,
): void {
  const { fit, law, theta, replicates } = member;
  const predict = predictor(law, points);
  for (let r = 0; r < R; r++)
    for (const [c, y] of predict(replicates[r]).entries()) predictions[r * M * T + c * T + t] = y;
  if (fit.residualSd === null)
    throw new InputError(`the fit of ${fit.law} to ${fit.target} has as many parameters as rows: what noise a run has is not known. Fit with more runs.`); // prettier-ignore
  // Residuals of logarithms and relative ones are shares of the loss.
  const own = file.settings.residual === "raw" ? undefined : predict(theta);
  for (let c = 0; c < M; c++) noise[c * T + t] = (fit.residualSd * (own?.[c] ?? 1)) ** 2;
}

const floating = (pool: Runs): Float64Array => {
  const { params, tokens } = pool.train.inputs;
  if (params !== undefined && tokens !== undefined) return params.map((n, i) => 6 * n * tokens[i]);
  const missing = params === undefined ? "params" : "tokens";
  throw new InputError(`${pool.source} has no column n_${missing} to reckon 6ND from: add it, or name a column of costs with ${option("costs")}.`, { file: pool.source }); // prettier-ignore
};

/**
 * What random runs of the pool would do for the same cost: root mean square over draws of runs in
 * random order, each taken where it is affordable.
 */
function randomly(
  { costs, ...problem }: DesignProblem,
  budget: number,
  seed: number,
  named: (values: readonly number[]) => Record<string, number>,
): NextRuns["random"] {
  const draws = stream(seed, PURPOSE);
  const M = costs.length;
  const { targets: T, replicates: R } = problem;
  const G = problem.goals.length / R;
  const squares = new Float64Array(G);
  for (let n = 0; n < DRAWS; n++) {
    const keys = Array.from({ length: M }, (_, c) => draws.uniform(n, c));
    let [left, count] = [budget, 0];
    const taken = [...keys.keys()]
      .sort((a, b) => keys[a] - keys[b])
      .filter((c) => {
        if (costs[c] > left * (1 + 1e-9) || count === MOST) return false;
        count++;
        left -= costs[c];
        return true;
      });
    // Only the columns that are measured.
    const columns = taken.flatMap((c) => Array.from({ length: T }, (_, t) => c * T + t));
    const predictions = new Float64Array(R * columns.length);
    for (let r = 0; r < R; r++)
      for (const [i, c] of columns.entries())
        predictions[r * columns.length + i] = problem.predictions[r * M * T + c];
    const part = {
      ...problem,
      predictions,
      noise: Float64Array.from(columns, (c) => problem.noise[c]),
      costs: Float64Array.from(taken, (c) => costs[c]),
    };
    for (const [g, d] of deviationsAfter(part, [...taken.keys()]).entries()) squares[g] += d * d;
  }
  return named(Array.from(squares, (s) => Math.sqrt(s / DRAWS)));
}
