/** The bootstrap replicates of all fits that a request uses, side by side. */
import { replicatesOf } from "../../fit/result/stored-replicates.ts";
import { intervalsOf, type BandOptions } from "../../fit/inference/bands.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { IntervalKind } from "../../stats/interval.ts";
import { lawValue, type OfMixture, type TargetLoss } from "../goal/goal.ts";
import type { Problem } from "../problem/pose-problem.ts";

/** Replicate b of every fit comes from the same resampled runs: one vector of coordinates a fit. */
export interface Replicates {
  readonly replicates: readonly (readonly Float64Array[])[];
  /** The same with each block left out; empty for percentile intervals. */
  readonly jackknife: readonly (readonly Float64Array[])[];
  readonly level: number;
  readonly kind: IntervalKind;
}

/**
 * Undefined where a fit has no bootstrap.
 * @param options level and kind of intervals, where they are not the fits' own
 */
export function replicatesFor(
  file: FitFile,
  fits: readonly TargetLoss[],
  options: BandOptions = {},
): Replicates | undefined {
  const stored = fits.flatMap(({ target, law, fitted }) => {
    const fit = file.fits.find((each) => each.target === target && each.law === law);
    if (fit === undefined || fit.bootstrap === null) return [];
    const replicates = replicatesOf(fit, fitted.law.size);
    return replicates === undefined ? [] : [{ ...replicates, bootstrap: fit.bootstrap }];
  });
  if (stored.length < fits.length || stored.length === 0) return undefined;
  const [{ level, kind }] = stored.map(({ bootstrap }) => intervalsOf(bootstrap, options));
  // An interrupted bootstrap may have left one law fewer replicates than another.
  const aligned = (which: "replicates" | "jackknife"): (readonly Float64Array[])[] =>
    Array.from({ length: Math.min(...stored.map((each) => each[which].length)) }, (_, b) =>
      stored.map((each) => each[which][b]),
    );
  return {
    replicates: aligned("replicates"),
    jackknife: kind === "bca" ? aligned("jackknife") : [],
    level,
    kind,
  };
}

/**
 * Which law of an average each of `count` replicates is of: as many of each as its part says,
 * spread evenly. Undefined where no average predicts. The distribution over laws and what the runs
 * leave open of each is that of stacking, of which the average is the mean.
 *
 * @example lawsDrawn(losses, 4) // ["joint", "joint", "additive", "joint"] of 25 and 75 %
 */
export function lawsDrawn(losses: readonly TargetLoss[], count: number): string[] | undefined {
  const parts = new Map(losses.flatMap(({ law, part }) => (part === undefined ? [] : [[law, part] as const]))); // prettier-ignore
  if (parts.size === 0) return undefined;
  const laws = [...parts].map(([law, part]) => ({ law, part, drawn: 0 }));
  return Array.from({ length: count }, (_, n) => {
    // The one that is farthest behind its part.
    const behind = ({ part, drawn }: (typeof laws)[number]): number => part * (n + 1) - drawn;
    const next = laws.reduce((a, b) => (behind(b) > behind(a) ? b : a));
    next.drawn++;
    return next.law;
  });
}

/** What is asked, by one replicate. */
export interface ReplicateProblem {
  /** The law of an average that it is of; undefined where it is of all laws. */
  readonly law: string | undefined;
  /** The request by its laws. */
  readonly moved: Problem;
  /** The goal by the fit of that law; undefined where it is of all laws. */
  readonly fitted: OfMixture | undefined;
}

/**
 * A request by each replicate, of `count` ones: with its coordinates, and of an average by the law
 * that it is of. Those after `count`, which leave runs out, are of all laws.
 */
export function replicateProblems(
  problem: Problem,
  count: number,
): (theta: readonly Float64Array[], n: number) => ReplicateProblem {
  const laws = lawsDrawn(problem.fits, count);
  const fits = new Map(
    [...new Set(laws)].map((law) => {
      const { goal } = problem.with({ law });
      return [law, (h: Float64Array) => lawValue(goal, h)] as const;
    }),
  );
  return (theta, n) => {
    const law = laws?.[n];
    const fitted = law === undefined ? undefined : fits.get(law);
    return { law, moved: problem.with({ theta, law }), fitted };
  };
}
