/** Errors of coordinates where the rows of a block share theirs: the cluster-robust covariance. */
import { Matrix, solve } from "ml-matrix";
import { itemAt } from "../../base/known.ts";
import { lossFunction, lossOf } from "../../expr/loss.ts";
import type { Blocks } from "../../random/resampling.ts";
import type { Problem } from "../search/problem.ts";
import type { Spectrum } from "../../solve/design-spectrum.ts";
import { residualsOf, type Scatter } from "./scatter.ts";

/** Rows of a design with what each adds to the gradient, by block. */
export interface ScoredRows {
  readonly blocks: number;
  /** The block of each row of the design. */
  readonly blockOf: readonly number[];
  /** √w·ψ(r)/E ψ′ of each row. */
  readonly scores: readonly number[];
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
  const labels = [...packed.order].flatMap((row, at) =>
    itemAt(weights, at) > 0 ? [itemAt(blockOf, row)] : [],
  );
  const present = [...new Set(labels)];
  return {
    blocks: present.length,
    blockOf: labels.map((label) => present.indexOf(label)),
    scores: Array.from(r, (x, i) => (Math.sqrt(itemAt(w, i)) * psi(x, delta)) / slope),
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
 */
export function blockErrors(spectrum: Spectrum, rows: ScoredRows): number[][] {
  const { blocks, blockOf, scores } = rows;
  const n = spectrum.values.length;
  const sums = Array.from({ length: blocks }, () => new Float64Array(n));
  const parts = Array.from({ length: blocks }, () => Matrix.eye(n, n, 1 + RIDGE));
  for (const [row, block] of blockOf.entries()) {
    const [u, sum, part] = [spectrum.left(row), itemAt(sums, block), itemAt(parts, block)];
    for (const [a, x] of u.entries()) {
      sum[a] = itemAt(sum, a) + x * itemAt(scores, row);
      for (const [b, y] of u.entries()) part.set(a, b, part.get(a, b) - x * y);
    }
  }
  const total = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  for (const [block, sum] of sums.entries()) {
    const changes = solve(itemAt(parts, block), Matrix.columnVector([...sum])).to1DArray();
    for (const [a, row] of total.entries())
      for (const b of row.keys()) row[b] = itemAt(row, b) + itemAt(changes, a) * itemAt(changes, b);
  }
  return total.map((row) => row.map((x) => (x * (blocks - 1)) / blocks));
}
