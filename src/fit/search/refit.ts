/**
 * A law fitted again to samples of the same runs (bootstrap replicates, the jackknife, folds), all
 * samples and targets as one batch. Each starts from anchors and from random points, so that a
 * sample whose best basin is another one finds it. The best of a sample's starts is polished in
 * float64.
 */
import type { Watch } from "../../base/watch.ts";
import { type Samples, slice } from "../../random/resampling.ts";
import type { PieceRange } from "../../records/shard.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { Pool } from "./pool.ts";
import { type Problem, type Searcher, type Start, type StartEnd, startsAtOnce } from "./problem.ts";
import type { StartSource } from "../starts/draws.ts";
import { replicateStart, startsFromData } from "../starts/starts.ts";

/**
 * Iterations of the search: for each start; for random ones, as far as a first search goes; and for
 * the best of a sample's starts.
 */
const WARM = 8;
const COLD = 32;
const BEST = 96;
/** How to start from an anchor: the optimum of a sample is not far from it. */
const NEAR = { lambda: 1e-4, near: true } as const;
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
 * The estimated distance to the minimum, as a share of the objective, at which a refit has
 * converged. `runs`: the number of runs.
 */
export const toleranceOf = (runs: number): number => STILL / runs;
/**
 * Estimated iterations of all the fits to some samples, without the polish. A sample has up to
 * three starts near optima and `random` others; its best start usually takes a sixth of `BEST`.
 */
export const refitIterations = (targets: number, samples: number, random: number): number =>
  targets * samples * (3 * WARM + random * COLD + BEST / 6);
/** Another basin is better when its objective is lower by this. */
const OTHER = 1e-3;
/**
 * Starts at once for each thread, where the CPU searches: enough to keep threads busy, and few, so
 * that work that is stopped has done some samples to their end. A GPU is busy with many only, and
 * has more at once.
 */
const THREAD_STARTS = 256;
/** Where the GPU searches: starts for so many seconds, and the iterations that most take. */
const GPU_WORK = { seconds: 4, iterations: 40 } as const;
/** Of the samples' weights at once: bounds the memory, as `startsAtOnce` does. */
const BYTES = 64 * 2 ** 20;

/** A law, the samples to fit it to, and the points to start from. */
export interface RefitTask {
  readonly law: BoundLaw;
  /** The law is fitted to each of its `samples`. */
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
  /** What random starts are drawn by. Default: the law's own ranges. */
  readonly source?: StartSource;
  /** Random starts a sample, in addition to the anchors; 0.25 gives one to every fourth sample. */
  readonly random: number;
  /** The samples that are fitted; undefined for all. */
  readonly own?: PieceRange | undefined;
}

/** A fit to one sample. */
export interface Refit {
  readonly theta: Float64Array;
  /** Mean over the sample's runs. */
  readonly objective: number;
  /** Whether the polish ended by itself: at a stationary point, or by `toleranceOf`. */
  readonly converged: boolean;
  /**
   * Whether another start ended lower by 0.1 % than the first, both followed to the end: that from
   * the best anchor, where there is one.
   */
  readonly other: boolean;
}

/**
 * By target, by sample, those of `own`. After an abort: of each target the samples that were done,
 * the same ones for all.
 */
export async function refit(
  task: RefitTask,
  searcher: Searcher,
  pool: Pool,
  watch: Watch,
): Promise<Refit[][]> {
  const { count } = task.problem.samples;
  const size = slabSize(task, startsOf(task.problem, searcher, pool));
  const refits: Refit[][] = task.anchors.map(() => []);
  const own = task.own ?? { from: 0, to: count };
  const done = (sample: number): number => (sample - own.from) / (own.to - own.from);
  for (let { from } = own; from < own.to; from += size) {
    const to = Math.min(from + size, own.to);
    const slab = slabOf(task, from, to);
    const part = partOf(watch, done(from), done(to));
    const polished = await fitSlab(slab, searcher, pool, part);
    for (const [t, target] of slab.targets.entries())
      for (const ofTargets of polished) refits[target].push(ofTargets[t]);
    if (polished.length < to - from) break;
  }
  return refits;
}

/** Starts that are searched at once, at most: what becomes of each does not depend on it. */
function startsOf(problem: Problem, searcher: Searcher, { threads }: Pool): number {
  if (searcher.kind === "cpu") return THREAD_STARTS * threads;
  const each = searcher.secondsFor?.(problem, GPU_WORK.iterations) ?? 0;
  return Math.max(THREAD_STARTS, GPU_WORK.seconds / each);
}

/** How many samples are fitted at once. @param most starts, at most */
function slabSize({ law, problem, anchors, random }: RefitTask, most: number): number {
  const starts = anchors.reduce(
    (sum, points) => sum + (points === undefined ? 0 : points.length + Math.ceil(random)),
    0,
  );
  const room = Math.min(
    Math.min(most, startsAtOnce(law.size)) / Math.max(1, starts),
    BYTES / (4 * problem.samples.blocks),
  );
  return Math.max(1, Math.floor(room));
}

/** Samples `first` … `first` + `count` − 1 of a task, by themselves. */
interface Slab {
  readonly task: RefitTask;
  readonly problem: Problem;
  readonly first: number;
  readonly count: number;
  /** The targets that are fitted. */
  readonly targets: readonly number[];
}

function slabOf(task: RefitTask, from: number, to: number): Slab {
  const { problem, anchors } = task;
  return {
    task,
    problem: { ...problem, samples: slice(problem.samples, from, to) },
    first: from,
    count: to - from,
    targets: [...anchors.keys()].filter((target) => anchors[target] !== undefined),
  };
}

/** A watch of the part of the work from `low` to `high`. */
const partOf = ({ signal, tick }: Watch, low: number, high: number): Watch => ({
  signal,
  tick: (done) => tick(low + done * (high - low)),
});

/** A start on a sample of the slab. */
type SampleStart = Start & { readonly sample: number };

/** By sample, by target that is fitted. After an abort: the first samples, those that were done. */
async function fitSlab(
  slab: Slab,
  searcher: Searcher,
  pool: Pool,
  watch: Watch,
): Promise<Refit[][]> {
  const release = searcher.hold?.(slab.problem);
  const searched = searchSlab(slab, searcher, partOf(watch, 0, 0.7));
  const { leaders, best } = await searched.finally(release);
  return polish(slab, leaders, best, pool, partOf(watch, 0.7, 1));
}

/** The leaders, and they and then their rivals as far as the search comes. */
async function searchSlab(
  slab: Slab,
  searcher: Searcher,
  watch: Watch,
): Promise<{ readonly leaders: readonly Leader[]; readonly best: readonly Followed[] }> {
  const search = async (
    starts: readonly SampleStart[],
    iterations: number,
    part: Watch,
  ): Promise<StartEnd[]> =>
    starts.length === 0 ? [] : searcher.search(slab.problem, starts, iterations, part);
  const warm = warmStarts(slab);
  const warmEnds = search(warm, WARM, partOf(watch, 0, 0.4));
  // Drawn meanwhile, by a thread that would else wait for a GPU.
  const cold = coldStarts(slab);
  const ends = [...(await warmEnds), ...(await search(cold, COLD, partOf(watch, 0.4, 0.7)))];
  const leaders = leadersOf(slab, [...warm, ...cold], ends);
  const followed = [...leaders, ...leaders.flatMap(({ rival }) => rival ?? [])];
  const further = await search(followed, BEST, partOf(watch, 0.7, 1));
  const best = followed.map((start, i) =>
    further[i].objective < start.objective ? { ...start, ...further[i] } : start,
  );
  return { leaders, best };
}

const samplesOf = ({ count }: Slab): number[] => Array.from({ length: count }, (_, s) => s);

/**
 * From the anchors. Neighbouring lanes are neighbouring samples: they read neighbouring weights.
 */
const warmStarts = (slab: Slab): SampleStart[] =>
  slab.targets.flatMap((target) =>
    (slab.task.anchors[target] ?? []).flatMap((theta) =>
      samplesOf(slab).map((sample) => ({ target, sample, theta, ...NEAR })),
    ),
  );

/** From random points: `random` a sample, numbered over all the samples of the task. */
function coldStarts(slab: Slab): SampleStart[] {
  const { law, scales, seed, random, source } = slab.task;
  const drawn = (target: number, n: number): Float64Array =>
    source !== undefined && startsFromData(law)
      ? source.random(target, seed, 1, n)[0]
      : replicateStart(law, scales[target], seed, n);
  return slab.targets.flatMap((target) =>
    samplesOf(slab).flatMap((sample) => {
      const number = slab.first + sample;
      const [first, next] = [Math.floor(number * random), Math.floor((number + 1) * random)];
      return Array.from({ length: next - first }, (_, j) => ({
        target,
        sample,
        theta: drawn(target, first + j),
      }));
    }),
  );
}

/** The end of a start, to go on from. */
interface Followed extends SampleStart {
  readonly objective: number;
}

/** The best end of a target's and sample's starts. */
interface Leader extends Followed {
  /**
   * The end of the first start where it is clearly worse so far. A few iterations do not tell
   * another basin from a slow way: it is followed too.
   */
  readonly rival: Followed | undefined;
}

/** Sample by sample, target by target, so that an abort leaves whole samples. */
function leadersOf(
  slab: Slab,
  starts: readonly SampleStart[],
  ends: readonly StartEnd[],
): Leader[] {
  const { targets, count } = slab;
  const byCase = Array.from({ length: count * targets.length }, (): number[] => []);
  for (const [i, { sample, target }] of starts.entries())
    byCase[sample * targets.length + targets.indexOf(target)].push(i);
  const followedAt = (i: number): Followed => {
    const [start, end] = [starts[i], ends[i]];
    return {
      ...start,
      // Where nothing is finite, the polish will say so too.
      theta: Number.isFinite(end.objective) ? end.theta : start.theta,
      lambda: end.lambda,
      near: true,
      objective: end.objective,
    };
  };
  return byCase.map((cases) => {
    const lead = cases.reduce((a, b) => (ends[b].objective < ends[a].objective ? b : a));
    const [first] = cases;
    const isClear = ends[lead].objective < ends[first].objective * (1 - OTHER);
    return { ...followedAt(lead), rival: isClear ? followedAt(first) : undefined };
  });
}

/**
 * By sample, by target; the samples before the first that an abort left a target of.
 *
 * @param followed the leaders as far as they came, then their rivals
 */
async function polish(
  { problem, targets, count }: Slab,
  leaders: readonly Leader[],
  followed: readonly Followed[],
  pool: Pool,
  watch: Watch,
): Promise<Refit[][]> {
  const options = { ...POLISH, distance: toleranceOf(problem.packed.order.length) };
  const ends = await pool.run(problem, followed, options, watch);
  const left = ends.slice(0, leaders.length).findIndex(({ ending }) => ending === "interrupted");
  const done = left < 0 ? count : Math.floor(left / targets.length);
  let next = leaders.length;
  const rivals = leaders.map(({ rival }) => (rival === undefined ? undefined : ends[next++]));
  return Array.from({ length: done }, (_, sample) =>
    targets.map((__, t) => {
      const i = sample * targets.length + t;
      return better(ends[i], rivals[i]);
    }),
  );
}

/** The better of a leader's end and its rival's, the end of the first start. */
function better(leader: StartEnd, rival: StartEnd | undefined): Refit {
  const isRival = rival !== undefined && rival.objective < leader.objective;
  const { theta, objective, ending } = isRival ? rival : leader;
  const other = rival !== undefined && leader.objective < rival.objective * (1 - OTHER);
  return { theta, objective, other, converged: ending === "converged" };
}
