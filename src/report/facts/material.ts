/** What a report is made from, and which fits it is about. */
import { firstOf, ownOf } from "../../base/known.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { holdingFits } from "../../fit/result/failed-fits.ts";
import type { FailedFit, Fit, FitFile } from "../../fit/result/fit-file.ts";
import { upgraded } from "../../fit/result/upgrade-fit-file.ts";
import { rowsOf } from "../../fit/result/rows-of-file.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";

/** An optimum with the name of its file. */
export interface NamedOptimum {
  readonly name: string;
  readonly optimum: Optimum;
}

export interface Material {
  /** The fit file without its failed fits. */
  readonly file: FitFile;
  /** The fits that failed. */
  readonly failed: readonly (Fit | FailedFit)[];
  /** The rows that the file keeps; undefined where it keeps none. */
  readonly rows: Runs | undefined;
  /** Optima of the fits, in the order in which they are shown. */
  readonly optima: readonly NamedOptimum[];
}

/**
 * A file of version 1 is read with what it has.
 *
 * @throws InputError where every fit has failed, and for rows that are damaged.
 */
export function materialOf(file: FitFile, optima: readonly NamedOptimum[]): Material {
  const { file: holding, left } = holdingFits(upgraded(file));
  return { file: holding, failed: left, rows: rowsOf(file), optima };
}

/** A mixture's shares in the order of some domains; those that it does not name are 0. */
export const sharesIn = (domains: readonly string[], weights: Optimum["weights"]): number[] =>
  domains.map((domain) => ownOf(weights, domain) ?? 0);

/**
 * The fit of each target that views of a single law are about: by the law that the first optimum
 * used, else by the one that the file has chosen, else by the one with the least training error.
 */
export function usedFits({ file, optima: [first] }: Material): Fit[] {
  const targets = [...new Set(file.fits.map(({ target }) => target))];
  return targets.map((target) => {
    const fits = file.fits.filter((fit) => fit.target === target);
    const wanted = [first?.optimum.laws[target], file.chosen?.law];
    const [meant] = wanted.flatMap((law) => fits.find((fit) => fit.law === law) ?? []);
    return meant ?? firstOf(fits.toSorted((a, b) => a.train.mae - b.train.mae));
  });
}
