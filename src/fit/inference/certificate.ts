/** What can be checked at a fitted point in float64, and whether a fit can get better. */
import { evaluation } from "../../expr/float64.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { gradientNorm } from "../../solve/stationarity.ts";
import { sampleRows, spacedRows } from "../starts/sample-rows.ts";
import { summandsOf } from "../../laws/summands.ts";
import type { Fitted } from "./fitted.ts";
import type { Information } from "./information.ts";
import { examinedEquations, type Problem } from "../search/problem.ts";
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
  const normal = examinedEquations(problem, target);
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

/** A fitted law, with the runs and losses of its target. */
export interface FittedRuns extends Pick<Fitted, "law" | "theta" | "runs"> {
  /** NaN where there is none. */
  readonly observed: Float64Array;
  readonly residual: FitSettings["residual"];
}

/**
 * Whether a scaled gradient is as small as it can get.
 *
 * @param norm see `gradientNorm`
 * @param residualSd of the residuals, null where they have no degrees of freedom
 */
export const isStationary = (norm: number, at: FittedRuns, residualSd: number | null): boolean =>
  norm <= STATIONARY || norm <= roundingOf(at, residualSd);

/**
 * What rounding of the predictions leaves of a scaled gradient: as much as it makes of the
 * residuals. Those of NIST's Lanczos1 are 1e-13 of the response.
 */
const roundingOf = (at: FittedRuns, residualSd: number | null): number =>
  residualSd === null || residualSd === 0 ? 0 : (EXACT * roundedSize(at)) / residualSd;

/** Rows that are looked at for the sizes of terms. */
const SIZED_ROWS = 48;

/**
 * The largest number that rounding is a share of, in units of the residual: an observation, or a
 * term of the law where terms cancel, as in a + b·x with x around 1e9 and y around 10.
 */
function roundedSize({ law, theta, runs, observed, residual }: FittedRuns): number {
  const positions = spacedRows(observed, SIZED_ROWS);
  const rows = sampleRows(runs, law.shares.length, positions);
  const valuesOf = evaluation(summandsOf(law).flatMap((part) => part.nodes));
  return positions.reduce((most, row, i) => {
    const leafAt = rows.leafAt(i);
    const terms = valuesOf((leaf) =>
      leaf.kind === "param" ? (theta[leaf.index] ?? NaN) : leafAt(leaf),
    );
    const y = Math.abs(observed[row]);
    const size = Math.max(y, ...terms.map(Math.abs).filter(Number.isFinite));
    return Math.max(most, residual === "raw" || y === 0 ? size : size / y);
  }, 0);
}
