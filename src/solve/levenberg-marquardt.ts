/**
 * Levenberg–Marquardt with reweighting in a box, in float64: each step solves (H + λ(diag H + c·tr
 * H·I))δ = −∇, where H = JᵀΩJ has the weights of the loss (`matrixWeight`). Marquardt's own scaling
 * (c = 0) strands starts where a term has vanished: its column of J is about 0, and its step
 * unbounded.
 *
 * Where the residuals' second derivative r″ along the step is known, the step is bent: θ + δ + a/2
 * with (H + λ(…))a = −JᵀΩr″. In the long curved valleys of these laws (E, A and α can take each
 * other's place) a straight step soon leaves the valley's floor, and λ must be large. (Transtrum &
 * Sethna 2012, "Improvements to the Levenberg–Marquardt algorithm for nonlinear least-squares
 * minimization", arXiv 1201.5885: geodesic acceleration.)
 */
import { type Box, DampedSteps, TRACE } from "./damped-step.ts";
import { type Budget, type Ending, finish, type Iterate, iterate, type Solver } from "./iterate.ts";
import { gradientNorm } from "./stationarity.ts";

/** What is minimized; `NormalEquations` is one. */
export interface LmProblem {
  /** Coordinates. */
  readonly size: number;
  readonly gradient: Float64Array;
  /** Packed lower triangle. */
  readonly H: Float64Array;
  /** Returns the objective and fills `gradient` and `H`; `tau` as for `matrixWeight`. */
  evaluate(theta: Float64Array, tau: number): number;
  /**
   * JᵀΩr″ along a direction, to bend the step; undefined where there are no second derivatives.
   * Leaves `gradient` and `H` alone.
   */
  bend?(theta: Float64Array, direction: Float64Array, tau: number): Float64Array | undefined;
  /**
   * Σ w·ψ(r)·∇²r, packed as H. With it, H at tau = 0 is the Hessian where the loss is convex.
   * Undefined where it is not finite, or not worth its price. Leaves `gradient` and `H` alone.
   */
  second?(theta: Float64Array): Float64Array | undefined;
}

/**
 * The damping λ: where it begins, what it is multiplied by after a step that was taken and one that
 * was refused, and its limits. Above `calm`, a step promises little because it is short, not
 * because little is left to gain.
 */
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
   * Whether the weights of runs may shrink from ω towards ρ″, those of Newton's matrix; for the
   * polish (see `TAU`).
   */
  readonly newton: boolean;
  /** Whether a least-squares fit is taken to the last digits, by orthogonal-steps.ts. */
  readonly exact: boolean;
  /**
   * Share of the objective that ends the fit, as converged, when no more than that is left to gain:
   * by `distance`, the estimate ½∇ᵀH⁻¹∇ that MINUIT ends by (James & Roos 1975, "estimated vertical
   * distance to the minimum").
   */
  readonly distance?: number;
  /** Damping to begin with, where it is less than usual. */
  readonly lambda?: number | undefined;
  /** Whether the start is near an optimum; `newton` sees by itself. See `MANNERS`. */
  readonly near?: boolean | undefined;
}

/**
 * With `newton`, τ of `matrixWeight` shrinks from 1 to `least` where the estimated distance to the
 * minimum is below `near`. Further away Newton's matrix leads astray more often than it helps. The
 * estimate itself is `trusted` with a τ of this and less.
 */
const TAU = { near: 1e-5, shrink: 0.25, trusted: 0.25, least: 1e-3 } as const;

/**
 * With `newton`, a step that fails where the estimated distance is below this is tried again with
 * Σ w·ψ(r)·∇²r added to H. In flat valleys that outweighs what is left of JᵀΩJ, and without it the
 * last digits take thousands of iterations (joint law, arxiv: 14 instead of 2957). Further away it
 * leads to the nearest stationary point, which reweighting would pass, to end lower.
 */
const SECOND_NEAR = 1e-4;

/**
 * The t of the shorter step θ + tδ + t²a/2, which is tried where θ + δ + a/2 is refused, before one
 * with more damping: it is on the same curve, and there is no system to solve for it.
 */
export const SHORTER = 0.25;

/** Damping that does no more than to keep a matrix positive definite. */
const NEARLY_NONE = 1e-8;

/** How a search goes on. */
interface Manner {
  /** τ of `matrixWeight`. */
  readonly tau: number;
  /** What λ is multiplied by after a step that was taken. */
  readonly shrink: number;
  /**
   * Quiet iterations in a row that end a fit. A single one may be quiet because its step was cut
   * short.
   */
  readonly calm: number;
}

/**
 * Near an optimum Newton's matrix leads there in fewer steps: of runs beyond the corner of the loss
 * it knows nothing, while that of reweighting has all of them, and each step falls short by a half.
 * A quarter of that is left, which keeps the matrix positive definite, and λ falls more slowly.
 * From far away the same takes more steps.
 */
export const MANNERS = {
  far: { tau: 1, shrink: DAMPING.shrink, calm: 4 },
  near: { tau: 0.25, shrink: 0.35, calm: 3 },
} as const satisfies Readonly<Record<string, Manner>>;

export interface LmResult {
  readonly theta: Float64Array;
  readonly objective: number;
  readonly iterations: number;
  readonly status: Ending;
  /** `gradientNorm` at theta; Infinity where the objective is not finite. */
  readonly norm: number;
  /** Damping at the end. */
  readonly lambda: number;
}

/** Where a step leads. */
interface Trial {
  readonly point: Float64Array;
  /** −gradient·step: twice what the model promises of an undamped step. */
  readonly promised: number;
}

/**
 * Whether a step says that little is left to gain. Where there is none, or it climbs since
 * coordinates are pinned at bounds, the model is wrong and says nothing of that. The kernels
 * (shaders/lib/progress.wgsl) have no trial without a step either, but count one that climbs as
 * promising little: in float32 rounding alone makes −gradient·step negative near an optimum. What
 * they end there is polished here.
 */
const promisesLittle = (trial: Trial | undefined, small: number): boolean =>
  trial !== undefined && trial.promised >= 0 && trial.promised < small;

export interface LmState extends Iterate {
  /** At theta. */
  readonly gradient: Float64Array;
  /** At theta, with the weights of `tau`. */
  readonly H: Float64Array;
  tau: number;
  lambda: number;
  /** Estimated distance to the minimum, as a share of the objective; Infinity where unknown. */
  left: number;
  /** Quiet iterations in a row. */
  calm: number;
  /** Whether the step before was refused. */
  refused: boolean;
  /** The shorter step, where the whole one has just been refused. */
  spare: Trial | undefined;
  /** Whether the second derivatives in use are those at theta. */
  fresh: boolean;
}

/** The solver; `options.iterations` is the loop's. */
export class LevenbergMarquardt implements Solver<LmState> {
  readonly #steps: DampedSteps;
  readonly #manner: Manner;

  constructor(
    readonly problem: LmProblem,
    readonly box: Box,
    readonly options: LmOptions,
  ) {
    this.#steps = new DampedSteps(box);
    this.#manner = MANNERS[options.near === true && !options.newton ? "near" : "far"];
  }

  init(start: Float64Array): LmState {
    const theta = start.map((x, i) => this.#clamp(x, i));
    const { tau } = this.#manner;
    const objective = this.problem.evaluate(theta, tau);
    const state: LmState = {
      theta,
      objective,
      iterations: 0,
      gradient: this.problem.gradient.slice(),
      H: this.problem.H.slice(),
      tau,
      lambda: Math.min(this.options.lambda ?? DAMPING.start, DAMPING.start),
      left: Infinity,
      calm: 0,
      refused: false,
      spare: undefined,
      fresh: false,
    };
    if (Number.isFinite(objective)) this.#estimate(state);
    return state;
  }

  done(state: LmState): Ending | undefined {
    const { distance, gradient } = this.options;
    if (this.norm(state) <= gradient) return "converged";
    // The matrix of reweighting (tau = 1) is larger than Newton's: the distance it gives is up to
    // ten times too small.
    const enough = (distance ?? -1) * (state.tau > TAU.trusted ? 0.1 : 1);
    return state.left <= enough ? "converged" : undefined;
  }

  step(state: LmState): Ending | undefined {
    const { problem, options } = this;
    const { objective } = state;
    const short = state.spare !== undefined;
    const { trial, shorter } = this.#next(state);
    const next = trial === undefined ? Infinity : problem.evaluate(trial.point, state.tau);
    const small = options.tolerance * objective;
    const quiet =
      state.lambda < DAMPING.calm && promisesLittle(trial, small) && objective - next < small;
    state.spare = undefined;
    const [{ theta, tau }, { second }] = [state, this.#steps];
    if (trial !== undefined && next < objective) this.#accept(state, trial.point, next, quiet);
    else if (!this.#changeModel(state)) {
      if (quiet && state.tau === this.#manner.tau) state.calm++;
      state.spare = shorter;
      // The kernel has no matrix then, and evaluates the best point again: an iteration of both, so
      // that as many lead as far.
      if (short) state.iterations++;
      this.#refuse(state);
    }
    const isSame = state.theta === theta && state.tau === tau && this.#steps.second === second;
    if (!isSame) this.#estimate(state);
    if (state.calm >= this.#manner.calm) return "converged";
    return state.lambda > DAMPING.most ? "stalled" : undefined;
  }

  /** `gradientNorm` at theta. */
  norm(state: LmState): number {
    return gradientNorm(state, this.box);
  }

  /**
   * The step to try, and the shorter one to try if that is refused. None where the damped matrix is
   * not positive definite.
   */
  #next(state: LmState): { readonly trial?: Trial; readonly shorter?: Trial } {
    if (state.spare !== undefined) return { trial: state.spare };
    const { problem, options } = this;
    const { theta, gradient, H, lambda, tau } = state;
    const steps = this.#steps;
    const { step } = steps;
    if (!steps.straight(theta, gradient, H, lambda)) return {};
    const straight = step.slice();
    const pull = problem.bend?.(theta, step, tau);
    if (pull !== undefined) steps.bend(pull, H);
    const trial = this.#along(state, step);
    if (options.newton) return { trial };
    const short = new Float64Array(step.length);
    for (let i = 0; i < short.length; i++)
      short[i] = SHORTER * straight[i] + SHORTER * SHORTER * (step[i] - straight[i]);
    return { trial, shorter: this.#along(state, short) };
  }

  #along({ theta, gradient }: LmState, by: Float64Array): Trial {
    const point = new Float64Array(theta.length);
    let promised = 0;
    for (let i = 0; i < point.length; i++) {
      point[i] = this.#clamp(theta[i] + by[i], i);
      promised -= gradient[i] * by[i];
    }
    return { point, promised };
  }

  #clamp(x: number, i: number): number {
    return Math.min(Math.max(x, this.box.lower[i]), this.box.upper[i]);
  }

  /** Moves to a point where the problem has just been evaluated. */
  #accept(state: LmState, point: Float64Array, objective: number, quiet: boolean): void {
    state.calm = quiet ? state.calm + 1 : 0;
    state.theta = point;
    state.objective = objective;
    state.gradient.set(this.problem.gradient);
    state.H.set(this.problem.H);
    state.fresh = false;
    // A step taken right after one that was refused leaves λ: else, where one λ is right for long,
    // every second step would be refused.
    if (!state.refused) state.lambda = Math.max(state.lambda * this.#manner.shrink, DAMPING.least);
    state.refused = false;
    if (this.options.newton)
      state.tau = state.left <= TAU.near ? Math.max(state.tau * TAU.shrink, TAU.least) : 1;
  }

  /**
   * Where a step fails, what is wrong may be the model: it lacks the second derivatives, or has
   * those of another point. Then the same step is to be tried again with them, or without; false
   * where the model is not to blame.
   */
  #changeModel(state: LmState): boolean {
    const { problem, options } = this;
    const near = state.left <= SECOND_NEAR;
    const inUse = this.#steps.second !== undefined;
    if (!options.newton || problem.second === undefined || state.fresh || !(inUse || near))
      return false;
    state.fresh = near;
    const second = near ? problem.second(state.theta) : undefined;
    this.#steps.second = second;
    return inUse || second !== undefined;
  }

  /** More damping, and more of reweighting in the matrix. */
  #refuse(state: LmState): void {
    state.lambda *= DAMPING.grow;
    state.refused = true;
    if (state.tau === this.#manner.tau) return;
    state.tau = Math.min(1, state.tau * 4);
    this.problem.evaluate(state.theta, state.tau);
    state.H.set(this.problem.H);
  }

  /** Estimates the distance to the minimum, where the options need it. */
  #estimate(state: LmState): void {
    const { newton, distance } = this.options;
    if (!newton && distance === undefined) return;
    const { theta, gradient, H, objective } = state;
    const solved = this.#steps.straight(theta, gradient, H, NEARLY_NONE);
    const gain = solved ? this.#steps.gain(gradient, H) / objective : Infinity;
    // coordinates pinned at bounds can make a step that climbs
    state.left = gain >= 0 ? gain : Infinity;
  }
}

/** Minimizes from `start`; never throws for a bad start, says so in `status`. */
export function minimize(
  problem: LmProblem,
  start: Float64Array,
  box: Box,
  options: LmOptions,
): LmResult {
  return finish(minimizing(problem, start, box, options));
}

/** The same, yielding after each iteration. */
export function* minimizing(
  problem: LmProblem,
  start: Float64Array,
  box: Box,
  options: LmOptions & Budget,
): Generator<unknown, LmResult> {
  const solver = new LevenbergMarquardt(problem, box, options);
  const { state, ending } = yield* iterate(solver, start, options);
  const { theta, objective, lambda } = state;
  return {
    theta,
    objective,
    iterations: Math.min(state.iterations, options.iterations),
    status: ending,
    norm: ending === "nonfinite" ? Infinity : solver.norm(state),
    lambda,
  };
}
