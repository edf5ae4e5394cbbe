/**
 * Levenberg–Marquardt with Huber reweighting in a box, in float64. Step: (H + λ(diag H + c·tr
 * H·I))δ = −∇. Pure Marquardt scaling (c = 0) strands starts whose term has vanished: its column is
 * ~0, its step unbounded.
 *
 * Where the residuals' second derivative r″ along the step is known, the step is bent: θ + δ + a/2
 * with (H + λ(…))a = −JᵀΩr″. In the long curved valleys of these laws (E, A and α can take each
 * other's place) a straight step soon leaves the valley's floor, and λ must be large. (Transtrum &
 * Sethna 2012, "Improvements to the Levenberg–Marquardt algorithm for nonlinear least-squares
 * minimization", arXiv 1201.5885: geodesic acceleration.)
 */
import { type Box, held, Steps, TRACE } from "./damped-step.ts";

/**
 * What is minimized. `evaluate` returns the objective and fills `gradient` and `H` (packed lower
 * triangle).
 */
export interface Problem {
  readonly size: number;
  readonly gradient: Float64Array;
  readonly H: Float64Array;
  evaluate(theta: Float64Array, tau: number): number;
  /**
   * JᵀΩr″ along a direction; undefined where there are no second derivatives. Leaves `gradient` and
   * `H` alone.
   */
  bend?(theta: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined;
  /**
   * Σ w·ψ(r)·∇²r, packed as H: with it, H at tau = 0 is the Hessian. Undefined where it is not
   * finite. Leaves `gradient` and `H` alone.
   */
  second?(theta: Float64Array): Float64Array | undefined;
}

/** `calm`: above it little is promised because the step is short, not because little is left. */
export const DAMPING = {
  trace: TRACE,
  start: 1e-2,
  shrink: 0.2,
  grow: 5,
  least: 1e-12,
  most: 1e12,
  calm: 0.1,
} as const;

export interface LmOptions {
  readonly iterations: number;
  /**
   * Relative decrease, promised and real, below which an iteration is quiet; several in a row end
   * the fit. An absolute decrease would depend on the units.
   */
  readonly tolerance: number;
  /** Scaled gradient norm that ends the fit at once. */
  readonly gradient: number;
  /**
   * Let the weights of runs beyond the Huber corner shrink towards Newton's Hessian; for the
   * polish.
   */
  readonly newton: boolean;
  /**
   * Squared loss only: orthogonal steps in place of these, to the last digits
   * (orthogonal-steps.ts); for the polish.
   */
  readonly exact: boolean;
  /**
   * Share of the objective that ends the fit, as converged, when no more than that is left to gain:
   * by `distance`, the estimate ½∇ᵀH⁻¹∇ that MINUIT ends by (James & Roos 1975, "estimated vertical
   * distance to the minimum").
   */
  readonly distance?: number;
  /** Damping to begin with, where it is less than usual. */
  readonly lambda?: number | undefined;
}

/**
 * With `newton`: weights beyond the corner of the Huber loss shrink where the estimated distance is
 * below `near`; further away Newton's matrix leads astray more often than it helps.
 */
const TAU = { near: 1e-5, shrink: 0.25, trusted: 0.25, least: 1e-3 } as const;

/**
 * With `newton`: a step that fails where the estimated distance is below this has the residuals'
 * second derivatives added to its matrix. In flat valleys they outweigh what is left of JᵀΩJ, and
 * without them the last digits take thousands of iterations (joint law, arxiv: 14 instead of 2957).
 * Further away they lead to the nearest stationary point, where reweighting would pass it and end
 * lower.
 */
const SECOND_NEAR = 1e-4;

/**
 * Where a step θ + δ + a/2 is refused, a shorter one along the same curve is tried, θ + tδ + t²a/2,
 * before one with more damping: it costs no system to solve.
 */
export const SHORTER = 0.25;

/** Damping that only keeps a matrix positive definite. */
const NEARLY_NONE = 1e-8;

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
  /** Damping at the end. */
  readonly lambda: number;
}

/**
 * How far from stationary, free of units: the largest, over the coordinates not held, of
 * |gᵢ|/√(Hᵢᵢ·2·objective), the cosine between the residuals and a column of the Jacobian (were the
 * loss squared), or of |gᵢ|/objective where that is smaller. The second serves coordinates whose
 * term vanishes at the optimum (a Cᵢ → 0, so its logarithm → −∞): gᵢ and √Hᵢᵢ then go to 0
 * together, while moving a log or an exponent by 1 changes nothing any more.
 */
export function gradientNorm(
  gradient: Float64Array,
  H: Float64Array,
  objective: number,
  fixed: readonly boolean[],
): number {
  let most = 0;
  for (const [i, g] of gradient.entries()) {
    const diagonal = H[(i * (i + 3)) / 2];
    if (g !== 0 && !fixed[i])
      most = Math.max(
        most,
        Math.min(Math.abs(g) / Math.sqrt(2 * diagonal * objective), Math.abs(g) / objective),
      );
  }
  return most;
}

/**
 * Where a step leads. `promised`: −gradient·step, twice what the model promises of an undamped
 * step.
 */
interface Trial {
  readonly point: Float64Array;
  readonly promised: number;
}

/** Minimizes from `start`; never throws for a bad start, says so in `status`. */
export function minimize(
  problem: Problem,
  start: Float64Array,
  box: Box,
  options: LmOptions,
): LmResult {
  const clamp = (x: number, i: number): number => Math.min(Math.max(x, box.lower[i]), box.upper[i]);
  let theta: Float64Array = start.map(clamp);
  let tau = 1;
  let objective = problem.evaluate(theta, tau);
  if (!Number.isFinite(objective))
    return {
      theta,
      objective,
      iterations: 0,
      status: "nonfinite",
      norm: Infinity,
      lambda: DAMPING.start,
    };
  const gradient = problem.gradient.slice();
  const H = problem.H.slice();
  let lambda = Math.min(options.lambda ?? DAMPING.start, DAMPING.start);
  const result = (iterations: number, status: LmStatus): LmResult => {
    const norm =
      objective === 0 ? 0 : gradientNorm(gradient, H, objective, held(theta, gradient, box));
    return { theta, objective, iterations, status, norm, lambda };
  };
  const along = (by: Float64Array): Trial => ({
    point: theta.map((x, i) => clamp(x + by[i], i)),
    promised: by.reduce((sum, s, i) => sum - gradient[i] * s, 0),
  });
  const steps = new Steps(box);
  const { step } = steps;
  let calm = 0;
  let refused = false; // the step before
  let spare: Trial | undefined; // the shorter step, where the whole one has been refused
  let fresh = false; // whether the second derivatives in use are those at theta
  for (let iteration = 1; iteration <= options.iterations; iteration++) {
    const fixed = held(theta, gradient, box);
    if (objective === 0 || gradientNorm(gradient, H, objective, fixed) <= options.gradient)
      return result(iteration, "converged");
    const estimated =
      (options.newton || options.distance !== undefined) &&
      steps.straight(theta, gradient, H, NEARLY_NONE);
    const gain = estimated ? steps.gain(gradient, H) / objective : Infinity;
    // the estimated distance to the minimum; coordinates pinned at bounds can make a step that
    // climbs
    const left = gain >= 0 ? gain : Infinity;
    // The matrix of reweighting (tau = 1) is larger than Newton's: the distance it gives is up to
    // ten times too small.
    if (options.distance !== undefined && left <= options.distance * (tau > TAU.trusted ? 0.1 : 1))
      return result(iteration, "converged");
    let trial: Float64Array = theta;
    let next = Infinity;
    let promised = 0;
    let shorter: Trial | undefined;
    const short = spare !== undefined;
    if (spare !== undefined) {
      ({ point: trial, promised } = spare);
      next = problem.evaluate(trial, tau);
    } else if (steps.straight(theta, gradient, H, lambda)) {
      const straight = options.newton ? undefined : step.slice();
      const pull = problem.bend?.(theta, step, tau);
      if (pull !== undefined) steps.bend(pull, H);
      ({ point: trial, promised } = along(step));
      if (straight !== undefined)
        shorter = along(
          step.map((s, i) => SHORTER * straight[i] + SHORTER * SHORTER * (s - straight[i])),
        );
      next = problem.evaluate(trial, tau);
    }
    spare = undefined;
    const small = options.tolerance * objective;
    const quiet = lambda < DAMPING.calm && promised < small && objective - next < small;
    if (next < objective) {
      calm = quiet ? calm + 1 : 0;
      theta = trial;
      objective = next;
      gradient.set(problem.gradient);
      H.set(problem.H);
      fresh = false;
      // A step taken right after one that was refused leaves λ: else, where one λ is right for
      // long, every second step would be refused.
      if (!refused) lambda = Math.max(lambda * DAMPING.shrink, DAMPING.least);
      refused = false;
      if (options.newton) tau = left <= TAU.near ? Math.max(tau * TAU.shrink, TAU.least) : 1;
    } else if (
      options.newton &&
      problem.second !== undefined &&
      !fresh &&
      (steps.second !== undefined || left <= SECOND_NEAR)
    ) {
      // What is wrong may be the model: it lacks the second derivatives, or has those of another
      // point. The same step again with them, or without.
      fresh = left <= SECOND_NEAR;
      steps.second = fresh ? problem.second(theta) : undefined;
    } else {
      if (quiet && tau === 1) calm++;
      lambda *= DAMPING.grow;
      refused = true;
      spare = shorter;
      // The kernel has no matrix then, and evaluates the best point again: an iteration of both, so
      // that as many lead as far.
      if (short) iteration++;
      if (tau < 1) {
        tau = Math.min(1, tau * 4);
        problem.evaluate(theta, tau);
        H.set(problem.H);
      }
    }
    if (calm >= CALM) return result(iteration, "converged");
    if (lambda > DAMPING.most) return result(iteration, "stalled");
  }
  return result(options.iterations, "limit");
}
