/**
 * What the runs leave open of a law's predictions: the covariance of its coordinates by the delta
 * method, with what was known before any run.
 *
 *   Σ = (JᵀJ/κ² + P⁻¹)⁻¹,  Var f(θ) = ∇fᵀ Σ ∇f
 *
 * A ridge is known before any run too, and adds its matrix to JᵀJ.
 *
 * κ is the noise of the residuals as the loss sees it (inference/scatter.ts). P is diagonal, the
 * squared half widths of the ranges that random starts are drawn from: an exponent that no run
 * tells is still an exponent. Without it a law fitted to one size would predict others with an
 * infinite error or, null directions left out, with none.
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { encode64 } from "../../base/base64.ts";
import { InputError } from "../../base/errors.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { type Points, ROWS, slabOf } from "../inference/bands.ts";
import { effectiveParameters } from "../ridge/effective-parameters.ts";
import { scatterOf } from "../inference/scatter.ts";
import { predictor } from "../result/predictor.ts";
import { pointsIn } from "../result/stored-replicates.ts";
import type { Problem } from "../search/problem.ts";
import { finish } from "../../solve/iterate.ts";
import { evaluationOfFew, NormalEquations } from "../../solve/normal-equations.ts";
import { addPenaltyMatrix, penaltyOf } from "../../solve/penalty/ridge.ts";

/** Prior half widths of coordinates whose law says nothing of their size: so many times that. */
const OPEN = 10;
/** Added to the diagonal of a matrix with ones there, which rounding may make indefinite. */
const ROUNDING = 1e-12;
/** Steps of central differences, relative to coordinates of the order of 1. */
const STEP = 1e-5;

/**
 * JᵀJ summed over the runs, without the loss's weights, as a packed lower triangle. A ridge counts
 * as runs that were there before: the Hessian of Σρ is JᵀJ times the slope E ψ′.
 */
function crossProduct(
  { program, packed, penalties }: Problem,
  target: number,
  theta: Float64Array,
  slope: number,
): Float64Array {
  const fit = [program, packed, target, { name: "squared", delta: 1 }] as const;
  const design = new NormalEquations(...fit, undefined, evaluationOfFew(...fit));
  design.evaluate(theta);
  const penalty = penaltyOf(penalties, target);
  const drawn = new Float64Array(design.H.length);
  if (penalty !== undefined) addPenaltyMatrix(penalty, drawn);
  return design.H.map((x, ij) => (x + drawn[ij] / slope) * design.mass);
}

/** The half width of what was known of coordinate `i` before any run. */
function priorWidth(law: BoundLaw, scale: LossScale, i: number, value: number): number {
  const { spec } = law.coordinates[i];
  if (spec.startKind === "data") return OPEN * Math.max(1, Math.abs(value));
  const [low, high] = spec.start(scale, law.domains.length);
  return (high - low) / 2 || OPEN * Math.max(1, Math.abs(value));
}

/** A fit to runs of one target. */
export interface FittedPoint {
  readonly law: BoundLaw;
  /** Of the runs that were fitted: those left out weigh 0. */
  readonly problem: Problem;
  readonly target: number;
  readonly scale: LossScale;
  readonly theta: Float64Array;
}

/**
 * Σ of a fit's coordinates, size × size; 0 for those that are held. Undefined where the square of a
 * derivative is beyond float64: what the runs leave open is then not known, and is not 0.
 */
export const coordinateCovariance = (fit: FittedPoint): Float64Array | undefined =>
  finish(covarianceInSteps(fit));

/** The same; yields between passes over the rows. */
export function* covarianceInSteps({
  law,
  problem,
  target,
  scale,
  theta,
}: FittedPoint): Generator<undefined, Float64Array | undefined> {
  const { size } = law;
  const { lower, upper } = problem.box;
  const free = [...theta.keys()].filter((i) => lower[i] < upper[i]);
  const full = new Float64Array(size * size);
  if (free.length === 0) return full;
  const spent = effectiveParameters(problem, target, theta, free);
  yield;
  const { kappa, slope } = scatterOf(problem, target, theta, spent);
  yield;
  if (kappa === 0) return full;
  const cross = crossProduct(problem, target, theta, slope);
  const widths = free.map((i) => priorWidth(law, scale, i, theta[i]));
  // In units of the prior widths: JᵀJ/κ² and 1 on the diagonal.
  const entry = (a: number, b: number): number => {
    const [i, j] = [Math.max(free[a], free[b]), Math.min(free[a], free[b])];
    return (
      (cross[(i * (i + 1)) / 2 + j] / kappa ** 2) * (widths[a] * widths[b]) + (a === b ? 1 : 0)
    );
  };
  if (!free.every((_, a) => free.every((__, b) => Number.isFinite(entry(a, b))))) return undefined;
  const lengths = free.map((_, a) => Math.sqrt(entry(a, a)));
  const scaled = free.map((_, a) =>
    free.map((__, b) => (a === b ? 1 + ROUNDING : entry(a, b) / (lengths[a] * lengths[b]))),
  );
  const inverse = new CholeskyDecomposition(new Matrix(scaled)).solve(Matrix.eye(free.length));
  const units = widths.map((width, a) => width / lengths[a]);
  for (const [a, i] of free.entries())
    for (const [b, j] of free.entries())
      full[i * size + j] = inverse.get(a, b) * (units[a] * units[b]);
  return full;
}

/** The lower triangle as text in the fit file. */
export function storeCovariance(covariance: Float64Array, size: number): string {
  const packed: number[] = [];
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) packed.push(covariance[i * size + j]);
  return encode64(Float64Array.from(packed));
}

/** The matrix of a stored triangle. Throws InputError where the text is no such triangle. */
export function covarianceIn(text: string, size: number): Float64Array {
  const packed = pointsIn(text, (size * (size + 1)) / 2)?.[0];
  if (packed === undefined)
    throw new InputError("the covariance of coordinates in the fit file is damaged. Fit again.");
  const full = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++)
      full[i * size + j] = full[j * size + i] = packed[(i * (i + 1)) / 2 + j];
  return full;
}

/**
 * Standard errors of a law's predictions, one a row, in units of the loss; infinite where they are
 * not known, since a derivative is beyond float64.
 *
 * @param covariance of the coordinates, size × size
 */
export function predictionErrors(
  law: BoundLaw,
  theta: Float64Array,
  covariance: Float64Array,
  points: Points,
): Float64Array {
  const errors = new Float64Array(points.rows);
  for (let from = 0; from < points.rows; from += ROWS) {
    const slab = slabOf(points, from, Math.min(from + ROWS, points.rows), law.shares.length);
    errors.set(slabErrors(law, theta, covariance, slab), from);
  }
  return errors;
}

function slabErrors(
  law: BoundLaw,
  theta: Float64Array,
  covariance: Float64Array,
  points: Points,
): Float64Array {
  const { size } = law;
  const gradients = predictionGradients(law, theta, points, (i) => covariance[i * size + i] > 0);
  const at = new Float64Array(size);
  return Float64Array.from({ length: points.rows }, (_, row) => {
    for (let i = 0; i < size; i++) at[i] = gradients[i][row];
    let variance = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) variance += at[i] * covariance[i * size + j] * at[j];
    return Number.isFinite(variance) ? Math.sqrt(Math.max(0, variance)) : Infinity;
  });
}

/** By coordinate: the slope of the prediction at each point; 0 for those that are held. */
export function predictionGradients(
  law: BoundLaw,
  theta: Float64Array,
  points: Points,
  isFree: (coordinate: number) => boolean,
): Float64Array[] {
  const { size, lower, upper } = law;
  const predict = predictor(law, points);
  return Array.from({ length: size }, (_, i) => {
    if (!isFree(i)) return new Float64Array(points.rows);
    const h = STEP * Math.max(1, Math.abs(theta[i]));
    const [up, down] = [Math.min(theta[i] + h, upper[i]), Math.max(theta[i] - h, lower[i])];
    const [above, below] = [predict(theta.with(i, up)), predict(theta.with(i, down))];
    return above.map((y, row) => (y - below[row]) / (up - down));
  });
}
