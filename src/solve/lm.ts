/**
 * Levenberg–Marquardt with Huber reweighting in a box, in float64.
 * Step: (H + λ(diag H + c·tr H·I))δ = −∇. Pure Marquardt scaling (c = 0) strands starts whose term has vanished: its column is ~0, its step unbounded.
 * A coordinate at a bound whose gradient pushes outwards is held for the step.
 */
import { factor, solve } from "./cholesky.ts";

/** What is minimized. `evaluate` returns the objective and fills `gradient` and `H` (packed lower triangle). */
export interface Problem {
  readonly size: number;
  readonly gradient: Float64Array;
  readonly H: Float64Array;
  evaluate(theta: Float64Array, tau: number): number;
}

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export const DAMPING = { trace: 3e-3, start: 1e-2, shrink: 0.2, grow: 5, least: 1e-12, most: 1e12 } as const;

export interface LmOptions {
  readonly iterations: number;
  /** Stop when the predicted relative decrease of an undamped step falls below this: scale-free, unlike an absolute decrease. */
  readonly tolerance: number;
  /** Let the weights of runs beyond the Huber corner shrink towards Newton's Hessian; for the polish. */
  readonly newton: boolean;
}

export type LmStatus = "converged" | "stalled" | "limit" | "nonfinite";

export interface LmResult {
  readonly theta: Float64Array;
  readonly objective: number;
  readonly iterations: number;
  readonly status: LmStatus;
}

/** Which coordinates are held at a bound: at it, with the descent direction pointing outwards. */
export function held(theta: Float64Array, gradient: Float64Array, box: Box): boolean[] {
  return Array.from(theta, (x, i) => {
    const g = gradient[i];
    return (x <= (box.lower[i]) && g > 0) || (x >= (box.upper[i]) && g < 0);
  });
}

/** Minimizes from `start`; never throws for a bad start, says so in `status`. */
export function minimize(problem: Problem, start: Float64Array, box: Box, options: LmOptions): LmResult {
  const p = problem.size;
  const clamp = (x: number, i: number): number => Math.min(Math.max(x, box.lower[i]), box.upper[i]);
  let theta = start.map(clamp);
  let tau = 1;
  let objective = problem.evaluate(theta, tau);
  if (!Number.isFinite(objective)) return { theta, objective, iterations: 0, status: "nonfinite" };
  let gradient = problem.gradient.slice();
  let H = problem.H.slice();
  let lambda: number = DAMPING.start;
  let calm = 0;
  const A = new Float64Array(H.length);
  const step = new Float64Array(p);
  for (let iteration = 1; iteration <= options.iterations; iteration++) {
    const fixed = held(theta, gradient, box);
    let trace = 0;
    for (let i = 0; i < p; i++) trace += H[(i * (i + 3)) / 2];
    if (trace === 0) return { theta, objective, iterations: iteration, status: "converged" };
    A.set(H);
    for (let i = 0; i < p; i++) {
      const ii = (i * (i + 3)) / 2;
      A[ii] = (H[ii]) * (1 + lambda) + lambda * DAMPING.trace * trace;
      step[i] = -(gradient[i]);
      if (!fixed[i]) continue;
      for (let j = 0; j < i; j++) A[ii - i + j] = 0;
      for (let k = i + 1; k < p; k++) A[(k * (k + 1)) / 2 + i] = 0;
      A[ii] = 1;
      step[i] = 0;
    }
    let next = Infinity;
    let trial = theta;
    let slope = 0;
    if (factor(A, p)) {
      solve(A, step, p);
      trial = theta.map((x, i) => clamp(x + (step[i]), i));
      for (let i = 0; i < p; i++) slope -= (gradient[i]) * ((trial[i]) - (theta[i]));
      next = problem.evaluate(trial, tau);
    }
    if (next < objective) {
      // The model's decrease is slope/2 for an undamped step.
      const small = slope < options.tolerance * objective && objective - next < options.tolerance * objective && lambda < 1;
      calm = small ? calm + 1 : 0;
      theta = trial;
      objective = next;
      gradient = problem.gradient.slice();
      H = problem.H.slice();
      lambda = Math.max(lambda * DAMPING.shrink, DAMPING.least);
      if (options.newton) tau = Math.max(tau * 0.5, 1e-3);
      if (calm >= 3) return { theta, objective, iterations: iteration, status: "converged" };
    } else {
      if (slope < options.tolerance * objective && lambda <= 1) {
        if (!options.newton || tau === 1) return { theta, objective, iterations: iteration, status: "converged" };
      }
      lambda *= DAMPING.grow;
      if (options.newton && tau < 1) {
        tau = Math.min(1, tau * 4);
        problem.evaluate(theta, tau);
        H = problem.H.slice();
      }
      if (lambda > DAMPING.most) return { theta, objective, iterations: iteration, status: "stalled" };
    }
  }
  return { theta, objective, iterations: options.iterations, status: "limit" };
}
