/**
 * What the runs say about the coordinates near the optimum: JᵀJ, its spectrum, and the noise that
 * turns it into standard errors.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { ScaledLoss } from "../../expr/loss.ts";
import { held } from "../../solve/damped-step.ts";
import { NormalEquations } from "../../solve/normal-equations.ts";
import type { Problem } from "../search/problem.ts";
import { type Scatter, scatterOf } from "./scatter.ts";

/**
 * Eigenvalues of the scaled JᵀJ below this share of the largest are zero but for rounding (float64
 * leaves about p·1e-16).
 */
const NULL_EIGENVALUE = 1e-13;
/**
 * A function of the coordinates moves along a null direction when this share of its (squared,
 * scaled) gradient lies in it.
 */
const NULL_SHARE = 1e-6;
/** A bound is known where the optimum without it lies this many standard errors beyond. */
const BEYOND = 2;

/** A direction in the space of coordinates. */
export interface Direction {
  /** Eigenvalue of JᵀJ with columns scaled to length 1; its trace is the number of coordinates. */
  readonly value: number;
  /**
   * Per coordinate of the law: the share (q², summing to 1) that it has in the change of the
   * predictions. 0 where it was held.
   */
  readonly shares: readonly number[];
  /**
   * Per coordinate: how far one standard error along the direction moves it; Infinity along a null
   * direction.
   */
  readonly moves: readonly number[];
}

export interface Information {
  readonly noise: Scatter;
  /**
   * Coordinates that were free to move: not fixed, and not kept at a bound by more than the noise.
   */
  readonly free: readonly number[];
  /** Of those, the ones that change no prediction. */
  readonly unseen: readonly number[];
  /** From the best determined direction to the worst; without the unseen coordinates. */
  readonly directions: readonly Direction[];
  /**
   * Coordinates at the end of a range that is no meaning of theirs (an exponent of 10, a logarithm
   * of ±60): they would have gone on.
   */
  readonly runaway: readonly number[];
  /**
   * Standard error of a function of the coordinates with this gradient; Infinity where it moves
   * along a null direction or a runaway.
   */
  readonly standardError: (gradient: ArrayLike<number>) => number;
  /** Covariance of two such functions, null directions left out. */
  readonly covariance: (a: ArrayLike<number>, b: ArrayLike<number>) => number;
  /** Standard error of a coordinate were all the others known. */
  readonly alone: (i: number) => number;
}

const SQUARED: ScaledLoss = { name: "squared", delta: 1 };

/**
 * JᵀJ summed over the runs, as a packed lower triangle. It is taken without the loss's weights, so
 * that it depends on the design and not on the residuals.
 */
export function crossProduct(problem: Problem, target: number, theta: Float64Array): Float64Array {
  const design = new NormalEquations(problem.program, problem.packed, target, SQUARED);
  design.evaluate(theta);
  return design.H.map((x) => x * design.mass);
}

/**
 * The information of one target's runs at θ. A coordinate held at its bound counts as known there
 * only where the runs insist: the optimum without the bound lies beyond it by more than two
 * standard errors. `isEnd` says which bounds are ends of a range instead. Else it is as free as the
 * others: β = 0 in runs of one token count is no finding.
 */
export function informationAt(
  problem: Problem,
  target: number,
  theta: Float64Array,
  isEnd = (i: number): boolean => theta[i] !== 0,
): Information {
  const normal = new NormalEquations(
    problem.program,
    problem.packed,
    target,
    problem.losses[target],
  );
  normal.evaluate(theta);
  const { lower, upper } = problem.box;
  const variable = [...theta.keys()].filter((i) => lower[i] < upper[i]);
  const isHeld = held(theta, normal.gradient, problem.box);
  const atBound = variable.filter((i) => isHeld[i]);
  const noise = scatterOf(problem, target, theta, variable.length - atBound.length);
  const cross = crossProduct(problem, target, theta);
  const runaway = atBound.filter(isEnd);
  const free = variable.filter((i) => !runaway.includes(i));
  const information = informationFrom(cross, free, noise, runaway);
  const known = insistedBounds(
    information,
    atBound.filter((i) => !isEnd(i)),
    normal,
  );
  if (known.length === 0) return information;
  const unknown = free.filter((i) => !known.includes(i));
  return informationFrom(cross, unknown, noise, runaway);
}

/** Of coordinates at bounds, those that the runs insist on having there. */
function insistedBounds(
  { noise, standardError, covariance }: Information,
  atBound: readonly number[],
  { gradient, mass }: NormalEquations,
): number[] {
  const unit = (i: number): Float64Array => new Float64Array(gradient.length).fill(1, i, i + 1);
  return atBound.filter((i) => {
    const error = standardError(unit(i));
    if (!Number.isFinite(error)) return false;
    const pull = atBound.reduce((sum, k) => sum + covariance(unit(i), unit(k)) * gradient[k], 0);
    return Math.abs((pull * mass) / noise.dispersion) > BEYOND * error;
  });
}

/**
 * The same from a given JᵀJ.
 *
 * @param cross packed lower triangle
 * @param free coordinates whose standard errors are asked for; the others are known
 */
export function informationFrom(
  cross: Float64Array,
  free: readonly number[],
  noise: Scatter,
  runaway: readonly number[] = [],
): Information {
  const spectrum = spectrumOf(cross, free);
  const { values, lengthOf, unseen, isNull, project } = spectrum;
  /** The inner product of two gradients, null directions left out. */
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, xn, n) => sum + (isNull[n] ? 0 : (xn * y[n]) / values[n]), 0);
  return {
    noise,
    free,
    unseen,
    directions: directionsOf(spectrum, noise.kappa).toSorted((a, b) => b.value - a.value),
    runaway,
    standardError: (gradient) => {
      if ([...unseen, ...runaway].some((i) => gradient[i] !== 0)) return Infinity;
      const along = project(gradient);
      const total = along.reduce((sum, x) => sum + x * x, 0);
      if (along.some((x, n) => isNull[n] && x * x > NULL_SHARE * total)) return Infinity;
      return noise.kappa * Math.sqrt(product(along, along));
    },
    covariance: (a, b) => noise.kappa ** 2 * product(project(a), project(b)),
    alone: (i) => (lengthOf(i) > 0 ? noise.kappa / lengthOf(i) : Infinity),
  };
}

/** The scaled JᵀJ of some coordinates in its eigenvectors. */
interface Spectrum {
  /** Coordinates of the law, these or not. */
  readonly size: number;
  /** Coordinates that change a prediction, and those that change none. */
  readonly seen: readonly number[];
  readonly unseen: readonly number[];
  /** Length of a coordinate's column of J; 0 where the column overflows. */
  readonly lengthOf: (i: number) => number;
  readonly values: readonly number[];
  /** An eigenvector for each value, with a number for each coordinate seen. */
  readonly vectors: readonly (readonly number[])[];
  /** Whether the value is zero but for rounding. */
  readonly isNull: readonly boolean[];
  /** A gradient in the basis of the eigenvectors. */
  readonly project: (gradient: ArrayLike<number>) => number[];
}

function spectrumOf(cross: Float64Array, free: readonly number[]): Spectrum {
  const size = Math.round((Math.sqrt(8 * cross.length + 1) - 1) / 2);
  const entry = (i: number, j: number): number =>
    cross[i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i];
  const lengthOf = (i: number): number => {
    const square = entry(i, i);
    return Number.isFinite(square) ? Math.sqrt(square) : 0;
  };
  const seen = free.filter((i) => lengthOf(i) > 0);
  const unseen = free.filter((i) => !seen.includes(i));
  const scaled = (i: number, j: number): number => entry(i, j) / (lengthOf(i) * lengthOf(j));
  const { values, vectors } = eigen(seen.map((i) => seen.map((j) => scaled(i, j))));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return {
    size,
    seen,
    unseen,
    lengthOf,
    values,
    vectors,
    isNull: values.map((value) => value <= NULL_EIGENVALUE * most),
    project: (gradient) => {
      const perLength = seen.map((i) => gradient[i] / lengthOf(i));
      return vectors.map((vector) => vector.reduce((sum, q, a) => sum + q * perLength[a], 0));
    },
  };
}

/** @param kappa of the noise */
const directionsOf = (
  { size, seen, lengthOf, values, vectors, isNull }: Spectrum,
  kappa: number,
): Direction[] =>
  values.map((value, n) => {
    const shares = Array.from({ length: size }, () => 0);
    const moves = Array.from({ length: size }, () => 0);
    for (const [a, i] of seen.entries()) {
      const q = vectors[n][a];
      shares[i] = q * q;
      if (!isNull[n]) moves[i] = (kappa * Math.abs(q)) / (Math.sqrt(value) * lengthOf(i));
      else if (q * q > NULL_SHARE) moves[i] = Infinity;
    }
    return { value, shares, moves };
  });

/** Eigenvalues and unit eigenvectors of a symmetric matrix. */
function eigen(rows: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  if (rows.length === 0) return { values: [], vectors: [] };
  const decomposition = new EigenvalueDecomposition(new Matrix(rows.map((row) => [...row])), {
    assumeSymmetric: true,
  });
  return {
    values: decomposition.realEigenvalues,
    vectors: decomposition.eigenvectorMatrix.transpose().to2DArray(),
  };
}
