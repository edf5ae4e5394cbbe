/**
 * The loop that the solvers share. It owns the budget of iterations, lets its caller look in after
 * each of them, and stops for an abort and for a start where the objective is not finite; a solver
 * says how its state begins, what a step makes of it, and when there is no more to gain.
 */

/**
 * converged: no more to gain. stalled: no step helps any more. limit: the iterations were used up.
 * nonfinite: there is no objective at the start. interrupted: a signal fired.
 */
export type Ending = "converged" | "stalled" | "limit" | "nonfinite" | "interrupted";

/** What every solver's state has. */
export interface Iterate {
  /** The best point so far. */
  theta: Float64Array;
  /** What is minimized, there. */
  objective: number;
  /** Iterations so far. The loop counts; a step that costs more adds to it. */
  iterations: number;
}

export interface Solver<S extends Iterate> {
  /** The state at a start, evaluated; `objective` may be NaN or infinite. */
  init(start: Float64Array): S;
  /**
   * How the state has ended, where it need not go on; undefined where a step is worth its while.
   */
  done(state: S): Ending | undefined;
  /** Moves the state on by one iteration. How it has ended by that, if it has. */
  step(state: S): Ending | undefined;
}

export interface Budget {
  readonly iterations: number;
  /** Stops the fit before its next iteration. */
  readonly signal?: Pick<AbortSignal, "aborted"> | undefined;
}

export interface Outcome<S> {
  readonly state: S;
  readonly ending: Ending;
}

/**
 * Iterates from `start`; yields the state after each iteration, for whoever shows progress or lets
 * others in. Never throws for a bad start.
 */
export function* iterate<S extends Iterate>(
  solver: Solver<S>,
  start: Float64Array,
  { iterations, signal }: Budget,
): Generator<S, Outcome<S>> {
  const state = solver.init(start);
  if (!Number.isFinite(state.objective)) return { state, ending: "nonfinite" };
  while (state.iterations < iterations) {
    if (signal?.aborted === true) return { state, ending: "interrupted" };
    state.iterations++;
    const ending = solver.done(state) ?? solver.step(state);
    if (ending !== undefined) return { state, ending };
    yield state;
  }
  return { state, ending: "limit" };
}

/** What a generator returns in the end. */
export function finish<T>(generator: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}
