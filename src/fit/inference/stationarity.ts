/** Whether a fit ended where it cannot get any better. */
import type { FitSettings } from "../../options/fit-options.ts";

/** A scaled gradient norm up to this certifies a stationary point. */
const STATIONARY = 1e-6;
/**
 * Predictions this near every observation, relative, are exact: rounding of a few dozen operations.
 * Their gradient is rounding too, and says nothing.
 */
const EXACT = 64 * Number.EPSILON;

/** Whether predictions are the observations, but for rounding. Missing observations (NaN) aside. */
export const isExact = (predicted: Float64Array, observed: Float64Array): boolean =>
  observed.every(
    (y, row) => Number.isNaN(y) || Math.abs(predicted[row] - y) <= EXACT * Math.abs(y),
  );

/**
 * Whether a scaled gradient is as small as it can get.
 *
 * @param norm see `gradientNorm`
 * @param residualSd of the residuals, null where they have no degrees of freedom
 */
export const isStationary = (
  norm: number,
  observed: Float64Array,
  residual: FitSettings["residual"],
  residualSd: number | null,
): boolean => norm <= Math.max(STATIONARY, roundingOf(observed, residual, residualSd));

/**
 * What rounding of the predictions leaves of a scaled gradient: as much as it makes of the
 * residuals. Those of NIST's Lanczos1 are 1e-13 of the response.
 */
function roundingOf(
  observed: Float64Array,
  residual: FitSettings["residual"],
  residualSd: number | null,
): number {
  if (residualSd === null || residualSd === 0) return 0;
  const size =
    residual === "raw"
      ? observed.reduce((most, y) => (Number.isNaN(y) ? most : Math.max(most, Math.abs(y))), 0)
      : 1;
  return (EXACT * size) / residualSd;
}
