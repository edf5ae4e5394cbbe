/**
 * Back-tests: a law fitted again to every prefix of the ladder, and its errors at the levels above.
 *
 * A refit must know nothing of what it predicts. It starts from random points and from the refit to
 * the prefix before, never from the fit to all runs: in a direction that a prefix leaves open a
 * refit stays where it began.
 */
import type { Watch } from "../../base/watch.ts";
import { itemAt } from "../../base/known.ts";
import { pause } from "../../base/pauses.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { recipeOf } from "../../laws/catalog/law-recipe.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings, ResidualKind } from "../../options/fit-options.ts";
import type { Samples } from "../../random/resampling.ts";
import type { Backtests } from "../result/backtests.ts";
import { isShareable } from "../search/shared-work.ts";
import type { Pool, Resources } from "../search/pool.ts";
import type { Problem, Searcher } from "../search/problem.ts";
import { isIn } from "../../records/shard.ts";
import { lossScale } from "../starts/loss-scale.ts";
import { type Refit, refit, refitIterations, type RefitTask } from "../search/refit.ts";
import type { StartSource } from "../starts/draws.ts";
import { startsFromData } from "../starts/starts.ts";
import { joinRefits } from "../common/fit-jointly.ts";
import { type Ladder, ladderOf, LEAST_FITTED, prefixSamples } from "./ladder.ts";
import {
  type RefitScore,
  type ScoredRefit,
  type ScoredRefits,
  scorer,
  scoringRefits,
} from "./score-refits.ts";

/** Random starts of each refit. */
const RANDOM = 16;

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
  law: TestedLaw,
  ladder: Ladder,
  runs: Runs,
  settings: FitSettings,
  resources: Resources,
  watch: Watch,
): Promise<(Backtests | undefined)[]> {
  const { pool } = resources;
  // Targets that have parameters in common are refitted together, by each shard.
  const isJoint = settings.common.length > 0;
  const whole = { from: 0, to: law.best.length };
  const own = isJoint ? whole : (pool.plan?.deal(law.best.length) ?? whole);
  const tested = { ...law, best: law.best.map((fit, t) => (isIn(own, t) ? fit : undefined)) };
  const work = { tested, ladder, runs, settings };
  const scores = new RefitScores(work, pool);
  const count = prefixesOf(ladder);
  let before: readonly (Refit | undefined)[] = [];
  const prefixes = tested.best.every((fit) => fit === undefined) ? 0 : count;
  const searcher = prefixes === 0 ? law.searcher : await searcherOf(work, resources);
  for (let n = 0; n < prefixes && watch.signal?.aborted !== true; n++) {
    const part: Watch = {
      signal: watch.signal,
      tick: (done) => watch.tick((n + done) / count),
    };
    watch.tick(n / count);
    const prefix = prefixOf(work, LEAST_FITTED + n);
    const task = taskOf(work, prefix, before);
    const alone = await refit(task, searcher, pool, part);
    const refits = isJoint ? await joinRefits(task, settings.common, alone, 0, pool, part) : alone;
    before = refits.map(([only]) => only);
    await scores.add(prefix, before);
  }
  const all = await scores.all();
  return tested.best.map((_, target) => sectionOf(work, target, all.map((of) => of[target]))); // prettier-ignore
}

/** Back-tests under way. */
interface Work {
  readonly tested: TestedLaw;
  readonly ladder: Ladder;
  readonly runs: Runs;
  readonly settings: FitSettings;
}

/**
 * What searches the refits: that of the search, or float64 where this is done while the kernel
 * would compile that weighs runs by level.
 */
async function searcherOf(
  { tested: { problem, best, searcher }, ladder, settings }: Work,
  { searcherFor }: Resources,
): Promise<Searcher> {
  if (searcher.kind === "cpu") return searcher;
  const iterations = backtestIterations(ladder, best.length, settings);
  const prefixes = { ...problem, samples: prefixSamples(ladder) };
  const own = await searcherFor(prefixes, { iterations });
  return own.kind === "cpu" ? own : searcher;
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

/** By target, what the refits to a prefix say of the levels above; undefined without a refit. */
type PrefixScores = readonly (RefitScore | undefined)[];

/** Scores of refits, which other threads make while the next prefix is searched. */
class RefitScores {
  readonly #work: Work;
  /** By other threads; undefined where this one has to. */
  readonly #byThreads: Scoring | undefined;
  readonly #here: Scoring;
  readonly #scores: Promise<PrefixScores>[] = [];

  constructor(work: Work, pool: Pool) {
    this.#work = work;
    this.#byThreads = scoringByThreads(work, pool);
    this.#here = scoringHere(work);
  }

  /** Scores the refits to a prefix; where it is this thread that does, it waits for that. */
  async add(prefix: Prefix, refits: readonly (Pick<Refit, "theta"> | undefined)[]): Promise<void> {
    const items = refits.flatMap((refitted, target): ScoredRefit[] => {
      if (refitted === undefined) return [];
      const { fitted, scales } = prefix;
      return [{ target, fitted, scale: itemAt(scales, target), theta: refitted.theta }];
    });
    const scores = (this.#byThreads ?? this.#here)(items).then((made): PrefixScores => {
      const byTarget = new Map(items.map(({ target }, n) => [target, made[n]]));
      return refits.map((_, target) => byTarget.get(target));
    });
    scores.catch(() => undefined); // who asks for all of them is told
    this.#scores.push(scores);
    if (this.#byThreads === undefined) await scores;
  }

  /** Those of all prefixes, and of the fit to all levels the noise; none without a prefix. */
  async all(): Promise<readonly PrefixScores[]> {
    const { tested, ladder } = this.#work;
    if (this.#scores.length > 0) await this.add(prefixOf(this.#work, ladder.levels.length), tested.best); // prettier-ignore
    return Promise.all(this.#scores);
  }
}

/** What scores refits, in their order. */
type Scoring = (refits: readonly ScoredRefit[]) => Promise<RefitScore[]>;

const subjectOf = ({ ladder, runs, settings }: Work): ScoredRefits => ({
  train: runs.train,
  ladder,
  residual: settings.residual,
});

/** Undefined where there are no other threads, or they cannot know the law. */
function scoringByThreads(work: Work, pool: Pool): Scoring | undefined {
  const { law, problem, best } = work.tested;
  if (!isShareable(best.length, law.size, work.runs.train)) return undefined;
  const recipe = recipeOf(law, work.settings);
  if (recipe === undefined || pool.share === undefined) return undefined;
  const share = pool.share.bind(pool);
  const subject = { ...subjectOf(work), law: recipe };
  return (refits) => share(scoringRefits, { problem, subject }, refits);
}

/** One at a time, with pauses. */
function scoringHere(work: Work): Scoring {
  const score = scorer(work.tested.law, work.tested.problem, subjectOf(work));
  return async (refits) => {
    const scores: RefitScore[] = [];
    for (const each of refits) {
      await pause();
      scores.push(score(each));
    }
    return scores;
  };
}

/**
 * What the fit file says of a target's back-tests; undefined where there is none.
 *
 * @param scores of each prefix, and of the fit to all levels
 */
function sectionOf(
  { ladder: { axis, levels }, runs, settings }: Work,
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
