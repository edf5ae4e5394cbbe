/** What refits predict of the rows that they have not seen. */
import { rowWeights } from "../data/runs/row-weights.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import { predictor } from "../fit/result/predictor.ts";
import type { Refit } from "../fit/search/refit.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import { type Samples, sampleWeights } from "../random/resampling.ts";
import { undrawnParameters } from "../laws/ridge.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { mean, weightedMean } from "../stats/moments.ts";
import type { Curve, Folds } from "./folds.ts";
import type { Predicted } from "./scores.ts";

/** The rows that are scored. */
export const scoredSet = ({ train, test }: Runs, { samples }: Folds): RunSet =>
  samples === undefined ? (test ?? train) : train;

/**
 * By target: each row that is held out, as the refit without it predicts it; test rows as the fit
 * to all runs does, which has seen none.
 *
 * @param refits by target and fold; undefined for test rows
 */
export function predictHeld(
  { law, best }: SearchedLaw,
  runs: Runs,
  folds: Folds,
  refits: readonly Refit[][] | undefined,
): Predicted[] {
  const set = scoredSet(runs, folds);
  const predict = predictor(law, set);
  return best.map((whole, target) => {
    const predicted = new Float64Array(set.rows).fill(NaN);
    for (const [fold, rows] of folds.held.entries()) {
      const theta = refits === undefined ? whole?.theta : refits[target][fold].theta;
      if (theta === undefined) continue;
      const all = predict(theta);
      for (const row of rows) predicted[row] = all[row];
    }
    return predicted;
  });
}

/** Predictions beyond this in size are none: errors have squares. */
const LARGEST = 1e100;

/** The first row held out that has a loss and no finite prediction: its target and data row. */
export function firstGap(
  predicted: readonly Predicted[],
  { losses, rowNumbers }: RunSet,
  { held }: Folds,
): { readonly target: number; readonly row: number } | undefined {
  for (const [target, y] of losses.entries()) {
    const row = held
      .flatMap((rows) => [...rows])
      .find((r) => !Number.isNaN(y[r]) && !(Math.abs(predicted[target][r]) <= LARGEST));
    if (row !== undefined) return { target, row: rowNumbers[row] };
  }
  return undefined;
}

/**
 * By point of the learning curve and repeat: the mean over targets of the error on the mixtures
 * that the repeat holds out, in percent, infinite where a prediction is no number; null where the
 * runs are too few for the law.
 *
 * @param refits by target and sample of the curve
 */
export function curveErrors(
  { law }: SearchedLaw,
  { train }: Runs,
  { samples, held, sizes, repeats }: Curve,
  refits: readonly Refit[][],
  { residual, ridge }: Pick<FitSettings, "residual" | "ridge">,
): (number[] | null)[] {
  const needed = undrawnParameters(law, ridge);
  const predict = predictor(law, train);
  const weights = rowWeights(train, residual);
  const errorOf = (sample: number): number => {
    const errors = refits.flatMap((ofTarget, target) => {
      const y = train.losses[target];
      const predicted = predict(ofTarget[sample].theta);
      const weightOf = (row: number): number => weights?.[target][row] ?? 1;
      const rows = [...held[sample]].filter(
        (row) => !Number.isNaN(y[row]) && y[row] !== 0 && weightOf(row) > 0,
      );
      const percents = rows.map(
        (row) => (100 * Math.abs(predicted[row] - y[row])) / Math.abs(y[row]),
      );
      return rows.length === 0 ? [] : [weightedMean(percents, rows.map(weightOf))];
    });
    const error = mean(errors);
    return Number.isNaN(error) ? Infinity : error;
  };
  return sizes.map((_, s) => {
    const numbers = Array.from({ length: repeats }, (__, repeat) => repeat * sizes.length + s);
    const isFew = numbers.some((sample) => fewestRows(train, samples, sample).rows < needed);
    return isFew ? null : numbers.map(errorOf);
  });
}

/** Rows of a sample with a loss, of the target that has the fewest. */
export function fewestRows(
  { losses, rowWeights: own }: RunSet,
  samples: Samples,
  sample: number,
): { readonly rows: number; readonly target: number } {
  const weights = sampleWeights(samples, sample);
  const isFitted = (row: number): boolean => weights[samples.blockOf[row]] > 0 && own?.[row] !== 0;
  const counts = losses.map((y) =>
    y.reduce((n, loss, row) => n + (!Number.isNaN(loss) && isFitted(row) ? 1 : 0), 0),
  );
  const rows = Math.min(...counts);
  return { rows, target: counts.indexOf(rows) };
}
