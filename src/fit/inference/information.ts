/**
 * What the runs say about the coordinates near the optimum: the spectrum of the design, and the
 * noise that turns it into standard errors.
 */
import type { Blocks } from "../../random/resampling.ts";
import { studentQuantile } from "../../stats/f-distribution.ts";
import { held } from "../../solve/damped-step.ts";
import { finish } from "../../solve/iterate.ts";
import type { NormalEquations } from "../../solve/normal-equations.ts";
import { examinedEquations, type Problem } from "../search/problem.ts";
import { blockErrors, type ScoredRows, scoredRows } from "./block-errors.ts";
import {
  designAt,
  type DesignMatrix,
  type Spectrum,
  spectrumInSteps,
} from "../../solve/design-spectrum.ts";
import { effectiveParameters } from "../ridge/effective-parameters.ts";
import { type Scatter, scatterOf } from "./scatter.ts";

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
  /** Of Student's t: n − p, or one less than the blocks of rows that share their error. */
  readonly degreesOfFreedom: number;
  /** Standard errors in half a 95 % interval. */
  readonly quantile: number;
  /**
   * Covariance of two such functions were the errors of all rows independent, null directions left
   * out.
   */
  readonly covariance: (a: ArrayLike<number>, b: ArrayLike<number>) => number;
  /** Root mean square of what a unit of a coordinate changes the residuals by. */
  readonly effect: (i: number) => number;
  /** Standard error of a coordinate were all the others known. */
  readonly alone: (i: number) => number;
}

/**
 * The information of one target's runs at θ. A coordinate held at its bound counts as known there
 * only where the runs insist: the optimum without the bound lies beyond it by more than two
 * standard errors. `isEnd` says which bounds are ends of a range instead. Else it is as free as the
 * others: β = 0 in runs of one token count is no finding. What a ridge draws the runs need not
 * determine: the information is that of the runs alone. `shared`: rows that share their error.
 */
export const informationAt = (
  problem: Problem,
  target: number,
  theta: Float64Array,
  isEnd?: (i: number) => boolean,
  shared?: Blocks,
): Information => finish(informationInSteps(problem, target, theta, isEnd, shared));

/** The same; yields between passes over the rows. */
export function* informationInSteps(
  problem: Problem,
  target: number,
  theta: Float64Array,
  isEnd = (i: number): boolean => theta[i] !== 0,
  shared?: Blocks,
): Generator<undefined, Information> {
  const normal = examinedEquations(problem, target);
  normal.evaluate(theta);
  const { lower, upper } = problem.box;
  const variable = [...theta.keys()].filter((i) => lower[i] < upper[i]);
  const isHeld = held(theta, normal.gradient, problem.box);
  const atBound = variable.filter((i) => isHeld[i]);
  const fitted = variable.filter((i) => !atBound.includes(i));
  const spent = effectiveParameters(problem, target, theta, fitted);
  yield;
  const noise = scatterOf(problem, target, theta, spent);
  yield;
  const design = designAt(problem, target, theta);
  yield;
  const runaway = atBound.filter(isEnd);
  const free = variable.filter((i) => !runaway.includes(i));
  const rows = shared && scoredRows(problem, target, theta, noise, shared);
  const from = function* (some: readonly number[]): Generator<undefined, Information> {
    const spectrum = yield* spectrumInSteps(design, some);
    return yield* informationIn(spectrum, design, some, noise, { runaway, rows });
  };
  const information = yield* from(free);
  const known = insistedBounds(
    information,
    atBound.filter((i) => !isEnd(i)),
    normal,
  );
  return known.length === 0 ? information : yield* from(free.filter((i) => !known.includes(i)));
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
 * The same from a given design.
 *
 * @param free coordinates whose standard errors are asked for; the others are known
 * @param shared `rows` of the design that share their error, by block
 */
export const informationFrom = (
  design: DesignMatrix,
  free: readonly number[],
  noise: Scatter,
  shared: SharedErrors = {},
): Information => finish(informationFromInSteps(design, free, noise, shared));

/** The same; yields between passes over the rows. */
export function* informationFromInSteps(
  design: DesignMatrix,
  free: readonly number[],
  noise: Scatter,
  shared: SharedErrors,
): Generator<undefined, Information> {
  const spectrum = yield* spectrumInSteps(design, free);
  return yield* informationIn(spectrum, design, free, noise, shared);
}

interface SharedErrors {
  readonly runaway?: readonly number[];
  readonly rows?: ScoredRows | undefined;
}

/** The same from the design's spectrum in the coordinates that are free. */
function* informationIn(
  spectrum: Spectrum,
  design: DesignMatrix,
  free: readonly number[],
  noise: Scatter,
  { runaway = [], rows }: SharedErrors,
): Generator<undefined, Information> {
  const { values, lengthOf, unseen, isNull, project } = spectrum;
  const errors = rows && (yield* blockErrors(spectrum, rows));
  /** A gradient along the vectors, over the singular values; null directions left out. */
  const stretched = (gradient: ArrayLike<number>): number[] =>
    project(gradient).map((x, n) => (isNull[n] ? 0 : x / Math.sqrt(values[n])));
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, xn, n) => sum + xn * y[n], 0);
  const variance = (x: readonly number[]): number =>
    errors === undefined
      ? noise.kappa ** 2 * dot(x, x)
      : dot(
          x,
          errors.map((row) => dot(row, x)),
        );
  const spreads = values.map((_, n) => (errors ? Math.sqrt(errors[n][n]) : noise.kappa));
  const degreesOfFreedom = rows === undefined ? noise.degreesOfFreedom : rows.blocks - 1;
  return {
    noise,
    free,
    unseen,
    directions: directionsOf(spectrum, spreads).toSorted((a, b) => b.value - a.value),
    runaway,
    degreesOfFreedom,
    quantile: studentQuantile(0.975, degreesOfFreedom),
    standardError: (gradient) => {
      if ([...unseen, ...runaway].some((i) => gradient[i] !== 0)) return Infinity;
      const along = project(gradient);
      const total = along.reduce((sum, x) => sum + x * x, 0);
      if (along.some((x, n) => isNull[n] && x * x > NULL_SHARE * total)) return Infinity;
      return Math.sqrt(variance(stretched(gradient)));
    },
    covariance: (a, b) => noise.kappa ** 2 * dot(stretched(a), stretched(b)),
    effect: (i) => lengthOf(i) / Math.sqrt(design.mass),
    alone: (i) => (lengthOf(i) > 0 ? noise.kappa / lengthOf(i) : Infinity),
  };
}

/**
 * @param spreads of errors along each vector: √ of what stands on the diagonal of their covariance
 */
const directionsOf = (
  { size, seen, lengthOf, values, vectors, isNull }: Spectrum,
  spreads: readonly number[],
): Direction[] =>
  values.map((value, n) => {
    const shares = Array.from({ length: size }, () => 0);
    const moves = Array.from({ length: size }, () => 0);
    for (const [a, i] of seen.entries()) {
      const q = vectors[n][a];
      shares[i] = q * q;
      if (!isNull[n]) moves[i] = (spreads[n] * Math.abs(q)) / (Math.sqrt(value) * lengthOf(i));
      else if (q * q > NULL_SHARE) moves[i] = Infinity;
    }
    return { value, shares, moves };
  });
