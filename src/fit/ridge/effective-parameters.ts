/** How many parameters a fit has spent: fewer than its coordinates, where a ridge draws them. */
import { itemAt } from "../../base/known.ts";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { addPenaltyMatrix, penaltyOf } from "../../solve/penalty/ridge.ts";
import { examinedEquations, type Problem } from "../search/problem.ts";

/** Added to the diagonal of a matrix with ones there, which rounding may make indefinite. */
const ROUNDING = 1e-12;

/**
 * The effective number of parameters tr((H + P)⁻¹H) of the coordinates that are free, H the matrix
 * of the runs and P that of the ridge (Hastie, Tibshirani & Friedman 2009, 3.50), rounded up; how
 * many are free where there is no ridge.
 */
export function effectiveParameters(
  problem: Problem,
  target: number,
  theta: Float64Array,
  free: readonly number[],
): number {
  const penalty = penaltyOf(problem.penalties, target);
  if (penalty === undefined || free.length === 0) return free.length;
  const normal = examinedEquations(problem, target);
  normal.evaluate(theta);
  const { H } = normal;
  const drawn = new Float64Array(H.length);
  addPenaltyMatrix(penalty, drawn);
  const entry = (A: Float64Array, a: number, b: number): number => {
    const [i, j] = [itemAt(free, a), itemAt(free, b)];
    const [row, column] = [Math.max(i, j), Math.min(i, j)];
    return itemAt(A, (row * (row + 1)) / 2 + column);
  };
  const lengths = free.map((_, a) => Math.sqrt(entry(H, a, a)) || 1);
  const scaled = (A: Float64Array, rounding: number): Matrix =>
    new Matrix(
      free.map((_, a) =>
        free.map(
          (__, b) =>
            entry(A, a, b) / (itemAt(lengths, a) * itemAt(lengths, b)) + (a === b ? rounding : 0),
        ),
      ),
    );
  const whole = scaled(H, ROUNDING);
  if (![...whole.to1DArray()].every(Number.isFinite)) return free.length;
  const spent = free.length - new CholeskyDecomposition(whole).solve(scaled(drawn, 0)).trace();
  return Math.ceil(Math.min(Math.max(spent, 0), free.length));
}
