/**
 * A law fitted again to every prefix of a ladder, and what that says of the levels above.
 *
 * A refit must know nothing of what it predicts. It starts from random points and from the refit to
 * the prefix before, never from the fit to all runs: in a direction that a prefix leaves open a
 * refit stays where it began. So refits can be made before there is a fit to all runs, too.
 */
import type { Watch } from "../../base/watch.ts";
import { itemAt } from "../../base/known.ts";
import { pause } from "../../base/pauses.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { type LawRecipe, recipeOf } from "../../laws/catalog/law-recipe.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { Samples } from "../../random/resampling.ts";
import { isIn } from "../../records/shard.ts";
import { joinRefits } from "../common/fit-jointly.ts";
import type { Pool } from "../search/pool.ts";
import type { Problem, Searcher } from "../search/problem.ts";
import { type Refit, refit, refitIterations, type RefitTask } from "../search/refit.ts";
import { isShareable } from "../search/shared-work.ts";
import type { StartSource } from "../starts/draws.ts";
import { lossScale } from "../starts/loss-scale.ts";
import { startsFromData } from "../starts/starts.ts";
import { type Ladder, LEAST_FITTED, prefixSamples } from "./ladder.ts";
import {
  type RefitScore,
  type ScoredRefit,
  type ScoredRefits,
  scorer,
  scoringRefits,
} from "./score-refits.ts";

/** Random starts of each refit. */
const RANDOM = 16;

/** A law to refit. */
export interface RefittedLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target. */
  readonly scales: readonly LossScale[];
  /** The targets that it is refitted to. */
  readonly targets: readonly number[];
  /** What random starts are drawn by, where that is the data. */
  readonly source?: StartSource;
}

/** Refits to make. */
export interface LadderWork {
  readonly tested: RefittedLaw;
  readonly ladder: Ladder;
  readonly runs: Runs;
  readonly settings: FitSettings;
}

/** What refits are made on. */
export interface RefitResources {
  readonly searcher: Searcher;
  readonly pool: Pool;
}

/** How many prefixes of a ladder are fitted. */
const prefixesOf = ({ levels }: Ladder): number => levels.length - LEAST_FITTED;

/** Estimated iterations of all refits of some targets. Rows are as many as a search's. */
export const backtestIterations = (
  ladder: Ladder,
  targets: number,
  { restarts }: Pick<FitSettings, "restarts">,
): number => refitIterations(targets, prefixesOf(ladder), Math.min(RANDOM, Math.max(1, restarts)));

/**
 * Refits to all prefixes, scored. After an abort: to those that were done. Of a shard: of its own
 * targets.
 *
 * @param present what the next refits are to be made on; asked before each prefix
 */
export async function refitPrefixes(
  work: LadderWork,
  present: () => RefitResources,
  watch: Watch,
): Promise<RefitScores> {
  const { runs, ladder, settings } = work;
  const { plan } = present().pool;
  // Targets that have parameters in common are refitted together, by each shard.
  const isJoint = settings.common.length > 0;
  const whole = { from: 0, to: runs.targets.length };
  const own = isJoint ? whole : (plan?.deal(runs.targets.length) ?? whole);
  const targets = work.tested.targets.filter((target) => isIn(own, target));
  const dealt = { ...work, tested: { ...work.tested, targets } };
  const scores = new RefitScores(dealt);
  const count = prefixesOf(ladder);
  let before: readonly (Refit | undefined)[] = [];
  for (let n = 0; targets.length > 0 && n < count && watch.signal?.aborted !== true; n++) {
    const part: Watch = {
      signal: watch.signal,
      tick: (done) => watch.tick((n + done) / count),
    };
    watch.tick(n / count);
    const { searcher, pool } = present();
    const prefix = prefixOf(dealt, LEAST_FITTED + n);
    const task = taskOf(dealt, prefix, before);
    const alone = await refit(task, searcher, pool, part);
    const refits = isJoint ? await joinRefits(task, settings.common, alone, 0, pool, part) : alone;
    before = refits.map(([only]) => only);
    await scores.add(prefix, before, pool);
  }
  return scores;
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

function prefixOf({ tested, ladder, runs }: LadderWork, fitted: number): Prefix {
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
  { tested: { law, targets, source }, runs, settings: { restarts, seed } }: LadderWork,
  { problem, scales }: Prefix,
  before: readonly (Refit | undefined)[],
): RefitTask {
  const random = Math.min(RANDOM, Math.max(1, restarts));
  const isDrawn = source !== undefined && startsFromData(law);
  const anchors = runs.targets.map((_, target) => {
    if (!targets.includes(target)) return undefined;
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

/** Points of a law, by target; undefined for a target that has none. */
type Points = readonly ({ readonly theta: Float64Array } | undefined)[];

/** Scores of refits, which other threads make while the next prefix is searched. */
export class RefitScores {
  readonly #work: LadderWork;
  readonly #subject: ScoredRefits;
  /** The same as other threads can know it; undefined where they cannot, or need not. */
  readonly #shared: (ScoredRefits & { readonly law: LawRecipe }) | undefined;
  #scorer: ReturnType<typeof scorer> | undefined;
  readonly #scores: Promise<PrefixScores>[] = [];

  constructor(work: LadderWork) {
    const { tested, ladder, runs, settings } = work;
    this.#work = work;
    this.#subject = { train: runs.train, ladder, residual: settings.residual };
    const isWorthIt = isShareable(tested.targets.length, tested.law.size, runs.train);
    const recipe = isWorthIt ? recipeOf(tested.law, settings) : undefined;
    this.#shared = recipe && { ...this.#subject, law: recipe };
  }

  /** Scores the refits to a prefix; where it is this thread that does, it waits for that. */
  async add(
    { fitted, scales }: Pick<Prefix, "fitted" | "scales">,
    refits: Points,
    pool: Pool,
  ): Promise<void> {
    const items = refits.flatMap((refitted, target): ScoredRefit[] => {
      if (refitted === undefined) return [];
      return [{ target, fitted, scale: itemAt(scales, target), theta: refitted.theta }];
    });
    const byThreads = this.#byThreads(items, pool);
    const scores = (byThreads ?? this.#here(items)).then((made): PrefixScores => {
      const byTarget = new Map(items.map(({ target }, n) => [target, made[n]]));
      return refits.map((_, target) => byTarget.get(target));
    });
    scores.catch(() => undefined); // who asks for all of them is told
    this.#scores.push(scores);
    if (byThreads === undefined) await scores;
  }

  /**
   * Those of all prefixes, and of the fits to all levels, which tell the noise; none without a
   * prefix. @param best the fits, of which only those of targets that were refitted count
   */
  async all(best: Points, pool: Pool): Promise<readonly PrefixScores[]> {
    const { tested, ladder } = this.#work;
    const own = best.map((fit, target) => (tested.targets.includes(target) ? fit : undefined));
    if (this.#scores.length > 0) await this.add(prefixOf(this.#work, ladder.levels.length), own, pool); // prettier-ignore
    return Promise.all(this.#scores);
  }

  /** In their order; undefined where there are no other threads, or they cannot know the law. */
  #byThreads(refits: readonly ScoredRefit[], pool: Pool): Promise<RefitScore[]> | undefined {
    const { problem } = this.#work.tested;
    const subject = this.#shared;
    return subject && pool.share?.(scoringRefits, { problem, subject }, refits);
  }

  /** One at a time, with pauses. */
  async #here(refits: readonly ScoredRefit[]): Promise<RefitScore[]> {
    const { law, problem } = this.#work.tested;
    this.#scorer ??= scorer(law, problem, this.#subject);
    const scores: RefitScore[] = [];
    for (const each of refits) {
      await pause();
      scores.push(this.#scorer(each));
    }
    return scores;
  }
}
