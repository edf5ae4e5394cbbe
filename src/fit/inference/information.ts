/**
 * What the runs say about the coordinates near the optimum: JᵀJ, its spectrum, and the noise that
 * turns it into standard errors.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../../expr/loss.ts";
import { held } from "../../solve/damped-step.ts";
import { Normal } from "../../solve/normal-equations.ts";
import { tablesOf } from "../../solve/pack-tables.ts";
import type { Problem } from "../search/problem.ts";

/**
 * Eigenvalues of the scaled JᵀJ below this share of the largest are zero but for rounding (float64
 * leaves about p·1e-16).
 */
export const NULL_EIGENVALUE = 1e-13;
/**
 * A function of the coordinates moves along a null direction when this share of its (squared,
 * scaled) gradient lies in it.
 */
const NULL_SHARE = 1e-6;

/**
 * The noise of the residuals, as an M-estimator with ψ = ρ′ sees it (Huber & Ronchetti 2009, ch.
 * 7): cov θ̂ ≈ κ²·(Σ J Jᵀ)⁻¹ with κ² = E ψ²/(E ψ′)², and a constraint on one coordinate raises 2·Σρ
 * by (E ψ²/E ψ′)·χ²₁. With squared loss both are the residual variance s²; weights are taken as
 * relative, as everywhere.
 */
export interface Scatter {
  /**
   * Robust standard deviation of the residuals: 1.4826 × their median size, with p degrees of
   * freedom taken off.
   */
  readonly sigma: number;
  readonly kappa: number;
  /** E ψ²/E ψ′: what 2·Σρ is divided by before it is compared with χ². */
  readonly dispersion: number;
}

/** Residuals of a target's runs at θ and their weights; runs of weight 0 are left out. */
export function residualsOf(
  { program, packed }: Problem,
  target: number,
  theta: Float64Array,
): { r: Float64Array; w: Float64Array } {
  const code = evaluator64(program);
  const values = workspace(program);
  const tables = tablesOf(packed, target);
  const r: number[] = [];
  const w: number[] = [];
  code.fit(values, theta);
  for (let g = 0; g + 1 < packed.start.length; g++) {
    code.mix(values, tables, g);
    for (let at = packed.start[g]; at < packed.start[g + 1]; at++) {
      const weight = packed.weights[target][at];
      if (weight === 0) continue;
      r.push(code.run(values, tables, at));
      w.push(weight);
    }
  }
  return { r: Float64Array.from(r), w: Float64Array.from(w) };
}

/** `free`: how many coordinates were fitted. */
export function scatterOf(
  problem: Problem,
  target: number,
  theta: Float64Array,
  free: number,
): Scatter {
  const { r, w } = residualsOf(problem, target, theta);
  const { name, delta } = problem.loss;
  const { psi, curvature, growth } = lossOf(name);
  const n = r.length;
  const spare = Math.max(n - free, 1) / n; // n − p of n degrees of freedom are left
  const mass = w.reduce((a, b) => a + b, 0);
  const sizes = r.map(Math.abs).sort();
  const root = Math.sqrt(r.reduce((sum, x, i) => sum + w[i] * x * x, 0) / mass / spare);
  // Fits of δ far below the noise go exactly through some runs: with more than half of them met
  // there is no median to speak of.
  const sigma = (1.4826 * sizes[Math.floor(n / 2)]) / Math.sqrt(spare) || root;
  const [pull, bend] = [lossFunction(psi), lossFunction(curvature)];
  // E ψ′ is told by the runs within a few δ of the law. Where δ is far below the noise these are
  // few, and a wider δ is taken, as quantile regression does: as δ → 0, E ψ′ goes like
  // δ^(2 − growth), growth being that of ρ. Wider still where the loss is not convex and the mean
  // is below 0: in the end, with all runs well within δ, it is 1.
  const bendAt = (wide: number): number =>
    r.reduce((sum, x, i) => sum + w[i] * bend(x, wide), 0) / mass;
  let wide = Math.max(delta, 0.5 * sigma);
  while (bendAt(wide) < 0) wide *= 2;
  const slope = Math.min(1, bendAt(wide) * (delta / wide) ** (2 - growth)) || 1;
  const psi2 = r.reduce((sum, x, i) => sum + w[i] * pull(x, delta) ** 2, 0) / n / spare;
  return { sigma, kappa: Math.sqrt(psi2) / slope, dispersion: psi2 / slope };
}

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
 * JᵀJ summed over the runs, packed lower triangle, without the loss's weights: what the design can
 * tell apart, whatever the residuals are.
 */
export function crossProduct(problem: Problem, target: number, theta: Float64Array): Float64Array {
  const design = new Normal(problem.program, problem.packed, target, SQUARED);
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
  const normal = new Normal(problem.program, problem.packed, target, problem.loss);
  normal.evaluate(theta);
  const { lower, upper } = problem.box;
  const variable = [...theta.keys()].filter((i) => lower[i] < upper[i]);
  const bound = held(theta, normal.gradient, problem.box);
  const ends = variable.filter((i) => bound[i]);
  const noise = scatterOf(problem, target, theta, variable.length - ends.length);
  const cross = crossProduct(problem, target, theta);
  const runaway = ends.filter(isEnd);
  const open = variable.filter((i) => !runaway.includes(i));
  const all = informationFrom(cross, open, noise, runaway);
  const unit = (i: number): Float64Array => new Float64Array(theta.length).fill(1, i, i + 1);
  const known = ends.filter((i) => {
    const error = all.standardError(unit(i));
    if (isEnd(i) || !Number.isFinite(error)) return false;
    const pull = ends
      .filter((k) => !isEnd(k))
      .reduce((sum, k) => sum + all.covariance(unit(i), unit(k)) * normal.gradient[k], 0);
    return Math.abs((pull * normal.mass) / noise.dispersion) > 2 * error;
  });
  return known.length === 0 ? all : informationFrom(cross, open.filter((i) => !known.includes(i)), noise, runaway); // prettier-ignore
}

/** The same from a given JᵀJ. */
export function informationFrom(
  cross: Float64Array,
  free: readonly number[],
  noise: Scatter,
  runaway: readonly number[] = [],
): Information {
  const p = Math.round((Math.sqrt(8 * cross.length + 1) - 1) / 2);
  const entry = (i: number, j: number): number =>
    cross[i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i];
  const seen = free.filter((i) => entry(i, i) > 0);
  const length = seen.map((i) => Math.sqrt(entry(i, i)));
  const { values, vectors } = eigen(
    seen.map((i, a) => seen.map((j, b) => entry(i, j) / (length[a] * length[b]))),
  );
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const isNull = values.map((v) => v <= NULL_EIGENVALUE * most);
  const unseen = free.filter((i) => entry(i, i) === 0);
  /** A gradient in the basis of the scaled eigenvectors. */
  const project = (gradient: ArrayLike<number>): number[] => {
    const scaled = seen.map((i, a) => gradient[i] / length[a]);
    return vectors.map((v) => v.reduce((sum, q, a) => sum + q * scaled[a], 0));
  };
  const directions = values.map((value, n): Direction => {
    const shares = Array.from({ length: p }, () => 0);
    const moves = Array.from({ length: p }, () => 0);
    for (const [a, i] of seen.entries()) {
      const q = vectors[n][a];
      shares[i] = q * q;
      moves[i] = isNull[n]
        ? q * q > NULL_SHARE
          ? Infinity
          : 0
        : (noise.kappa * Math.abs(q)) / (Math.sqrt(value) * length[a]);
    }
    return { value, shares, moves };
  });
  return {
    noise,
    free,
    unseen,
    directions: directions.toSorted((a, b) => b.value - a.value),
    runaway,
    standardError: (gradient) => {
      if ([...unseen, ...runaway].some((i) => gradient[i] !== 0)) return Infinity;
      const along = project(gradient);
      const total = along.reduce((sum, x) => sum + x * x, 0);
      if (along.some((x, n) => isNull[n] && x * x > NULL_SHARE * total)) return Infinity;
      return (
        noise.kappa *
        Math.sqrt(along.reduce((sum, x, n) => sum + (isNull[n] ? 0 : (x * x) / values[n]), 0))
      );
    },
    alone: (i) => (entry(i, i) === 0 ? Infinity : noise.kappa / Math.sqrt(entry(i, i))),
    covariance: (a, b) => {
      const [x, y] = [project(a), project(b)];
      return (
        noise.kappa ** 2 *
        x.reduce((sum, xn, n) => sum + (isNull[n] ? 0 : (xn * y[n]) / values[n]), 0)
      );
    },
  };
}

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
