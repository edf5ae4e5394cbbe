/** Back-tests: the errors of a law that was fitted to the smaller runs, at the larger ones. */
import type { Watch } from "../../base/watch.ts";
import { itemAt } from "../../base/known.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { FitSettings, ResidualKind } from "../../options/fit-options.ts";
import type { Backtests } from "../result/backtests.ts";
import { cpuSearcher, type Resources } from "../search/pool.ts";
import type { Searcher } from "../search/problem.ts";
import { searchIterations } from "../search/search.ts";
import { type Ladder, ladderOf, prefixSamples } from "./ladder.ts";
import {
  backtestIterations,
  type LadderWork,
  refitPrefixes,
  type RefittedLaw,
  type RefitScores,
} from "./refit-prefixes.ts";
import type { RefitScore } from "./score-refits.ts";

/** A law to test. */
export interface TestedLaw extends RefittedLaw {
  /** What searches it. */
  readonly searcher: Searcher;
}

/** The ladder of the runs that a bound law is fitted to. */
export const ladderFor = (
  { law }: BoundLaw,
  { train }: Pick<TestedRuns, "train">,
): Ladder | undefined => ladderOf(law.uses, train);

/** What of some runs says how they are back-tested. */
interface TestedRuns {
  readonly train: Pick<RunSet, "inputs">;
  readonly targets: readonly string[];
}

/**
 * The ladder that a law is tested on; undefined where it is not. By default a test must not cost
 * more than a fit that does all its starts. Both are counted in iterations on the same rows, never
 * in seconds: what a file has must not depend on the machine.
 */
export function plannedLadder(
  law: BoundLaw,
  runs: TestedRuns,
  settings: FitSettings,
): Ladder | undefined {
  const { backtest } = settings;
  // Back-tests refit single targets.
  const ladder = backtest === false ? undefined : ladderFor(law, runs);
  if (ladder === undefined || backtest === true) return ladder;
  const cost = backtestIterations(ladder, runs.targets.length, settings);
  return cost <= searchIterations(runs.targets.length, settings) ? ladder : undefined;
}

/** What is tested, and how. */
export interface BacktestTask extends Omit<LadderWork, "tested"> {
  readonly tested: TestedLaw;
}

/**
 * By target, the back-tests on a ladder; undefined for a target that has none. After an abort:
 * those of the prefixes that were done. Of a shard: those of its own targets.
 *
 * @param best the fits to all the runs, by target; undefined for one that is not tested
 * @param begun the same back-tests, if they were begun
 */
export async function runBacktests(
  task: BacktestTask,
  best: readonly ({ readonly theta: Float64Array } | undefined)[],
  resources: Resources,
  watch: Watch,
  begun?: BegunBacktests,
): Promise<(Backtests | undefined)[]> {
  const { pool, searcherFor } = resources;
  const refits = async (): Promise<RefitScores> => {
    const targets = task.tested.targets.filter((target) => best[target] !== undefined);
    const tested = { ...task.tested, targets };
    const searcher = targets.length === 0 ? tested.searcher : await searcherOf(task, searcherFor);
    return refitPrefixes({ ...task, tested }, () => ({ searcher, pool }), watch);
  };
  const scores = await ((await begun?.end()) ?? (await refits())).all(best, pool);
  return best.map((_, target) => sectionOf(task, target, scores.map((of) => of[target]))); // prettier-ignore
}

/** Back-tests under way, as far as they need no fit to all the runs. */
export interface BegunBacktests {
  /** The search is over: gives them all threads, and waits. Undefined where the GPU is to test. */
  end(): Promise<RefitScores | undefined>;
}

/**
 * Begins back-tests of a law that is being searched on a GPU, on threads that wait for it: the same
 * refits as after the search. Undefined where there are no such threads.
 */
export function beginBacktests(
  task: BacktestTask,
  { pool, searcherFor }: Resources,
  signal: AbortSignal | undefined,
): BegunBacktests | undefined {
  const { beside } = pool;
  const { searcher, problem } = task.tested;
  // Of a law that is searched as a sample, refits have the kernel of the search when that is over.
  const isLater = problem.samples !== undefined || task.settings.common.length > 0;
  if (beside === undefined || searcher.kind === "cpu" || isLater) return undefined;
  let present = beside;
  const begin = async (): Promise<RefitScores | undefined> => {
    const own = await searcherOf(task, searcherFor);
    if (own.kind !== "cpu") return undefined;
    const watch = { signal, tick: () => undefined };
    return refitPrefixes(task, () => ({ searcher: cpuSearcher(present), pool: present }), watch);
  };
  const scores = begin();
  scores.catch(() => undefined); // who waits for them is told
  return {
    end: () => {
      present = pool;
      return scores;
    },
  };
}

/**
 * What searches the refits: that of the search, or float64 where this is done while the kernel
 * would compile that weighs runs by level.
 */
async function searcherOf(
  { tested: { problem, searcher }, runs, ladder, settings }: BacktestTask,
  searcherFor: Resources["searcherFor"],
): Promise<Searcher> {
  if (searcher.kind === "cpu") return searcher;
  const iterations = backtestIterations(ladder, runs.targets.length, settings);
  const prefixes = { ...problem, samples: prefixSamples(ladder) };
  const own = await searcherFor(prefixes, { iterations });
  return own.kind === "cpu" ? own : searcher;
}

/**
 * What the fit file says of a target's back-tests; undefined where there is none.
 *
 * @param scores of each prefix, and of the fit to all levels
 */
function sectionOf(
  { ladder: { axis, levels }, runs, settings }: BacktestTask,
  target: number,
  scores: readonly (RefitScore | undefined)[],
): Backtests | undefined {
  const list = scores.flatMap((score) => score?.list ?? []);
  const noise = scores.at(-1)?.noise;
  if (list.length === 0 || noise === undefined) return undefined;
  const scale = scaleOf(settings.residual, itemAt(runs.train.losses, target));
  return { axis, levels, scale, noise, list };
}

/** What errors are compared by between targets. */
function scaleOf(residual: ResidualKind, losses: Float64Array): number {
  if (residual !== "raw") return 1;
  const present = losses.filter((y) => !Number.isNaN(y));
  return present.reduce((sum, y) => sum + Math.abs(y), 0) / present.length || 1;
}
