/**
 * The linear model r + Jδ of the residuals at a point, decomposed once for damped steps of any λ.
 */
import type { Box } from "./damped-step.ts";
import { backSubstitute, DEPENDENT, triangularize } from "./qr.ts";
import type { Residuals } from "./residuals.ts";

export interface LinearModel {
  /** By coordinate: the largest norm of its column of J so far; 1 where that was always 0. */
  readonly scale: Float64Array;
  /**
   * The decrease of Σ w·r² by the best undamped step of the coordinates that are not held: the
   * squared length of the part of r that their columns of J span.
   */
  readonly reducible: number;
  /**
   * The step δ that minimizes ‖Jδ + r‖² + λ‖Dδ‖², D being `scale`; 0 in coordinates held at a
   * bound. Undefined where the system is singular.
   */
  step(lambda: number): Float64Array | undefined;
  /** The decrease of Σ w·r² that the model promises of a step. */
  promised(step: Float64Array): number;
  /** Length of a step in the norm of `scale`. */
  length(step: Float64Array): number;
}

/** The model at θ, where the residuals were evaluated last. `before`: that of the point before. */
export function linearize(
  residuals: Residuals,
  theta: Float64Array,
  box: Box,
  before?: LinearModel,
): LinearModel {
  const { rows, size: p } = residuals;
  const [J, r] = [new Float64Array(residuals.J), new Float64Array(residuals.r)];
  const norms = columnNorms(J, rows, p);
  const scale = norms.map((norm, i) => Math.max(before?.scale[i] ?? 0, norm) || 1);
  const slope = (i: number): number =>
    r.reduce((sum, residual, row) => sum + J[row * p + i] * residual, 0);
  const free = [...theta.keys()].filter((i) => {
    const [low, high] = [theta[i] <= box.lower[i], theta[i] >= box.upper[i]];
    return !((low && slope(i) > 0) || (high && slope(i) < 0));
  });
  const n = free.length;
  const A = new Float64Array(rows * n);
  for (let c = 0; c < n; c++) {
    const i = free[c];
    for (let row = 0; row < rows; row++) A[row * n + c] = J[row * p + i] / scale[i];
  }
  const b = new Float64Array(rows);
  for (let row = 0; row < rows; row++) b[row] = -r[row];
  triangularize(A, rows, n, b);
  const tall = Math.min(rows, n);
  let reducible = 0;
  for (let i = 0; i < tall; i++) if (Math.abs(A[i * n + i]) > DEPENDENT) reducible += b[i] * b[i];
  return {
    scale,
    reducible,
    step(lambda) {
      // R above √λ·I: 2n rows stand for all of J.
      const R = new Float64Array(2 * n * n);
      const right = new Float64Array(2 * n);
      for (let i = 0; i < tall; i++) for (let j = i; j < n; j++) R[i * n + j] = A[i * n + j];
      for (let i = 0; i < n; i++) R[(n + i) * n + i] = Math.sqrt(lambda);
      right.set(b.subarray(0, tall));
      if (lambda > 0) triangularize(R, 2 * n, n, right);
      const x = backSubstitute(R, n, right);
      if (x === undefined || !x.every(Number.isFinite)) return undefined;
      const step = new Float64Array(p);
      for (const [c, i] of free.entries()) step[i] = x[c] / scale[i];
      return step;
    },
    promised(step) {
      let gain = 0;
      for (let row = 0; row < rows; row++) {
        let change = 0;
        for (let i = 0; i < p; i++) change += J[row * p + i] * step[i];
        gain -= change * (2 * r[row] + change);
      }
      return gain;
    },
    length: (step) => step.reduce((sum, x, i) => Math.hypot(sum, x * scale[i]), 0),
  };
}

/** Euclidean norms of the columns of a row-major matrix, safe from overflow. */
export function columnNorms(A: Float64Array, rows: number, n: number): Float64Array {
  const norms = new Float64Array(n);
  for (let column = 0; column < n; column++) {
    let largest = 0;
    for (let i = column; i < rows * n; i += n) largest = Math.max(largest, Math.abs(A[i]));
    if (largest === 0) continue;
    let sum = 0;
    for (let i = column; i < rows * n; i += n) sum += (A[i] / largest) ** 2;
    norms[column] = largest * Math.sqrt(sum);
  }
  return norms;
}
