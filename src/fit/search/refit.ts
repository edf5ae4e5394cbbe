/**
 * A law fitted again to samples of the same runs (bootstrap replicates, the jackknife, folds), all
 * samples and targets as one batch. Each starts from anchors and from random points, so that a
 * sample whose best basin is another one finds it. The best of a sample's starts is polished in
 * float64.
 */
import { type Samples, slice } from "../../random/resampling.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { Pool } from "./pool.ts";
import {
  type Found,
  type Problem,
  type Searcher,
  type Start,
  startsAtOnce,
  type Watch,
} from "./problem.ts";
import { replicateStart } from "./starts.ts";

/**
 * Iterations of the search: for each start; for random ones, as far as a first search goes; and for
 * the best of a sample's starts.
 */
const WARM = 8;
const COLD = 32;
const BEST = 96;
/** Damping to start from an anchor with: the optimum of a sample is not far from it. */
const NEAR = 1e-4;
/**
 * Laws with terms that can take each other's place have long flat valleys. One standard error of
 * any combination of parameters raises the objective by about 1/runs of itself: a refit has
 * converged when the estimated distance to the minimum is no more than this share of that. (Of 120
 * replicates of the additive law all then ended within 6e-6 of what 3000 iterations reach; with the
 * gain of the last 5 iterations as the criterion, one in ten was 4e-5 away and one in a hundred
 * 1e-3.)
 */
const STILL = 0.005;
const POLISH = {
  iterations: 200,
  tolerance: 1e-12,
  gradient: 1e-7,
  newton: true,
  exact: false,
} as const;
/**
 * Estimated distance to the minimum, as a share of the objective, at which a refit on so many runs
 * has converged.
 */
export const toleranceOf = (runs: number): number => STILL / runs;
/**
 * Iterations of single fits that so many samples take, with up to three starts near optima and
 * `random` others, the polish aside: a quarter of `BEST` is usual.
 */
export const refitIterations = (targets: number, samples: number, random: number): number =>
  targets * samples * (3 * WARM + random * COLD + BEST / 4);
/** Another basin is better when its objective is lower by this. */
const OTHER = 1e-3;
/** Of the samples' weights at once: bounds the memory, as `startsAtOnce` does. */
const BYTES = 64 * 2 ** 20;

export interface RefitTask {
  readonly law: BoundLaw;
  /** Its `samples` are what is fitted. */
  readonly problem: Problem & { readonly samples: Samples };
  /** One a target. */
  readonly scales: readonly LossScale[];
  /**
   * Points to start from, by target, best first, or none; undefined for a target that is not
   * fitted. Where the runs that a sample leaves out are to be predicted, no fit of all the runs may
   * be among them: in a direction that the sample leaves open a refit stays where it began, and
   * would keep what that fit has seen.
   */
  readonly anchors: readonly (readonly Float64Array[] | undefined)[];
  readonly seed: number;
  /** Random starts a sample, besides; 0.25 gives one to every fourth sample. */
  readonly random: number;
}

export interface Refit {
  readonly theta: Float64Array;
  /** Mean over the sample's runs. */
  readonly objective: number;
  /** Whether the polish ended by itself: at a stationary point, or by `toleranceOf`. */
  readonly converged: boolean;
  /**
   * Whether another start ended lower by 0.1 % than the first: that from the best anchor, where
   * there is one.
   */
  readonly other: boolean;
}

/**
 * By target, by sample. After an abort: of each target the samples that were done, the same ones
 * for all.
 */
export async function refit(
  task: RefitTask,
  searcher: Searcher,
  pool: Pool,
  watch: Watch,
): Promise<Refit[][]> {
  const { problem, anchors } = task;
  const { samples } = problem;
  const targets = fitted(task);
  const each = targets.reduce(
    (sum, t) => sum + (anchors[t]?.length ?? 0) + Math.ceil(task.random),
    0,
  );
  const room = Math.min(
    startsAtOnce(task.law.size) / Math.max(1, each),
    BYTES / (4 * samples.blocks),
  );
  const size = Math.max(1, Math.floor(room));
  const all: Refit[][] = anchors.map(() => []);
  for (let from = 0; from < samples.count; from += size) {
    const to = Math.min(from + size, samples.count);
    const part: Watch = {
      signal: watch.signal,
      tick: (done) => watch.tick((from + done * (to - from)) / samples.count),
    };
    const found = await slab(task, from, to, searcher, pool, part);
    // The samples that every target has finished.
    const done = Math.min(
      ...found.map((of) => (of.includes(undefined) ? of.indexOf(undefined) : of.length)),
    );
    for (const [t, of] of found.entries())
      for (const one of of.slice(0, done)) if (one !== undefined) all[targets[t]].push(one);
    if (done < to - from) break;
  }
  return all;
}

const fitted = ({ anchors }: RefitTask): number[] =>
  [...anchors.keys()].filter((t) => anchors[t] !== undefined);

type Case = Start & { readonly sample: number };

/** By target that is fitted. */
async function slab(
  task: RefitTask,
  from: number,
  to: number,
  searcher: Searcher,
  pool: Pool,
  watch: Watch,
): Promise<(Refit | undefined)[][]> {
  const { law, anchors, scales, seed } = task;
  const targets = fitted(task);
  const problem: Problem = {
    ...task.problem,
    samples: slice(task.problem.samples, from, to),
  };
  const numbers = Array.from({ length: to - from }, (_, s) => s);
  // Neighbouring lanes are neighbouring samples: they read neighbouring weights.
  const warm: Case[] = targets.flatMap((target) => {
    const points = anchors[target] ?? [];
    return points.flatMap((theta) =>
      numbers.map((sample) => ({ target, sample, theta, lambda: NEAR })),
    );
  });
  const cold: Case[] = targets.flatMap((target) =>
    numbers.flatMap((sample) => {
      const [first, next] = [0, 1].map((step) => Math.floor((from + sample + step) * task.random));
      return Array.from({ length: next - first }, (_, j) => ({
        target,
        sample,
        theta: replicateStart(law, scales[target], seed, first + j),
      }));
    }),
  );
  const stage = (low: number, high: number): Watch => ({
    signal: watch.signal,
    tick: (done) => watch.tick(low + done * (high - low)),
  });
  const search = async (
    cases: readonly Case[],
    iterations: number,
    part: Watch,
  ): Promise<Found[]> =>
    cases.length === 0 ? [] : searcher.search(problem, cases, iterations, part);
  const ends = [
    ...(await search(warm, WARM, stage(0, 0.3))),
    ...(await search(cold, COLD, stage(0.3, 0.5))),
  ];
  const ranked = targets.map(() => numbers.map((): Ended[] => []));
  for (const [i, start] of [...warm, ...cold].entries())
    ranked[targets.indexOf(start.target)][start.sample].push({ start, end: ends[i] });
  const cases = numbers.flatMap((sample) => ranked.map((of) => leading(of[sample])));
  const further = await search(cases, BEST, stage(0.5, 0.7));
  const found = cases.map((one, i) =>
    further[i].objective < one.objective ? { ...one, ...further[i] } : one,
  );
  return polish(problem, targets, numbers, found, pool, stage(0.7, 1));
}

interface Ended {
  readonly start: Case;
  readonly end: Found;
}

interface Leading extends Case {
  readonly objective: number;
  readonly other: boolean;
}

/** The best end of one target's and sample's starts. */
function leading(ends: readonly Ended[]): Leading {
  const [first] = ends;
  const { start, end } = ends.reduce((a, b) => (b.end.objective < a.end.objective ? b : a));
  // Where nothing is finite, the polish will say so too.
  const theta = Number.isFinite(end.objective) ? end.theta : start.theta;
  return {
    ...start,
    theta,
    lambda: end.lambda,
    objective: end.objective,
    other: end.objective < first.end.objective * (1 - OTHER),
  };
}

/** Cases are sample by sample, so that an abort leaves whole samples. */
async function polish(
  problem: Problem,
  targets: readonly number[],
  numbers: readonly number[],
  cases: readonly Leading[],
  pool: Pool,
  watch: Watch,
): Promise<(Refit | undefined)[][]> {
  const options = { ...POLISH, distance: toleranceOf(problem.packed.order.length) };
  const ends = await pool.run(problem, cases, options, watch);
  return targets.map((_, t) =>
    numbers.map((sample) => {
      const i = sample * targets.length + t;
      const { theta, objective, ending } = ends[i];
      return ending === "interrupted"
        ? undefined
        : { theta, objective, other: cases[i].other, converged: ending === "converged" };
    }),
  );
}
