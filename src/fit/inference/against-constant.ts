/** Whether a fit says more than one number for all runs would. */
import { itemAt } from "../../base/known.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../../expr/loss.ts";
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

/**
 * A fit beside the best constant.
 *
 * @param observed the target's losses, NaN where there is none
 */
export function againstConstant(
  problem: Problem,
  target: number,
  theta: Float64Array,
  observed: Float64Array,
  kind: ResidualKind,
): AgainstConstant {
  const { r, w } = residualsOf(problem, target, theta);
  const weighs = problem.packed.weights[target];
  const y = Float64Array.from(problem.packed.order, (row) => observed[row]).filter(
    (_, at) => weighs[at] > 0,
  );
  const squares = totalOf(r, (x, i) => w[i] * x * x);
  const least = totalOf(constantResiduals(y, w, kind), (x, i) => w[i] * x * x);
  const loss = itemAt(problem.losses, target);
  const rho = lossFunction(lossOf(loss.name).rho);
  const [own, others] = [r, bestConstant(y, w, kind, loss)].map((residuals) =>
    totalOf(residuals, (x, i) => w[i] * rho(x, loss.delta)),
  );
  const isVarying = y.some((value) => value !== y[0]);
  const size = kind === "raw" ? extremesOf(y.map(Math.abs))[1] : 1;
  return {
    r2: isVarying ? 1 - squares / least : null,
    hasLessLoss: own < others,
    isExact: r.every((x) => Math.abs(x) <= NEGLIGIBLE * size),
  };
}

/**
 * The residuals of the constant that has the least weighted squares. A residual is linear in the
 * constant c, or in ln c: a·c − b with a = 1, b = y of raw residuals, b = ln y of logarithms, and a
 * = 1/y, b = 1 of relative ones.
 */
function constantResiduals(
  y: Float64Array,
  w: ArrayLike<number>,
  kind: ResidualKind,
): Float64Array {
  const slopes = y.map((value) => (kind === "relative" ? 1 / value : 1));
  const ends = y.map((value) => (kind === "raw" ? value : kind === "log" ? Math.log(value) : 1));
  const c = totalOf(slopes, (a, i) => w[i] * a * ends[i]) / totalOf(slopes, (a, i) => w[i] * a * a);
  return slopes.map((a, i) => a * c - ends[i]);
}

/** The residuals of the constant with the least loss, by reweighted least squares. */
function bestConstant(
  y: Float64Array,
  w: ArrayLike<number>,
  kind: ResidualKind,
  { name, delta }: ScaledLoss,
): Float64Array {
  const weight = lossFunction(lossOf(name).omega(1));
  let r = constantResiduals(y, w, kind);
  for (let step = 0; step < STEPS; step++) {
    const reweighted = r.map((x, i) => w[i] * weight(x, delta));
    const next = constantResiduals(y, reweighted, kind);
    // Where a step leaves the constant as it is, so does every other.
    if (next[0] === r[0] && next.every((x, i) => x === r[i])) break;
    r = next;
  }
  return r;
}
