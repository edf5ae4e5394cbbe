/**
 * Levenberg–Marquardt for the squared loss, to the last digits that float64 has. `minimize`
 * (levenberg-marquardt.ts) works with JᵀJ, which has lost half the digits of J where columns are
 * nearly dependent, and measures progress by the objective, which is flat to 1e-16 while parameters
 * still move by 1e-8. Here a step solves min ‖Jδ + r‖² + λ‖Dδ‖² by reflections of J, D being the
 * largest column norms so far (Moré 1978), so that parameters of any units do alike; at the end
 * undamped steps go on until they shrink no more. On the 18 NIST problems of docs/nist.md the
 * parameters have 10 and more correct digits, against 5 to 10 by `minimize`.
 */
import { linearize, type Linear } from "./linearized-residuals.ts";
import type { LmStatus } from "./levenberg-marquardt.ts";
import type { Box } from "./damped-step.ts";
import type { Residuals } from "./residuals.ts";

export interface Exact {
  readonly theta: Float64Array;
  /** Σ w·r². */
  readonly squares: number;
  readonly iterations: number;
  readonly status: LmStatus;
}

/** With a start of 1e-3 and less, or of 1, MGH17 of NIST runs away from its Start 1. */
const DAMPING = { start: 1e-2, shrink: 0.1, grow: 4, most: 1e16 } as const;
/** A promised decrease below this share of the objective cannot be told from rounding. */
const FLAT = 1e-13;
/**
 * Residuals of 1e-6 of the response carry rounding of 1e-10 of their own size: a rise of the
 * objective by this share is none.
 */
const NOISE = 1e-9;
/** Steps in a row that may fail to shrink before the last digits are taken for noise. */
const CALM = 3;
/**
 * Undamped steps at the end: where residuals are large and curved each is only a little shorter
 * than the one before.
 */
const LAST = 100;

/** Minimizes Σ w·r² over a box; never throws for a bad start, says so in `status`. */
export function minimizeExactly(
  problem: Residuals,
  start: Float64Array,
  box: Box,
  iterations: number,
): Exact {
  const clamp = (x: number, i: number): number => Math.min(Math.max(x, box.lower[i]), box.upper[i]);
  let theta = start.map(clamp);
  let squares = problem.evaluate(theta);
  if (!Number.isFinite(squares)) return { theta, squares, iterations: 0, status: "nonfinite" };
  let model = linearize(problem, theta, box);
  let lambda: number = DAMPING.start;
  let used = 0;
  let status: LmStatus = "limit";
  while (used < iterations && status === "limit") {
    used++;
    if (model.reducible <= FLAT * squares) {
      status = "converged";
      break;
    }
    const step = model.step(lambda);
    const trial = step === undefined ? theta : theta.map((x, i) => clamp(x + step[i], i));
    const promised = model.promised(trial.map((x, i) => x - theta[i]));
    const next = step === undefined ? Infinity : problem.evaluate(trial);
    if (next < squares) {
      const gain = (squares - next) / promised;
      [theta, squares] = [trial, next];
      model = linearize(problem, theta, box, model);
      if (gain > 0.75) lambda *= DAMPING.shrink;
      else if (gain < 0.25) lambda *= DAMPING.grow;
    } else lambda *= DAMPING.grow;
    if (lambda > DAMPING.most) status = "stalled";
  }
  return { ...settle(problem, theta, box, model), iterations: used, status };
}

/**
 * The last digits: undamped steps, as long as each is shorter than the shortest before and the
 * objective stays where it is.
 */
function settle(
  problem: Residuals,
  start: Float64Array,
  box: Box,
  before: Linear,
): { theta: Float64Array; squares: number } {
  let theta = start;
  let squares = problem.evaluate(theta);
  let model = linearize(problem, theta, box, before);
  let shortest = Infinity;
  for (let calm = 0, used = 0; calm < CALM && used < LAST; used++) {
    const step = model.step(0);
    if (step === undefined) break;
    const length = model.length(step);
    if (length < shortest) calm = 0;
    else calm++;
    if (length > 2 * shortest || length === 0) break;
    shortest = Math.min(shortest, length);
    const trial = theta.map((x, i) => Math.min(Math.max(x + step[i], box.lower[i]), box.upper[i]));
    const next = problem.evaluate(trial);
    if (!(next <= squares * (1 + NOISE))) break;
    [theta, squares] = [trial, next];
    model = linearize(problem, theta, box, model);
  }
  return { theta, squares };
}
