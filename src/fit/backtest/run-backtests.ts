/**
 * Back-tests: a law fitted again to every prefix of the ladder, and its errors at the levels above.
 *
 * A refit must know nothing of what it predicts. It starts from random points and from the refit to
 * the prefix before, never from the fit to all runs: in a direction that a prefix leaves open a
 * refit stays where it began.
 */
import type { Watch } from "../../base/watch.ts";
import { itemAt } from "../../base/known.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings, ResidualKind } from "../../options/fit-options.ts";
import type { Samples } from "../../random/resampling.ts";
import type { Backtest, Backtests } from "../result/backtests.ts";
import type { Pool } from "../search/pool.ts";
import { type Problem, runWeights, type Searcher } from "../search/problem.ts";
import { isIn } from "../../records/shard.ts";
import { lossScale } from "../starts/loss-scale.ts";
import { type Refit, refit, refitIterations, type RefitTask } from "../search/refit.ts";
import type { StartSource } from "../starts/draws.ts";
import { startsFromData } from "../starts/starts.ts";
import { joinRefits } from "../common/fit-jointly.ts";
import { type Ladder, ladderOf } from "./ladder.ts";
import { levelErrors, noiseAtEdge, type PrefixFit } from "./level-errors.ts";

/** Random starts of each refit. */
const RANDOM = 16;
/** One level says nothing of how a law scales. */
const LEAST_FITTED = 2;

/** A law to test, and the search that found it. */
export interface TestedLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly scales: readonly LossScale[];
  /** The fits to all the runs, by target; undefined for one that is not tested. */
  readonly best: readonly ({ readonly theta: Float64Array } | undefined)[];
  readonly searcher: Searcher;
  /** What random starts are drawn by, where that is the data. */
  readonly source?: StartSource;
}

/** How many prefixes of a ladder are fitted. */
const prefixesOf = ({ levels }: Ladder): number => levels.length - LEAST_FITTED;

/** Estimated iterations of all refits of some targets. Rows are as many as a search's. */
export const backtestIterations = (
  ladder: Ladder,
  targets: number,
  { restarts }: Pick<FitSettings, "restarts">,
): number => refitIterations(targets, prefixesOf(ladder), Math.min(RANDOM, Math.max(1, restarts)));

/** The ladder of the runs that a bound law is fitted to. */
export const ladderFor = ({ law }: BoundLaw, { train }: Runs): Ladder | undefined =>
  ladderOf(law.uses, train);

/**
 * By target, the back-tests on a ladder; undefined for a target that has none. After an abort:
 * those of the prefixes that were done. Of a shard: those of its own targets.
 */
export async function runBacktests(
  all: TestedLaw,
  ladder: Ladder,
  runs: Runs,
  settings: FitSettings,
  pool: Pool,
  watch: Watch,
): Promise<(Backtests | undefined)[]> {
  // Targets that have parameters in common are refitted together, by each shard.
  const isJoint = settings.common.length > 0;
  const whole = { from: 0, to: all.best.length };
  const own = isJoint ? whole : (pool.plan?.deal(all.best.length) ?? whole);
  const tested = { ...all, best: all.best.map((fit, t) => (isIn(own, t) ? fit : undefined)) };
  const work = { tested, ladder, runs, settings };
  const lists = tested.best.map((): Backtest[] => []);
  const count = prefixesOf(ladder);
  let before: readonly (Refit | undefined)[] = [];
  const prefixes = tested.best.every((fit) => fit === undefined) ? 0 : count;
  for (let n = 0; n < prefixes && watch.signal?.aborted !== true; n++) {
    const fitted = LEAST_FITTED + n;
    const part: Watch = {
      signal: watch.signal,
      tick: (done) => watch.tick((n + done) / count),
    };
    watch.tick(n / count);
    const prefix = prefixOf(work, fitted);
    const task = taskOf(work, prefix, before);
    const alone = await refit(task, tested.searcher, pool, part);
    const refits = isJoint ? await joinRefits(task, settings.common, alone, 0, pool, part) : alone;
    before = refits.map(([only]) => only);
    for (const [target, refitted] of before.entries())
      if (refitted !== undefined)
        lists[target].push(
          ...levelErrors(
            { ...pointOf(work, prefix, target), theta: refitted.theta },
            runs.train,
            weightsOf(tested.problem, target),
          ),
        );
  }
  return lists.map((list, target) => sectionOf(work, target, list));
}

/** Back-tests under way. */
interface Work {
  readonly tested: TestedLaw;
  readonly ladder: Ladder;
  readonly runs: Runs;
  readonly settings: FitSettings;
}

/** The first levels of a ladder. */
interface Prefix {
  /** How many levels. */
  readonly fitted: number;
  /** The runs of those levels as the one sample. */
  readonly problem: Problem & { readonly samples: Samples };
  /** Of the losses of those levels: starts must not know of the others. */
  readonly scales: readonly LossScale[];
}

/** The runs of the first levels of a ladder as one sample; by default as few as are fitted. */
export const prefixSamples = ({ levels, levelOf }: Ladder, fitted = LEAST_FITTED): Samples => ({
  count: 1,
  blocks: levels.length,
  blockOf: levelOf,
  source: {
    kind: "given",
    weights: Uint32Array.from(levels, (_, level) => (level < fitted ? 1 : 0)),
  },
});

function prefixOf({ tested, ladder, runs }: Work, fitted: number): Prefix {
  const { levelOf } = ladder;
  return {
    fitted,
    problem: { ...tested.problem, samples: prefixSamples(ladder, fitted) },
    scales: runs.train.losses.map((y, target) => {
      const known = y.filter((_, row) => levelOf[row] < fitted);
      return known.every(Number.isNaN) ? tested.scales[target] : lossScale(known);
    }),
  };
}

function taskOf(
  { tested: { law, best, source }, settings: { restarts, seed } }: Work,
  { problem, scales }: Prefix,
  before: readonly (Refit | undefined)[],
): RefitTask {
  const random = Math.min(RANDOM, Math.max(1, restarts));
  const isDrawn = source !== undefined && startsFromData(law);
  const anchors = best.map((fit, target) => {
    if (fit === undefined) return undefined;
    const smaller = before[target];
    return [
      ...(smaller === undefined ? [] : [smaller.theta]),
      ...(isDrawn ? source.random(target, seed, random) : []),
    ];
  });
  return { law, problem, scales, anchors, seed, random: isDrawn ? 0 : random };
}

/** A target's refit to a prefix, but for where it came to. */
const pointOf = (
  { tested: { law }, ladder, settings: { residual } }: Work,
  { fitted, problem, scales }: Prefix,
  target: number,
): Omit<PrefixFit, "theta"> => ({
  law,
  problem: weighed(problem),
  target,
  scale: itemAt(scales, target),
  ladder,
  fitted,
  residual,
});

/** What the fit file says of a target's back-tests; undefined where there is none. */
function sectionOf(work: Work, target: number, list: readonly Backtest[]): Backtests | undefined {
  const { tested, ladder, runs, settings } = work;
  const best = tested.best[target];
  if (best === undefined || list.length === 0) return undefined;
  const { axis, levels } = ladder;
  const all = { ...pointOf(work, prefixOf(work, levels.length), target), theta: best.theta };
  const noise = noiseAtEdge(all, runs.train, weightsOf(tested.problem, target));
  if (noise === undefined) return undefined;
  const scale = scaleOf(settings.residual, itemAt(runs.train.losses, target));
  return { axis, levels, scale, noise, list };
}

/** What errors are compared by between targets. */
function scaleOf(residual: ResidualKind, losses: Float64Array): number {
  if (residual !== "raw") return 1;
  const present = losses.filter((y) => !Number.isNaN(y));
  return present.reduce((sum, y) => sum + Math.abs(y), 0) / present.length || 1;
}

/** The problem with what a prefix leaves out at weight 0. */
function weighed(problem: Problem): Problem {
  const weights = problem.packed.weights.map((_, target) =>
    runWeights(problem, { target, theta: new Float64Array() }),
  );
  return { ...problem, packed: { ...problem.packed, weights } };
}

/** What each row weighs in a target, by row; 0 where its loss is missing. */
function weightsOf({ packed }: Problem, target: number): Float64Array {
  const byRow = new Float64Array(packed.order.length);
  for (const [at, row] of packed.order.entries()) byRow[row] = packed.weights[target][at];
  return byRow;
}
