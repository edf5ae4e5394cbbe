/** Errors of coordinates where the rows of a block share theirs: the cluster-robust covariance. */
import { Matrix, solve as solveByLu } from "ml-matrix";
import { itemAt } from "../../base/known.ts";
import { lossFunction, lossOf } from "../../expr/loss.ts";
import type { Blocks } from "../../random/resampling.ts";
import type { Problem } from "../search/problem.ts";
import { factor, solve } from "../../solve/cholesky.ts";
import type { Spectrum } from "../../solve/design-spectrum.ts";
import { rowsByGroup } from "../../stats/equal-rows.ts";
import { residualsOf, type Scatter } from "./scatter.ts";

/** Rows of a design with what each adds to the gradient, by block. */
export interface ScoredRows {
  readonly blocks: number;
  /** The block of each row of the design. */
  readonly blockOf: Int32Array;
  /** √w·ψ(r)/E ψ′ of each row. */
  readonly scores: Float64Array;
}

/** The rows of a target's design at θ. */
export function scoredRows(
  problem: Problem,
  target: number,
  theta: Float64Array,
  { slope }: Scatter,
  { blockOf }: Blocks,
): ScoredRows {
  const { packed } = problem;
  const weights = itemAt(packed.weights, target);
  const { name, delta } = itemAt(problem.losses, target);
  const psi = lossFunction(lossOf(name).psi);
  const { r, w } = residualsOf(problem, target, theta);
  const labels = packed.order.map((row) => blockOf[row]).filter((_, at) => weights[at] > 0);
  const present = new Map<number, number>();
  for (const label of labels) if (!present.has(label)) present.set(label, present.size);
  return {
    blocks: present.size,
    blockOf: labels.map((label) => present.get(label) ?? 0),
    scores: r.map((x, i) => (Math.sqrt(w[i]) * psi(x, delta)) / slope),
  };
}

/** Keeps a matrix invertible where a block alone determines a direction: its error is then vast. */
const RIDGE = 1e-10;

/**
 * The covariance of the errors along the spectrum's vectors, each over its singular value: of rows
 * with independent errors it would be κ² times the unit matrix.
 *
 * Each block's sum of scores s is taken as (1 − A)⁻¹s with A the part of the design that the block
 * is, since a fit has bent towards its errors: about what leaving the block out would change (CR3;
 * Bell & McCaffrey 2002; Cameron & Miller 2015, A Practitioner's Guide to Cluster-Robust Inference,
 * VI.B). With Student's t of one less than the blocks it holds from about ten blocks on.
 *
 * It yields after each block.
 */
export function* blockErrors(
  spectrum: Spectrum,
  rows: ScoredRows,
): Generator<undefined, number[][]> {
  const { blocks, blockOf, scores } = rows;
  const n = spectrum.values.length;
  const total = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  const { start, order } = rowsByGroup({ count: blocks, groupOf: blockOf });
  for (let block = 0; block < blocks; block++) {
    const sum = new Float64Array(n);
    // 1 − A by its lower triangle.
    const other = new Float64Array(n * n);
    for (let a = 0; a < n; a++) other[a * n + a] = 1 + RIDGE;
    for (const row of order.subarray(start[block], start[block + 1]))
      addRow(sum, other, spectrum.left(row), scores[row]);
    const changes = (blocks > MANY && choleskySolved(other, sum, n)) || luSolved(other, sum, n);
    addSquare(total, changes);
    yield;
  }
  return total.map((row) => row.map((x) => (x * (blocks - 1)) / blocks));
}

/** Adds a row u with its score to a block's sum, and takes it from 1 − A. */
function addRow(sum: Float64Array, other: Float64Array, u: readonly number[], score: number): void {
  const n = u.length;
  for (let a = 0; a < n; a++) {
    const ua = u[a];
    sum[a] += ua * score;
    for (let b = 0, at = a * n; b <= a; b++) other[at + b] -= ua * u[b];
  }
}

/** Adds xxᵀ to a matrix. */
function addSquare(total: number[][], x: ArrayLike<number>): void {
  for (let a = 0; a < total.length; a++) {
    const row = total[a];
    for (let b = 0; b < row.length; b++) row[b] += x[a] * x[b];
  }
}

/** Blocks of which each is little of the design, so that 1 − A is far from singular. */
const MANY = 1000;

/** x of Mx = b by Cholesky's factors, in a fifth of the time; false where M is not definite. */
function choleskySolved(lower: Float64Array, b: Float64Array, n: number): Float64Array | false {
  const packed = new Float64Array((n * (n + 1)) / 2);
  for (let a = 0; a < n; a++) packed.set(lower.subarray(a * n, a * n + a + 1), (a * (a + 1)) / 2);
  if (!factor(packed, n)) return false;
  const x = b.slice();
  solve(packed, x, n);
  return x;
}

/** x of Mx = b by LU factors. */
const luSolved = (lower: Float64Array, b: Float64Array, n: number): number[] =>
  solveByLu(symmetric(lower, n), Matrix.columnVector([...b])).to1DArray();

/** The matrix of a lower triangle. */
function symmetric(lower: Float64Array, n: number): Matrix {
  const matrix = Matrix.zeros(n, n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      matrix.set(a, b, lower[a * n + b]);
      matrix.set(b, a, lower[a * n + b]);
    }
  return matrix;
}
