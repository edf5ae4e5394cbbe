/** The bootstrap replicates of all fits that a request uses, side by side. */
import { replicatesOf } from "../../fit/result/stored-replicates.ts";
import { intervalsOf, type BandOptions } from "../../fit/inference/bands.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { IntervalKind } from "../../stats/interval.ts";
import type { TargetLoss } from "../goal/goal.ts";

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
