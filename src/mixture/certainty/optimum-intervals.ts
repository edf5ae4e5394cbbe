/** How sure an optimum is: the same request solved again for every replicate of the bootstrap. */
import { byNames } from "../../base/objects.ts";
import { AbortedError, ShardDoneError } from "../../base/errors.ts";
import { Pauses } from "../../base/pauses.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { ShardPlan } from "../../records/shard.ts";
import { interval, type Interval, quantile } from "../../stats/interval.ts";
import { correlation } from "../../stats/moments.ts";
import { byTarget, goalValue, lawValue, type OfMixture, targetLosses } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Candidate, Gain, OptimumInterval } from "../request/optimum-interval.ts";
import { type Resolved, resolver } from "../solver/resolver.ts";
import type { CandidateMixture } from "./candidates.ts";
import { gainOver, optimismOf, type Replicate } from "./gain.ts";
import { RecordedOptima, type ReplicateOptimum } from "./recorded-optima.ts";
import { lawsDrawn, replicateProblems, type Replicates, replicatesFor } from "./replicates.ts";

/**
 * By default: of best shares percentile intervals hold the truth as often as they should, BCa ones
 * a little too rarely (docs/bootstrap.md).
 */
const INTERVAL = "percentile";
/** A share below this is none. */
const NONE = 1e-6;
/** The best mixtures of the pool that a replicate is solved from. */
const FROM_POOL = 2;
/** Another basin's optimum is better by this share of the objective … */
const BETTER = 1e-7;
/** … and has this share of the data in other domains. */
const APART = 0.01;

/** The mixtures that every replicate judges besides its own optimum. */
export interface JudgedMixtures {
  /** What would be trained: the optimum, on its lattice. */
  readonly chosen: Float64Array;
  readonly candidates: readonly CandidateMixture[];
}

/** Where replicates' optima are sought: all that the search by the fits knows. */
export interface KnownMixtures {
  /** The optimum by the fits, before it was put on a lattice. */
  readonly optimum: Float64Array;
  /** The other local optima; none where the goal is convex. */
  readonly others: readonly Float64Array[];
  /** Corners, random mixtures and others: what may lie in a basin that only a replicate has. */
  readonly pool: readonly Float64Array[];
}

/** What one replicate says. */
interface Verdict extends Replicate {
  readonly certified: boolean;
  /**
   * Share of the data that its optimum has in other domains than the optimum of the basin that the
   * fits' own is in, where it is a better one; 0 where that basin has the best.
   */
  readonly moved: number;
  /** The losses of the chosen mixture by its laws, by target. */
  readonly predicted: readonly number[];
}

/**
 * Undefined where the fits have no bootstrap. The solves go from the optimum: about a millisecond
 * each at 7 domains and targets. Throws AbortedError when the signal fires, and ShardDoneError when
 * a shard's own replicates are recorded.
 * @param tick told how much is done, up to 1
 */
export async function optimumIntervals(
  file: FitFile,
  options: OptimizeOptions,
  judged: JudgedMixtures,
  known: KnownMixtures,
  tick: (done: number) => void,
): Promise<OptimumInterval | undefined> {
  // A replicate has one law only: nothing to be robust against.
  const { robust: _, solver: __, ...plain } = options;
  const { problem, solve } = resolver(file, plain);
  const stored = replicatesFor(file, problem.fits, {
    level: options.level,
    interval: options.interval ?? INTERVAL,
  });
  if (stored === undefined) return undefined;
  const { replicates, jackknife } = stored;
  const all = [...replicates, ...jackknife];
  const from = [known.optimum, ...known.others, ...known.pool];
  const laws = lawsDrawn(problem.fits, replicates.length);
  const recorded = await RecordedOptima.open(file, plain, from, all, laws);
  const problemBy = replicateProblems(problem, replicates.length);
  const verdictOf = (theta: readonly Float64Array[], n: number): Verdict => {
    const { law, moved, fitted } = problemBy(theta, n);
    const before = recorded.known(n);
    const optimum = before ?? bestFrom(known, moved, (starts) => solve({ theta, law, starts }));
    if (before === undefined) recorded.add(n, optimum);
    return verdictBy(moved, optimum, judged.chosen, fitted);
  };
  const shard = options.records?.shard;
  const own = (shard && new ShardPlan(shard).deal(all.length)) ?? { from: 0, to: all.length };
  const verdicts: Verdict[] = [];
  const pauses = new Pauses();
  for (let n = own.from; n < own.to; n++) {
    verdicts.push(verdictOf(all[n], n));
    if (!pauses.isDue()) continue;
    tick(verdicts.length / (own.to - own.from));
    await pauses.take();
    const isStopped = options.signal?.aborted === true;
    await recorded.keep(isStopped);
    if (isStopped) throw new AbortedError();
  }
  await recorded.keep(true);
  if (shard !== undefined) throw new ShardDoneError();
  const count = replicates.length;
  const ensemble = {
    verdicts: verdicts.slice(0, count),
    jackknife: verdicts.slice(count),
    level: stored.level,
    kind: stored.kind,
  };
  return summarize(problem, judged, known.optimum, ensemble);
}

/**
 * The best mixture by a replicate's laws: from the fits' optimum, from the other local optima, and
 * from the best of the pool.
 */
function bestFrom(
  { optimum, others, pool }: KnownMixtures,
  { goal }: Problem,
  solve: (starts: readonly Float64Array[]) => Resolved,
): Resolved & { readonly distance: number } {
  const near = solve([optimum]);
  const ranked = pool
    .map((h) => ({ h, value: goalValue(goal, h) }))
    .toSorted((a, b) => a.value - b.value)
    .slice(0, FROM_POOL);
  // A convex goal has no other basins, as far as the replicate's is convex too.
  const tried = others.length > 0 ? ranked : ranked.filter(({ value }) => value < near.objective);
  const starts = [...others, ...tried.map(({ h }) => h)];
  if (starts.length === 0) return { ...near, distance: 0 };
  const far = solve(starts);
  const distance = 0.5 * far.h.reduce((sum, x, i) => sum + Math.abs(x - near.h[i]), 0);
  const limit = near.objective - BETTER * Math.abs(near.objective);
  if (!(far.objective < limit) && Number.isFinite(near.objective)) return { ...near, distance: 0 };
  return { ...far, distance: distance > APART ? distance : 0 };
}

/**
 * What a replicate says.
 *
 * @param moved the problem by its laws
 * @param fitted the goal by the fits of the same, where they are not all
 */
const verdictBy = (
  moved: Problem,
  { h, certified, distance }: ReplicateOptimum,
  chosen: Float64Array,
  fitted: OfMixture | undefined,
): Verdict => ({
  h,
  certified,
  moved: distance,
  value: (mixture) => lawValue(moved.goal, mixture),
  fitted,
  predicted: lossesAt(moved, chosen),
});

/** Each target's loss at h. */
const lossesAt = (problem: Problem, h: Float64Array): number[] =>
  targetLosses(problem).map(({ loss }) => loss(h));

/** What all replicates say, and how intervals are made of it. */
interface Ensemble extends Pick<Replicates, "level" | "kind"> {
  readonly verdicts: readonly Verdict[];
  /** Those with each block of runs left out, for BCa intervals. */
  readonly jackknife: readonly Verdict[];
}

/** The interval of a number that each replicate says; `estimate` is that of the fits. */
const intervalOf = (
  { verdicts, jackknife, level, kind }: Ensemble,
  estimate: number,
  numberOf: (verdict: Verdict) => number,
): Interval => interval(kind, estimate, verdicts.map(numberOf), jackknife.map(numberOf), level);

/** How many of the replicates have their optimum in another basin, and how far away. */
function movedOf(verdicts: readonly Verdict[]): OptimumInterval["otherBasin"] {
  const moved = Float64Array.from(verdicts, (verdict) => verdict.moved)
    .filter((distance) => distance > 0)
    .sort();
  return {
    share: moved.length / verdicts.length,
    distance: moved.length === 0 ? null : quantile(moved, 0.5),
  };
}

/** @param best the optimum by the fits, before it was put on a lattice */
function summarize(
  problem: Problem,
  { chosen, candidates }: JudgedMixtures,
  best: Float64Array,
  ensemble: Ensemble,
): OptimumInterval {
  const { domains, reference, goal, losses } = problem;
  const { verdicts, level, kind } = ensemble;
  const value = (h: Float64Array): number => lawValue(goal, h);
  const byDomain = <T>(of: (i: number) => T): Record<string, T> =>
    byNames(domains.map((domain, i) => [domain, of(i)]));
  const shares = domains.map((_, i) => Float64Array.from(verdicts, ({ h }) => h[i]));
  const predicted = lossesAt(problem, chosen);
  const regrets = Float64Array.from(verdicts, ({ h, value: by }) => by(chosen) - by(h)).sort();
  const optimism = optimismOf(best, value, verdicts);
  const gain = (other: Float64Array): Gain =>
    gainOver(other, chosen, value, verdicts, level, optimism);
  return {
    replicates: verdicts.length,
    otherBasin: movedOf(verdicts),
    uncertified: verdicts.filter(({ certified }) => !certified).length,
    level,
    interval: kind,
    weights: byDomain((i) => intervalOf(ensemble, best[i], ({ h }) => h[i])),
    extremes: byDomain((i) => [Math.min(...shares[i]), Math.max(...shares[i])] as const),
    leftOut: byDomain((i) => shares[i].filter((x) => x < NONE).length / verdicts.length),
    correlation: byDomain((i) => byDomain((j) => correlation(shares[i], shares[j]))),
    optima: verdicts.map(({ h }) => [...h]),
    objective: intervalOf(ensemble, value(chosen), (verdict) => verdict.value(chosen)),
    predicted: byNames(
      byTarget(losses).map(({ target }, t) => [
        target,
        intervalOf(ensemble, predicted[t], (verdict) => verdict.predicted[t]),
      ]),
    ),
    regret: { median: quantile(regrets, 0.5), quantile: quantile(regrets, level) },
    gain: { reference: gain(reference), uniform: gain(problem.uniform) },
    optimism,
    candidates: rank(candidates, value, ensemble),
  };
}

/** Candidates by the chance that each is the best of them. */
function rank(
  candidates: JudgedMixtures["candidates"],
  value: (h: Float64Array) => number,
  ensemble: Ensemble,
): Candidate[] {
  const { verdicts } = ensemble;
  const wins = candidates.map(() => 0);
  const ranks = candidates.map(() => 0);
  for (const verdict of verdicts) {
    const losses = candidates.map(({ h }) => verdict.value(h));
    for (const [c, loss] of losses.entries())
      ranks[c] += 1 + losses.filter((other) => other < loss).length;
    wins[losses.indexOf(Math.min(...losses))]++;
  }
  return candidates
    .map(({ name, h }, c) => ({
      name,
      objective: value(h),
      interval: intervalOf(ensemble, value(h), (verdict) => verdict.value(h)),
      chanceBest: wins[c] / verdicts.length,
      meanRank: ranks[c] / verdicts.length,
    }))
    .toSorted((a, b) => b.chanceBest - a.chanceBest || a.objective - b.objective);
}
