/**
 * From a fit: which of a pool of candidate runs would tell most, per FLOP, about the best mixture,
 * a predicted loss, or the losses at given points.
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
import {
  chooseRuns,
  deviationsAfter,
  type DesignProblem,
  gainsAlone,
  type Pick,
} from "./bayesian-design.ts";
import { fitsBy, membersOf, type ReplicatesOf, scaleOf } from "./ensemble.ts";
import { type Goals, lossGoal, shareGoals } from "./goals.ts";
import { type NextOptions, nextOptions, type NextRun, type NextRuns } from "./next-options.ts";
import { pointProblem } from "./point-problem.ts";
import { costsOf, poolProblem } from "./pool-problem.ts";
import { distinctOf, mean } from "../stats/moments.ts";
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
 *   all targets is of the same resampled runs. Losses at points need none.
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
  const { problem, names, means, summary } =
    options.goal === "points"
      ? posedAtPoints(file, pool, options)
      : posedByReplicates(file, pool, options, ensemble);
  const { deviations, picks } = chooseRuns(problem, limitsOf(problem, pool, options));
  const now = summary(deviations);
  const byGoal = (all: readonly number[]): Record<string, number> =>
    byNames(summary(all).map((deviation, g) => [names[g], deviation]));
  const runOf = ({ candidate, cost, spent, deviations: left }: Pick): NextRun => ({
    ...candidateOf(pool, candidate),
    cost,
    spent,
    deviations: byGoal(left),
  });
  const last = picks.at(-1);
  return {
    schema: "mixlaw/design@1",
    goal: options.goal,
    at: { params: options.params ?? null, tokens: options.tokens ?? null },
    replicates: problem.replicates,
    now: byNames(names.map((name, g) => [name, { mean: means[g], deviation: now[g] }])),
    chosen: picks.map(runOf),
    bySize: bestBySize(problem, pool).map(runOf),
    random:
      last === undefined
        ? null
        : byGoal(deviationsAtRandom(problem, last.spent, options.seed ?? 1)),
  };
}

/** A design problem, and what its goals are. */
interface Posed {
  readonly problem: DesignProblem;
  readonly names: readonly string[];
  /** By name: what is expected now. */
  readonly means: readonly number[];
  /** From the goals' standard deviations to one by name. */
  readonly summary: (deviations: readonly number[]) => readonly number[];
}

/** About the best mixture or the objective, from the replicates of a bootstrap. */
function posedByReplicates(
  file: FitFile,
  pool: Runs,
  options: NextOptions,
  ensemble: ReplicatesOf,
): Posed {
  const members = membersOf(file, options, ensemble);
  const replicates = Math.min(...members.map((member) => member.replicates.length));
  if (replicates < FEWEST_REPLICATES)
    throw new InputError(
      `the fit has ${replicates} bootstrap replicates, too few to plan with: fit again with ${option("bootstrap", 1000)}.`,
    );
  const at = scaleOf(file, members, options);
  const candidates = poolProblem(file, pool, members, replicates, options.costs);
  const goals =
    options.goal === "mixture"
      ? shareGoals(file, members, options, replicates)
      : lossGoal(file, members, at, options, replicates);
  return {
    problem: { ...candidates, goals: goals.values },
    names: goals.names,
    means: goals.names.map((_, g) => meanOf(goals, replicates, g)),
    summary: (deviations) => deviations,
  };
}

/** Options that say what the other goals are about. */
const OF_OTHER_GOALS = ["params", "tokens", "objective", "mixture"] as const;

/** About the losses at points, from all laws of the file. */
function posedAtPoints(file: FitFile, pool: Runs, options: NextOptions): Posed {
  const { points, law, costs } = options;
  if (points === undefined)
    throw new InputError(
      `${option("goal", "points")} is about losses at points: name them with ${option("points")}.`,
      { option: "points" },
    );
  checkedRuns(points);
  const odd = OF_OTHER_GOALS.find((name) => options[name] !== undefined);
  if (odd !== undefined)
    throw new InputError(
      `${option("goal", "points")} is about the losses of all targets at the points: leave ${option(odd)} out.`,
      { option: odd },
    );
  const fits = fitsBy(file, law);
  const posed = pointProblem([{ ...file, fits }], pool, points, costsOf(pool, costs));
  const { targets } = posed;
  return {
    problem: posed.problem,
    names: targets,
    means: posed.means,
    summary: (deviations) =>
      targets.map((_, t) => {
        const own = deviations.filter((__, g) => g % targets.length === t);
        return Math.sqrt(mean(own.map((deviation) => deviation ** 2)));
      }),
  };
}

/** Of each size of the pool the candidate that tells most alone. */
function bestBySize(problem: DesignProblem, { train }: Runs): Pick[] {
  const { params } = train.inputs;
  if (params === undefined) return [];
  const gains = gainsAlone(problem);
  return Array.from(distinctOf(params), (size) => {
    const ofSize = [...params.keys()].filter((row) => params[row] === size);
    const candidate = ofSize.reduce((best, row) => (gains[row] > gains[best] ? row : best));
    const cost = problem.costs[candidate];
    return { candidate, cost, spent: cost, deviations: deviationsAfter(problem, [candidate]) };
  });
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
): Omit<NextRun, "cost" | "spent" | "deviations"> {
  const { params, tokens } = train.inputs;
  const shareOf = (j: number): number => train.weights[candidate * domains.length + j];
  return {
    row: train.rowNumbers[candidate],
    params: params?.[candidate] ?? null,
    tokens: tokens?.[candidate] ?? null,
    weights: byNames(domains.map((domain, j) => [domain, shareOf(j)])),
  };
}
