/** Eigenvalues and eigenvectors of symmetric matrices. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Eigenvalues in ascending order, and a unit eigenvector for each. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/** Entries below this share of the largest are 0: ml-matrix divides by such, and fails. */
const NEGLIGIBLE = 1e-150;

/**
 * The decomposition of a symmetric matrix; undefined where an entry is no finite number, at which
 * ml-matrix fails. Entries of any size are taken.
 *
 * @param matrix its rows
 * @example symmetricEigen([[2, 0], [0, 1]])?.values // [1, 2]
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): SymmetricEigen | undefined {
  const all = matrix.flat();
  const largest = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0); // NaN stays NaN
  if (!Number.isFinite(largest)) return undefined;
  const scale = largest === 0 ? 1 : largest;
  const scaled = matrix.map((row) =>
    row.map((x) => (Math.abs(x / scale) < NEGLIGIBLE ? 0 : x / scale)),
  );
  const decomposition = new EigenvalueDecomposition(new Matrix(scaled), { assumeSymmetric: true });
  return {
    values: decomposition.realEigenvalues.map((value) => value * scale),
    vectors: decomposition.eigenvectorMatrix.transpose().to2DArray(),
  };
}
