/** Ordinary least squares of a few columns: min Σ (y − Σⱼ cⱼxⱼ)². */
import { backSubstitute, DEPENDENT, triangularize } from "../../solve/qr.ts";

/** A fitted plane. */
export interface LeastSquares {
  readonly coefficients: Float64Array;
  /** Σ (y − fitted)². */
  readonly residual: number;
  /** (XᵀX)⁻¹, columns × columns: times the variance of y it is the coefficients' covariance. */
  readonly inverse: readonly (readonly number[])[];
}

/** Undefined where there are fewer rows than columns, or a column depends on the others. */
export function leastSquares(
  columns: readonly (readonly number[])[],
  y: readonly number[],
): LeastSquares | undefined {
  const [rows, n] = [y.length, columns.length];
  if (rows < n) return undefined;
  const lengths = columns.map((column) => Math.hypot(...column) || 1);
  const A = Float64Array.from({ length: rows * n }, (_, at) => {
    const j = at % n;
    return columns[j][(at - j) / n] / lengths[j];
  });
  const b = Float64Array.from(y);
  triangularize(A, rows, n, b);
  for (let j = 0; j < n; j++) if (!(Math.abs(A[j * n + j]) > DEPENDENT)) return undefined;
  const scaled = backSubstitute(A, n, b);
  const units = lengths.map((_, j) =>
    backSubstitute(
      A,
      n,
      Float64Array.from(lengths, (__, i) => (i === j ? 1 : 0)),
    ),
  );
  if (scaled === undefined) return undefined;
  // R⁻¹(R⁻¹)ᵀ, with the columns' lengths put back.
  const inverse = lengths.map((length, i) =>
    lengths.map(
      (other, j) =>
        units.reduce((sum, unit) => sum + (unit?.[i] ?? 0) * (unit?.[j] ?? 0), 0) /
        (length * other),
    ),
  );
  return {
    coefficients: scaled.map((c, j) => c / lengths[j]),
    residual: b.subarray(n).reduce((sum, x) => sum + x * x, 0),
    inverse,
  };
}
