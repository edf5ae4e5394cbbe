/** Intervals of what the fits of a file predict. */
import { itemAt } from "../../base/known.ts";
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { type Band, bandOf, type BandOptions, intervalsOf } from "../inference/bands.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";
import { covarianceIn, predictionErrors } from "./covariance.ts";
import { distancesFrom } from "./distance.ts";
import { type ErrorRate, errorRates } from "./error-model.ts";
import { predictiveBand } from "./predictive.ts";
import { RESIDUAL_UNITS } from "./residual-units.ts";

/** What one fit predicts at some points. */
export interface FitPrediction {
  readonly fit: Fit;
  readonly law: BoundLaw;
  readonly theta: Float64Array;
  /** Shares in the order of the law's domains. */
  readonly points: Pick<RunSet, "rows" | "inputs" | "weights">;
  /** One a row. */
  readonly values: Float64Array;
}

/** How far each row lies beyond the fitted runs, as a fit's law sees it. */
export const distancesOf = (
  file: FitFile,
  { law, points }: Pick<FitPrediction, "law" | "points">,
): Float64Array => distancesFrom(file.data.range, law.law.uses, points);

/** What has been integrated, by the fits of a file and the law's name. */
const known = new WeakMap<readonly Fit[], Map<string, ReadonlyMap<Fit, ErrorRate>>>();

/**
 * How fast the error of a fit's law grows, from the back-tests of that law among some fits;
 * undefined without any of this fit.
 */
export function rateOf(fits: readonly Fit[], fit: Fit): ErrorRate | undefined {
  const byLaw = known.get(fits) ?? new Map<string, ReadonlyMap<Fit, ErrorRate>>();
  known.set(fits, byLaw);
  const rates = byLaw.get(fit.law) ?? integrated(fits, fit.law);
  byLaw.set(fit.law, rates);
  return rates.get(fit);
}

function integrated(fits: readonly Fit[], law: string): ReadonlyMap<Fit, ErrorRate> {
  const tested = fits.filter((fit) => fit.law === law && fit.backtests !== undefined);
  const rates = errorRates(tested.flatMap(({ backtests }) => backtests ?? []));
  return new Map(tested.map((fit, t) => [fit, itemAt(rates, t)]));
}

/**
 * By prediction, its interval: of a new run, or of the law's value where the options say so.
 * Undefined where the fit has neither a bootstrap nor a covariance.
 *
 * @param predictions of fits of the file, all at the same points
 * @param wanted those whose intervals are made; the others may be of laws that cannot be told apart
 *   from theirs, which is part of an interval
 */
export function fitBands(
  file: FitFile,
  predictions: readonly FitPrediction[],
  options: BandOptions,
  wanted: readonly FitPrediction[] = predictions,
): (Band | undefined)[] {
  const lawBands = wanted.map(({ fit, law, values, points }) =>
    bandOf(fit, law, values, points, options),
  );
  if (options.intervalOf === "law") return lawBands;
  return wanted.map((prediction, n) => {
    const { fit, law, theta, points, values } = prediction;
    const bootstrap = lawBands[n];
    const covariance = bootstrap === undefined ? covarianceOf(fit, law) : undefined;
    if (bootstrap === undefined && covariance === undefined) return undefined;
    const parts = {
      values,
      bootstrap,
      standardErrors: covariance && predictionErrors(law, theta, covariance, points),
      noise: { inside: fit.residualSd ?? undefined, beyond: fit.backtests?.noise },
      distances: distancesOf(file, prediction),
      rate: rateOf(file.fits, fit),
      spread: spreadOf(file, prediction, predictions),
    };
    return predictiveBand(parts, RESIDUAL_UNITS[file.settings.residual], levelOf(file, fit, options)); // prettier-ignore
  });
}

/** The confidence level of a fit's bands: as asked for, else the bootstrap's, else the file's. */
export function levelOf(
  { settings }: Pick<FitFile, "settings">,
  { bootstrap }: Fit,
  options: BandOptions = {},
): number {
  if (bootstrap !== null && bootstrap !== undefined) return intervalsOf(bootstrap, options).level;
  return options.level ?? settings.level;
}

const covarianceOf = ({ covariance }: Fit, { size }: BoundLaw): Float64Array | undefined =>
  covariance === undefined ? undefined : covarianceIn(covariance, size);

/**
 * Standard deviation of what the laws predict that back-tests cannot tell from this one; undefined
 * where it is alone.
 */
function spreadOf(
  { chosen }: FitFile,
  { fit, values }: FitPrediction,
  predictions: readonly FitPrediction[],
): Float64Array | undefined {
  if (chosen?.alike.includes(fit.law) !== true) return undefined;
  const alike = predictions.filter(
    (other) => other.fit.target === fit.target && chosen.alike.includes(other.fit.law),
  );
  if (alike.length < 2) return undefined;
  return values.map((_, row) => {
    const mean = alike.reduce((sum, other) => sum + other.values[row], 0) / alike.length;
    const squares = alike.reduce((sum, other) => sum + (other.values[row] - mean) ** 2, 0);
    return Math.sqrt(squares / (alike.length - 1));
  });
}
