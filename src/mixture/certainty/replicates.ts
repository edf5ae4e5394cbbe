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

/** Undefined where a fit has no bootstrap. */
export function replicatesFor(
  file: FitFile,
  fits: readonly TargetLoss[],
  options: BandOptions = {},
): Replicates | undefined {
  const kept = fits.map(({ target, law, fitted }) => {
    const fit = file.fits.find((one) => one.target === target && one.law === law);
    const made = fit === undefined ? undefined : replicatesOf(fit, fitted.law.size);
    return made === undefined || fit === undefined || fit.bootstrap === null
      ? undefined
      : { ...made, section: fit.bootstrap };
  });
  const all = kept.filter((one) => one !== undefined);
  if (all.length < fits.length || all.length === 0) return undefined;
  const { level, kind } = intervalsOf(all[0].section, options);
  for (const { section } of all) intervalsOf(section, options);
  // An interrupted bootstrap may have left one law fewer replicates than another.
  const aligned = (
    of: (one: (typeof all)[number]) => readonly Float64Array[],
  ): (readonly Float64Array[])[] =>
    Array.from({ length: Math.min(...all.map((one) => of(one).length)) }, (_, b) =>
      all.map((one) => of(one)[b]),
    );
  return {
    replicates: aligned((one) => one.replicates),
    jackknife: kind === "bca" ? aligned((one) => one.jackknife) : [],
    level,
    kind,
  };
}
