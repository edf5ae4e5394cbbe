/** Errors in units of the residual, and losses that are so far from a prediction. */
import type { ResidualKind } from "../../options/fit-options.ts";

export interface Residual {
  /** The error of a prediction. */
  readonly error: (predicted: number, observed: number) => number;
  /** How many units of the loss a unit of the residual is, at a predicted loss. */
  readonly unitAt: (predicted: number) => number;
  /** The loss that a prediction is too high for by `width`. */
  readonly below: (predicted: number, width: number) => number;
  /** The loss that a prediction is too low for by `width`. */
  readonly above: (predicted: number, width: number) => number;
}

/** By kind: see `FitOptions.residual`. */
export const RESIDUAL_UNITS: Readonly<Record<ResidualKind, Residual>> = {
  raw: {
    error: (predicted, observed) => predicted - observed,
    unitAt: () => 1,
    below: (predicted, width) => predicted - width,
    above: (predicted, width) => predicted + width,
  },
  log: {
    error: (predicted, observed) => Math.log(predicted / observed),
    unitAt: Math.abs,
    below: (predicted, width) => predicted * Math.exp(-width),
    above: (predicted, width) => predicted * Math.exp(width),
  },
  relative: {
    error: (predicted, observed) => predicted / observed - 1,
    unitAt: Math.abs,
    below: (predicted, width) => predicted / (1 + width),
    above: (predicted, width) => (width < 1 ? predicted / (1 - width) : Infinity),
  },
};
