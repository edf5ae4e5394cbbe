/**
 * Intervals of a law's value: what the replicates of a fit's bootstrap predict at the same points.
 */
import * as v from "valibot";
import type { RunSet } from "../../data/runs/run-set.ts";
import { InputError } from "../../base/errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { aLevel } from "../../options/fit-options.ts";
import { type IntervalKind, INTERVALS } from "../../stats/interval.ts";
import { anObject, type EntriesOf, oneOf, readOptions } from "../../options/option-schema.ts";
import { option } from "../../base/option-text.ts";
import { type Interval, interval } from "../../stats/interval.ts";
import { predictor } from "../result/predictor.ts";
import type { Bootstrap, Fit } from "../result/fit-file.ts";
import { replicatesOf } from "../result/stored-replicates.ts";

/**
 * What an interval of a prediction is of. run: the loss of a new run. law: the law's own value, as
 * far as the bootstrap tells it; a run scatters around it, and beyond the fitted runs the law errs.
 */
export const INTERVAL_OF = ["run", "law"] as const;
/** One of `INTERVAL_OF`. */
export type IntervalOf = (typeof INTERVAL_OF)[number];

/** How intervals are made. An option that is left out is that of the fit. */
export interface BandOptions {
  /** Default "run". */
  readonly intervalOf?: IntervalOf | undefined;
  /** Confidence level; default: that of the fit. */
  readonly level?: number | undefined;
  /** Default: that of the fit. */
  readonly interval?: IntervalKind | undefined;
}

/** The ends of intervals; infinite where there is none. */
export interface Band {
  /** What they are intervals of. */
  readonly of: IntervalOf;
  /** Confidence level. */
  readonly level: number;
  /** Lower end, one a row. */
  readonly low: Float64Array;
  /** Upper end, one a row. */
  readonly high: Float64Array;
}

const BANDS = anObject({
  intervalOf: v.optional(oneOf(INTERVAL_OF)),
  level: v.optional(aLevel),
  interval: v.optional(oneOf(INTERVALS)),
} satisfies EntriesOf<BandOptions>);

/** Throws InputError for options that `verb` does not have, or that cannot be used. */
export const checkBandOptions = (verb: string, options: BandOptions): void =>
  void readOptions(verb, BANDS, options);

/** Rows done at a time: bounds the memory to replicates, or coordinates, × this. */
export const ROWS = 2048;

/** Level and kind. Throws InputError for a kind that the replicates kept do not allow. */
export function intervalsOf(
  { level, interval: kind, jackknife }: Bootstrap,
  options: BandOptions,
): { readonly level: number; readonly kind: IntervalKind } {
  const chosen = { level: options.level ?? level, kind: options.interval ?? kind };
  if (chosen.kind === "bca" && jackknife === "")
    throw new InputError(
      `${option("interval", "bca")} needs the jackknife, which this fit does not have: it was made with ${option("interval", "percentile")}. Use percentile here too, or fit again with ${option("interval", "bca")}.`,
      { option: "interval" },
    );
  return chosen;
}

export type Points = Pick<RunSet, "rows" | "inputs" | "weights">;

/**
 * The band of the law's value around `values`, the fit's own predictions; undefined for a fit
 * without a bootstrap.
 */
export function bandOf(
  fit: Fit,
  law: BoundLaw,
  values: Float64Array,
  points: Points,
  options: BandOptions,
): Band | undefined {
  const stored = replicatesOf(fit, law.size);
  if (stored === undefined || fit.bootstrap === null) return undefined;
  const { level, kind } = intervalsOf(fit.bootstrap, options);
  const [low, high] = [new Float64Array(points.rows), new Float64Array(points.rows)];
  for (let from = 0; from < points.rows; from += ROWS) {
    const slab = slabOf(points, from, Math.min(from + ROWS, points.rows), law.shares.length);
    const predict = predictor(law, slab);
    const replicates = stored.replicates.map(predict);
    const leftOut = kind === "bca" ? stored.jackknife.map(predict) : [];
    for (let row = 0; row < slab.rows; row++) {
      const at = (predictions: readonly Float64Array[]): Float64Array =>
        Float64Array.from(predictions, (predicted) => predicted[row]);
      const predicted = at(replicates);
      // Where a replicate has no value, as outside of a formula's domain, there are no ends.
      const ends: Interval = predicted.some(Number.isNaN)
        ? [null, null]
        : interval(kind, values[from + row], predicted, at(leftOut), level);
      low[from + row] = ends[0] ?? -Infinity;
      high[from + row] = ends[1] ?? Infinity;
    }
  }
  return { of: "law", level, low, high };
}

/** Rows `from` … `to` − 1 of some points. */
export const slabOf = (
  { inputs, weights }: Points,
  from: number,
  to: number,
  domains: number,
): Points => ({
  rows: to - from,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([name, column]) => [name, column.subarray(from, to)]),
  ),
  weights: weights.subarray(from * domains, to * domains),
});
