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
  /** Relative decrease, promised and real, below which an iteration is quiet; several in a row end the fit. An absolute decrease would depend on the units. */
  readonly tolerance: number;
  /** Scaled gradient norm that ends the fit at once. */
  readonly gradient: number;
  /** Let the weights of runs beyond the Huber corner shrink towards Newton's Hessian; for the polish. */
  readonly newton: boolean;
  /** Squared loss only: orthogonal steps in place of these, to the last digits (exact.ts); for the polish. */
  readonly exact: boolean;
  /** Relative decrease over `WINDOW` iterations below which the fit ends too, as converged. In a long flat valley the steps stay small for hundreds of iterations. */
  readonly gain?: number;
}

/** Iterations that `gain` looks back. */
export const WINDOW = 5;

/** Quiet iterations in a row that end a fit: one may be quiet because its step was cut short. */
const CALM = 4;

export type LmStatus = "converged" | "stalled" | "limit" | "nonfinite";

export interface LmResult {
  readonly theta: Float64Array;
  readonly objective: number;
  readonly iterations: number;
  readonly status: LmStatus;
  /** `gradientNorm` at theta. */
  readonly norm: number;
}

/** Which coordinates are held at a bound: at it, with the descent direction pointing outwards. */
export function held(theta: Float64Array, gradient: Float64Array, box: Box): boolean[] {
  return Array.from(theta, (x, i) => {
    const g = gradient[i];
    return (x <= box.lower[i] && g > 0) || (x >= box.upper[i] && g < 0);
  });
}

/**
 * How far from stationary, free of units: the largest, over the coordinates not held, of |gᵢ|/√(Hᵢᵢ·2·objective), the cosine between the residuals and a column of
 * the Jacobian (were the loss squared), or of |gᵢ|/objective where that is smaller. The second serves coordinates whose term vanishes at the optimum
 * (a Cᵢ → 0, so its logarithm → −∞): gᵢ and √Hᵢᵢ then go to 0 together, while moving a log or an exponent by 1 changes nothing any more.
 */
export function gradientNorm(gradient: Float64Array, H: Float64Array, objective: number, fixed: readonly boolean[]): number {
  let most = 0;
  for (const [i, g] of gradient.entries()) {
    const diagonal = H[(i * (i + 3)) / 2];
    if (g !== 0 && !fixed[i]) most = Math.max(most, Math.min(Math.abs(g) / Math.sqrt(2 * diagonal * objective), Math.abs(g) / objective));
  }
  return most;
}

/** A ← H + λ(diag H + c·tr H·I) and step ← −gradient, with rows and columns of held coordinates cut out. */
function damp(
  A: Float64Array,
  step: Float64Array,
  H: Float64Array,
  gradient: Float64Array,
  fixed: readonly boolean[],
  lambda: number,
): void {
  const p = gradient.length;
  let trace = 0;
  for (let i = 0; i < p; i++) trace += H[(i * (i + 3)) / 2];
  A.set(H);
  for (let i = 0; i < p; i++) {
    const ii = (i * (i + 3)) / 2;
    A[ii] = H[ii] * (1 + lambda) + lambda * DAMPING.trace * trace;
    step[i] = -gradient[i];
    if (!fixed[i]) continue;
    for (let j = 0; j < i; j++) A[ii - i + j] = 0;
    for (let k = i + 1; k < p; k++) A[(k * (k + 1)) / 2 + i] = 0;
    A[ii] = 1;
    step[i] = 0;
  }
}

/** Minimizes from `start`; never throws for a bad start, says so in `status`. */
export function minimize(problem: Problem, start: Float64Array, box: Box, options: LmOptions): LmResult {
  const p = problem.size;
  const clamp = (x: number, i: number): number => Math.min(Math.max(x, box.lower[i]), box.upper[i]);
  let theta = start.map(clamp);
  let tau = 1;
  let objective = problem.evaluate(theta, tau);
  if (!Number.isFinite(objective)) return { theta, objective, iterations: 0, status: "nonfinite", norm: Infinity };
  const gradient = problem.gradient.slice();
  const H = problem.H.slice();
  const result = (iterations: number, status: LmStatus): LmResult => {
    const norm = objective === 0 ? 0 : gradientNorm(gradient, H, objective, held(theta, gradient, box));
    return { theta, objective, iterations, status, norm };
  };
  const A = new Float64Array(H.length);
  const step = new Float64Array(p);
  let lambda: number = DAMPING.start;
  let calm = 0;
  const before: number[] = [];
  for (let iteration = 1; iteration <= options.iterations; iteration++) {
    const fixed = held(theta, gradient, box);
    if (objective === 0 || gradientNorm(gradient, H, objective, fixed) <= options.gradient) return result(iteration, "converged");
    damp(A, step, H, gradient, fixed, lambda);
    let trial = theta;
    let next = Infinity;
    let promised = 0; // −gradient·step: twice what the model promises of an undamped step
    if (factor(A, p)) {
      solve(A, step, p);
      trial = theta.map((x, i) => clamp(x + step[i], i));
      for (let i = 0; i < p; i++) promised += gradient[i] * (theta[i] - trial[i]);
      next = problem.evaluate(trial, tau);
    }
    const small = options.tolerance * objective;
    const quiet = lambda < 1 && promised < small && objective - next < small;
    if (next < objective) {
      calm = quiet ? calm + 1 : 0;
      theta = trial;
      objective = next;
      gradient.set(problem.gradient);
      H.set(problem.H);
      lambda = Math.max(lambda * DAMPING.shrink, DAMPING.least);
      if (options.newton) tau = Math.max(tau * 0.5, 1e-3);
    } else {
      if (quiet && tau === 1) calm++;
      lambda *= DAMPING.grow;
      if (tau < 1) {
        tau = Math.min(1, tau * 4);
        problem.evaluate(theta, tau);
        H.set(problem.H);
      }
    }
    if (calm >= CALM) return result(iteration, "converged");
    if (options.gain !== undefined) {
      before.push(objective);
      if (iteration > WINDOW && before[iteration - 1 - WINDOW] - objective <= options.gain * objective)
        return result(iteration, "converged");
    }
    if (lambda > DAMPING.most) return result(iteration, "stalled");
  }
  return result(options.iterations, "limit");
}
