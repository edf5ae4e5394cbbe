/**
 * The derivatives J of the residuals at a point, and the directions that they span: by QR and
 * singular values of J itself, since JᵀJ has lost half the digits (a line through Unix times has
 * columns that are parallel but for 1e-8).
 */
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { itemAt } from "../base/known.ts";
import { columnNorms } from "./linearized-residuals.ts";
import { finish } from "./iterate.ts";
import { triangularize } from "./qr.ts";
import type { Program } from "../expr/program.ts";
import type { Packed } from "./pack-tables.ts";
import { Residuals } from "./residuals.ts";

/** √w·∂r/∂θ, a row for each run that weighs something, in packed order. */
export interface DesignMatrix {
  readonly rows: number;
  /** Coordinates. */
  readonly size: number;
  /** Row-major: rows × size. */
  readonly J: Float64Array;
  /** Σw. */
  readonly mass: number;
}

/**
 * J of one target at θ. It is taken without the loss's weights, so that it depends on the design
 * and not on the residuals.
 */
export function designAt(
  { program, packed }: { readonly program: Program; readonly packed: Packed },
  target: number,
  theta: Float64Array,
): DesignMatrix {
  const residuals = new Residuals(program, packed, target);
  residuals.evaluate(theta);
  const { rows, size, J, mass } = residuals;
  return { rows, size, J, mass };
}

/** Two designs together; each run of the second counts as `copies`. */
export function joinDesigns(a: DesignMatrix, b: DesignMatrix, copies: number): DesignMatrix {
  const J = new Float64Array(a.J.length + b.J.length);
  J.set(a.J);
  J.set(
    b.J.map((x) => Math.sqrt(copies) * x),
    a.J.length,
  );
  return { rows: a.rows + b.rows, size: a.size, J, mass: a.mass + copies * b.mass };
}

/**
 * A design of as many rows as coordinates with the same JᵀJ: R of J = QR, for one that is joined to
 * others again and again. The design itself where it has no more rows, or a column overflows.
 */
export function condensed(design: DesignMatrix): DesignMatrix {
  const { rows, size, J, mass } = design;
  const isFinite = columnNorms(J, rows, size).every((norm) => Number.isFinite(norm ** 2));
  if (rows <= size || !isFinite) return design;
  const write: WriteRow = (A, at, row) => A.set(J.subarray(row * size, (row + 1) * size), at);
  const R = finish(triangleOf(rows, size, write));
  return { rows: size, size, J: R, mass };
}

/** J of some coordinates, with columns scaled to length 1, in its singular vectors. */
export interface Spectrum {
  /** Coordinates of the law, these or not. */
  readonly size: number;
  /** Coordinates that change a prediction, and those that change none. */
  readonly seen: readonly number[];
  readonly unseen: readonly number[];
  /** Length of a coordinate's column of J; 0 where the column overflows. */
  readonly lengthOf: (i: number) => number;
  /** Squares of the singular values: eigenvalues of the scaled JᵀJ. */
  readonly values: readonly number[];
  /** A right singular vector for each value, with a number for each coordinate seen. */
  readonly vectors: readonly (readonly number[])[];
  /** Whether the value is zero but for rounding. */
  readonly isNull: readonly boolean[];
  /** A gradient in the basis of the vectors. */
  readonly project: (gradient: ArrayLike<number>) => number[];
  /** Row `row` of J in that basis, over the singular values: a row of the left singular vectors. */
  readonly left: (row: number) => number[];
}

/**
 * Singular values below this share of the largest are zero but for rounding: that of J's own
 * entries is some 1e-15.
 */
const NULL_VALUE = 1e-12;

/** The spectrum of a design in some coordinates; of many rows it yields between slabs of them. */
export function* spectrumInSteps(
  { rows, size, J }: DesignMatrix,
  free: readonly number[],
): Generator<undefined, Spectrum> {
  const norms = columnNorms(J, rows, size);
  const lengthOf = (i: number): number => {
    const norm = itemAt(norms, i);
    return Number.isFinite(norm ** 2) ? norm : 0;
  };
  const seen = free.filter((i) => lengthOf(i) > 0);
  const lengths = seen.map(lengthOf);
  const { singular, vectors } = yield* decompose(rows, seen.length, (A, at, row) => {
    for (let c = 0; c < seen.length; c++) A[at + c] = J[row * size + seen[c]] / lengths[c];
  });
  const most = singular.reduce((a, b) => Math.max(a, b), 0);
  const isNull = singular.map((value) => value <= NULL_VALUE * most);
  const project = (gradient: ArrayLike<number>): number[] => {
    const perLength = new Float64Array(seen.length);
    for (let a = 0; a < seen.length; a++) perLength[a] = gradient[seen[a]] / lengths[a];
    return vectors.map((vector) => {
      let sum = 0;
      for (let a = 0; a < vector.length; a++) sum += vector[a] * perLength[a];
      return sum;
    });
  };
  return {
    size,
    seen,
    unseen: free.filter((i) => !seen.includes(i)),
    lengthOf,
    values: singular.map((value) => value * value),
    vectors,
    isNull,
    project,
    left: (row) =>
      project(J.subarray(row * size, (row + 1) * size)).map((x, m) =>
        isNull[m] ? 0 : x / itemAt(singular, m),
      ),
  };
}

/**
 * Rows that are triangularized at once. More come slab by slab, each below the triangle of those
 * before: R is the same but for signs and rounding, and a slab stays in the processor's cache.
 */
const SLAB = { most: 2 ** 15, rows: 2 ** 11 } as const;

/** Writes the n numbers of a row into A from `at` on. */
type WriteRow = (A: Float64Array, at: number, row: number) => void;

/** Singular values of a matrix of n columns and its right singular vectors. */
function* decompose(
  rows: number,
  n: number,
  write: WriteRow,
): Generator<undefined, { singular: number[]; vectors: number[][] }> {
  if (n === 0) return { singular: [], vectors: [] };
  const R = Matrix.from1DArray(n, n, yield* triangleOf(rows, n, write));
  const asked = { computeLeftSingularVectors: false };
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(R, asked);
  return { singular: diagonal, vectors: rightSingularVectors.transpose().to2DArray() };
}

/** R of the QR factors of a matrix of n columns, n × n. */
function* triangleOf(rows: number, n: number, write: WriteRow): Generator<undefined, Float64Array> {
  const slab = rows <= SLAB.most ? rows : SLAB.rows;
  let A = new Float64Array(0);
  for (let from = 0; from === 0 || from < rows; from += slab) {
    const count = Math.min(slab, rows - from);
    const above = from === 0 ? 0 : n;
    const next = new Float64Array(Math.max(above + count, n) * n);
    for (let i = 0; i < above; i++) next.set(A.subarray(i * n + i, (i + 1) * n), i * n + i);
    for (let row = 0; row < count; row++) write(next, (above + row) * n, from + row);
    A = next;
    triangularize(A, A.length / n, n, new Float64Array(A.length / n));
    if (from > 0) yield;
  }
  const R = new Float64Array(n * n);
  for (let i = 0; i < n; i++) R.set(A.subarray(i * n + i, (i + 1) * n), i * n + i);
  return R;
}
