/** How far from stationary a point is. */
import { type Box, isHeldAt } from "./damped-step.ts";

/** A point with what `NormalEquations.evaluate` says of it. */
interface Evaluated {
  readonly theta: Float64Array;
  readonly objective: number;
  readonly gradient: Float64Array;
  /** Packed lower triangle. */
  readonly H: Float64Array;
}

/**
 * The scaled norm of the gradient, free of units, 0 where the objective is: the largest, over the
 * coordinates not held at a bound, of the smaller of two. |gᵢ|/√(Hᵢᵢ·2·objective) is 1 at most; for
 * the squared loss it is the cosine between the residuals and a column of the Jacobian.
 * |gᵢ|/objective is for coordinates whose term vanishes at the optimum (a Cᵢ → 0, so its logarithm
 * → −∞): gᵢ and √Hᵢᵢ go to 0 together then, while moving a logarithm or an exponent by 1 changes
 * nothing any more. Infinity where a derivative is no number.
 */
export function gradientNorm({ theta, objective, gradient, H }: Evaluated, box: Box): number {
  if (objective === 0) return 0;
  let most = 0;
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i];
    if (g === 0 || isHeldAt(theta, gradient, box, i)) continue;
    const slope = Math.abs(g);
    const diagonal = H[(i * (i + 3)) / 2];
    const scaled = Math.min(slope / Math.sqrt(2 * diagonal * objective), slope / objective);
    most = Math.max(most, Number.isNaN(scaled) ? Infinity : scaled);
  }
  return most;
}
