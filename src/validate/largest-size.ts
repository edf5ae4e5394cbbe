/**
 * One fold more, beside those that were asked for: the runs of the largest size, predicted by fits
 * to the smaller ones. Folds of mixtures say which law interpolates best; whether that law is the
 * best at a further scale too is another question.
 */
import type { Runs } from "../data/runs/run-set.ts";
import { sampleWeights } from "../random/resampling.ts";
import type { By, Folds } from "./folds.ts";

/** The largest size, held out after the folds. */
export interface LargestSize {
  /** Its N. */
  readonly params: number;
  /** The rows that have it. */
  readonly held: Int32Array;
}

/**
 * Sizes from which the largest can be held out: a constant, a coefficient and an exponent need
 * three.
 */
const LEAST_SIZES = 4;

/**
 * The folds with the largest size as a last sample; as they are where sizes are too few, or where
 * what is held out is of a further scale already. Blocks are then rows: sizes cross mixtures.
 */
export function withLargestSize(
  { train }: Runs,
  by: By,
  folds: Folds,
): { readonly folds: Folds; readonly largest: LargestSize | undefined } {
  const { samples } = folds;
  const { params } = train.inputs;
  const none = { folds, largest: undefined };
  if (samples === undefined || by === "largest" || params === undefined) return none;
  if (new Set(params).size < LEAST_SIZES) return none;
  const most = params.reduce((a, b) => Math.max(a, b));
  const rowsOf = (isHeld: (row: number) => boolean): Int32Array =>
    Int32Array.from([...params.keys()].filter(isHeld));
  const weights = new Uint32Array((samples.count + 1) * train.rows);
  for (let sample = 0; sample < samples.count; sample++) {
    const ofBlocks = sampleWeights(samples, sample);
    for (const [row, block] of samples.blockOf.entries())
      weights[sample * train.rows + row] = ofBlocks[block];
  }
  for (const row of rowsOf((r) => params[r] < most)) weights[samples.count * train.rows + row] = 1;
  return {
    folds: {
      ...folds,
      samples: {
        count: samples.count + 1,
        blocks: train.rows,
        blockOf: Int32Array.from(params.keys()),
        source: { kind: "given", weights },
      },
    },
    largest: { params: most, held: rowsOf((row) => params[row] === most) },
  };
}

/** The folds with the rows of the largest size as all that is held out. */
export const asFolds = (folds: Folds, { held }: LargestSize): Folds => ({
  ...folds,
  held: [held],
});
