/** What can be checked at a fitted point, in float64, and whether a fit ended where it cannot get better. */
import type { FitSettings } from "../../options/fit-options.ts";
import { NormalEquations } from "../../solve/normal-equations.ts";
import { gradientNorm } from "../../solve/stationarity.ts";
import type { Information } from "./information.ts";
import type { Problem } from "../search/problem.ts";
import type { Certificate } from "../result/fit-file.ts";

/**
 * The numbers of the certificate that can be computed at a point; `identify` adds which parameters
 * are not determined. `names` are those of the coordinates. See `Certificate`.
 */
export function certify(
  problem: Problem,
  target: number,
  theta: Float64Array,
  names: readonly string[],
  { directions, unseen }: Information,
): Omit<Certificate, "notIdentified" | "directions"> {
  const normal = new NormalEquations(
    problem.program,
    problem.packed,
    target,
    problem.losses[target],
  );
  const objective = normal.evaluate(theta);
  const { gradient, H } = normal;
  const spectrum = directions.map(({ value }) => value);
  const [most, least] = [spectrum[0] ?? 0, spectrum.at(-1) ?? 0];
  return {
    gradientNorm: gradientNorm({ theta, objective, gradient, H }, problem.box),
    conditionNumber: unseen.length > 0 || least <= 0 ? null : most / least,
    spectrum,
    atBound: names.filter(
      (_, i) => theta[i] <= problem.box.lower[i] || theta[i] >= problem.box.upper[i],
    ),
  };
}

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
