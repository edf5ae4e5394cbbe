/** Whether a fit says more than one number for all runs would. */
import { itemAt } from "../../base/known.ts";
import { lossFunction, lossOf, lossValues, type ScaledLoss } from "../../expr/loss.ts";
import type { ResidualKind } from "../../options/fit-options.ts";
import { extremesOf, totalOf } from "../../stats/moments.ts";
import type { Problem } from "../search/problem.ts";
import { residualsOf } from "./scatter.ts";

/** A fit beside the best constant, on the scale of its residual and with its own weights. */
export interface AgainstConstant {
  /**
   * 1 − Σw·r²/Σw·r₀², r₀ the residuals of the constant that has the least squares; null where the
   * observations do not vary.
   */
  readonly r2: number | null;
  /** Whether its loss is below that of the constant that has the least loss. */
  readonly hasLessLoss: boolean;
  /** Whether it meets every observation but for `NEGLIGIBLE` of its size. */
  readonly isExact: boolean;
}

/** Residuals up to this share of the observations are as good as none. */
const NEGLIGIBLE = 1e-6;
/** Steps of reweighted least squares to the best constant: each is about a digit. */
const STEPS = 60;
/** A step of this share of the constant is the last: the loss is flat there, to its square. */
const CLOSE = 1e-7;
/** Rows that bring it near. */
const SOME = 2 ** 16;
/**
 * Steps with all rows after that. Each lowers the loss; where most rows are beyond δ of a robust
 * loss, the last digits would take dozens.
 */
const LAST = 3;

/**
 * A fit beside the best constant; yields between passes over the rows.
 *
 * @param observed the target's losses, NaN where there is none
 */
export function* againstConstant(
  problem: Problem,
  target: number,
  theta: Float64Array,
  observed: Float64Array,
  kind: ResidualKind,
): Generator<undefined, AgainstConstant> {
  const { r, w } = residualsOf(problem, target, theta);
  yield;
  const weighs = problem.packed.weights[target];
  const y = Float64Array.from(problem.packed.order, (row) => observed[row]).filter(
    (_, at) => weighs[at] > 0,
  );
  const constant = constantResiduals(y, kind);
  const squares = totalOf(r, (x, i) => w[i] * x * x);
  const plain = leastSquares(constant, w, new Float64Array(w.length).fill(1));
  const least = totalOf(w, (weight, i) => weight * constant.at(plain, i) ** 2);
  yield;
  const loss = itemAt(problem.losses, target);
  const rho = lossFunction(lossOf(loss.name).rho);
  const best = bestConstant(constant, w, plain, loss);
  yield;
  const own = totalOf(r, (x, i) => w[i] * rho(x, loss.delta));
  const others = totalOf(w, (weight, i) => weight * rho(constant.at(best, i), loss.delta));
  const isVarying = y.some((value) => value !== y[0]);
  const size = kind === "raw" ? extremesOf(y.map(Math.abs))[1] : 1;
  return {
    r2: isVarying ? 1 - squares / least : null,
    hasLessLoss: own < others,
    isExact: r.every((x) => Math.abs(x) <= NEGLIGIBLE * size),
  };
}

/** The residuals of a constant c: `slopes`·c − `ends`, one a row. */
interface ConstantResiduals {
  readonly slopes: Float64Array;
  readonly ends: Float64Array;
  /** The residual of row `i`. */
  readonly at: (c: number, i: number) => number;
}

/**
 * A residual is linear in the constant c, or in ln c: a·c − b with a = 1, b = y of raw residuals, b
 * = ln y of logarithms, and a = 1/y, b = 1 of relative ones.
 */
function constantResiduals(y: Float64Array, kind: ResidualKind): ConstantResiduals {
  const slopes = y.map((value) => (kind === "relative" ? 1 / value : 1));
  const ends = y.map((value) => (kind === "raw" ? value : kind === "log" ? Math.log(value) : 1));
  return { slopes, ends, at: (c, i) => slopes[i] * c - ends[i] };
}

/** What steps to a constant need of them. */
type Lines = Pick<ConstantResiduals, "slopes" | "ends">;

/** The constant that has the least squares, each residual's weighted by `more` as well. */
function leastSquares({ slopes, ends }: Lines, w: ArrayLike<number>, more: Float64Array): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < slopes.length; i++) {
    const weighted = w[i] * more[i] * slopes[i];
    above += weighted * ends[i];
    below += weighted * slopes[i];
  }
  return above / below;
}

/**
 * The constant with the least loss, by reweighted least squares from `c` on. Of very many rows some
 * bring it near before all are asked.
 */
function bestConstant(residuals: Lines, w: ArrayLike<number>, c: number, loss: ScaledLoss): number {
  const { slopes, ends } = residuals;
  const step = Math.floor(slopes.length / SOME);
  if (step < 2) return reweighted(residuals, w, c, loss, STEPS);
  const some = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: SOME }, (_, n) => values[n * step]);
  const [a, b] = [some(slopes), some(ends)];
  const fewer = { slopes: a, ends: b };
  return reweighted(residuals, w, reweighted(fewer, some(w), c, loss, STEPS), loss, LAST);
}

function reweighted(
  residuals: Lines,
  w: ArrayLike<number>,
  c: number,
  { name, delta }: ScaledLoss,
  steps: number,
): number {
  const omega = lossOf(name).omega(1);
  const { slopes, ends } = residuals;
  let best = c;
  for (let step = 0; step < steps; step++) {
    const at = slopes.map((slope, i) => slope * best - ends[i]);
    const next = leastSquares(residuals, w, lossValues(omega, at, delta));
    const moved = Math.abs(next - best);
    best = next;
    if (moved <= CLOSE * Math.abs(next)) break;
  }
  return best;
}
