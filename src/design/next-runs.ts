/**
 * From a fit with a bootstrap: which of a pool of candidate runs would tell most, per FLOP, about
 * the best mixture or a predicted loss.
 */
import { checkedFit } from "../fit/file/parse-fit-file.ts";
import { byNames } from "../base/objects.ts";
import { InputError } from "../base/errors.ts";
import { flops } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { checkedRuns } from "../data/runs/check-runs.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { replicatesOf } from "../fit/result/stored-replicates.ts";
import { checkAsked } from "../fit/result/asked-counts.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { chooseRuns, type DesignProblem } from "./bayesian-design.ts";
import { membersOf, type ReplicatesOf, scaleOf } from "./ensemble.ts";
import { type Goals, lossGoal, shareGoals } from "./goals.ts";
import { type NextOptions, nextOptions, type NextRun, type NextRuns } from "./next-options.ts";
import { poolProblem } from "./pool-problem.ts";
import { deviationsAtRandom } from "./random-designs.ts";

/** With fewer replicates covariances are noise. */
const FEWEST_REPLICATES = 20;
/** Runs by default, where no budget is given. */
const RUNS = 8;

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
  fitFile: FitFile,
  pool: Runs,
  asked: NextOptions,
  ensemble: ReplicatesOf = (fit, size) => replicatesOf(fit, size)?.replicates,
): NextRuns {
  const file = checkedFit(fitFile);
  checkedRuns(pool);
  const options = nextOptions(asked);
  checkAsked(file, options);
  const members = membersOf(file, options, ensemble);
  const replicates = Math.min(...members.map((member) => member.replicates.length));
  if (replicates < FEWEST_REPLICATES)
    throw new InputError(
      `the fit has ${replicates} bootstrap replicates, too few to plan with: fit again with ${option("bootstrap", 1000)}.`,
    );
  const at = scaleOf(members, options);
  const candidates = poolProblem(file, pool, members, replicates, options.costs);
  const goals =
    options.goal === "mixture"
      ? shareGoals(file, members, options, replicates)
      : lossGoal(file, members, at, options, replicates);
  const problem: DesignProblem = { ...candidates, goals: goals.values };
  const { deviations, picks } = chooseRuns(problem, limitsOf(problem, pool, options));
  const byGoal = <T>(of: (g: number) => T): Record<string, T> =>
    Object.fromEntries(goals.names.map((name, g) => [name, of(g)]));
  const seed = options.seed ?? 1;
  const last = picks.at(-1);
  return {
    schema: "mixlaw/design@1",
    goal: options.goal,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    replicates,
    now: byGoal((g) => ({ mean: meanOf(goals, replicates, g), deviation: deviations[g] })),
    chosen: picks.map(({ candidate, cost, spent, deviations: left }) => ({
      ...candidateOf(pool, candidate),
      cost,
      spent,
      deviations: byGoal((g) => left[g]),
    })),
    random: last === undefined ? null : randomOf(problem, last.spent, seed, byGoal),
  };
}

/** Throws InputError where no run is affordable. */
function limitsOf(
  { costs }: DesignProblem,
  pool: Runs,
  { runs, budget = Infinity }: NextOptions,
): { readonly runs: number; readonly budget: number } {
  const cheapest = costs.reduce((a, b) => Math.min(a, b));
  if (cheapest > budget)
    throw new InputError(
      `${option("budget")} ${flops(budget)} is less than any run of ${pool.source} costs (the cheapest ${flops(cheapest)} FLOPs).`,
      { option: "budget" },
    );
  return { runs: runs ?? (budget === Infinity ? RUNS : Infinity), budget };
}

/** The mean of a goal over the replicates. */
function meanOf({ names, values }: Goals, replicates: number, g: number): number {
  let sum = 0;
  for (let r = 0; r < replicates; r++) sum += values[r * names.length + g];
  return sum / replicates;
}

/** What a run of the pool is. */
function candidateOf(
  { train, domains }: Runs,
  candidate: number,
): Pick<NextRun, "row" | "params" | "tokens" | "weights"> {
  const { params, tokens } = train.inputs;
  const shareOf = (j: number): number => train.weights[candidate * domains.length + j];
  return {
    row: train.rowNumbers[candidate],
    params: params?.[candidate] ?? null,
    tokens: tokens?.[candidate] ?? null,
    weights: byNames(domains.map((domain, j) => [domain, shareOf(j)])),
  };
}

/** What random runs would leave for the same cost, by goal. */
function randomOf(
  problem: DesignProblem,
  spent: number,
  seed: number,
  byGoal: <T>(of: (g: number) => T) => Record<string, T>,
): Record<string, number> {
  const deviations = deviationsAtRandom(problem, spent, seed);
  return byGoal((g) => deviations[g]);
}
