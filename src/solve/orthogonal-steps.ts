/**
 * Levenberg–Marquardt for the squared loss, to the last digits that float64 has. `minimize`
 * (levenberg-marquardt.ts) works with JᵀJ, which has lost half the digits of J where columns are
 * nearly dependent, and measures progress by the objective, which is flat to 1e-16 while parameters
 * still move by 1e-8. Here a step solves min ‖Jδ + r‖² + λ‖Dδ‖² by reflections of J, D being the
 * largest column norms so far (Moré 1978), so that parameters of any units do alike; at the end
 * undamped steps go on until they shrink no more. On the 18 NIST problems of docs/nist.md the
 * parameters have 10 and more correct digits, against 5 to 10 by `minimize`.
 */
import { linearize, type LinearModel } from "./linearized-residuals.ts";
import type { Box } from "./damped-step.ts";
import { type Budget, type Ending, finish, type Iterate, iterate, type Solver } from "./iterate.ts";
import type { Residuals } from "./residuals.ts";

export interface Exact {
  readonly theta: Float64Array;
  /** Σ w·r². */
  readonly squares: number;
  readonly iterations: number;
  readonly status: Ending;
}

/** With a start of 1e-3 and less, or of 1, MGH17 of NIST runs away from its Start 1. */
const DAMPING = { start: 1e-2, shrink: 0.1, grow: 4, most: 1e16 } as const;
/**
 * The decrease as a share of what the model promises: above `good` less damping is wanted, below
 * `poor` more.
 */
const GAIN = { good: 0.75, poor: 0.25 } as const;
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

const inside = (point: Float64Array, { lower, upper }: Box): Float64Array =>
  point.map((x, i) => Math.min(Math.max(x, lower[i]), upper[i]));

/** A point of a fit, whose objective is Σ w·r². */
interface Modelled extends Iterate {
  /** The residuals' linear model at theta. */
  model: LinearModel;
}

interface Damped extends Modelled {
  lambda: number;
}

class DampedOrthogonalSteps implements Solver<Damped> {
  constructor(
    readonly residuals: Residuals,
    readonly box: Box,
  ) {}

  init(start: Float64Array): Damped {
    const theta = inside(start, this.box);
    const objective = this.residuals.evaluate(theta);
    const model = linearize(this.residuals, theta, this.box);
    return { theta, objective, iterations: 0, model, lambda: DAMPING.start };
  }

  done({ model, objective }: Damped): Ending | undefined {
    return model.reducible <= FLAT * objective ? "converged" : undefined;
  }

  step(state: Damped): Ending | undefined {
    const { theta, objective, model } = state;
    const step = model.step(state.lambda);
    const trial = step === undefined ? theta : inside(theta.map((x, i) => x + step[i]), this.box); // prettier-ignore
    const next = step === undefined ? Infinity : this.residuals.evaluate(trial);
    if (next < objective) {
      const gain = (objective - next) / model.promised(trial.map((x, i) => x - theta[i]));
      moveTo(state, trial, next, this.residuals, this.box);
      if (gain > GAIN.good) state.lambda *= DAMPING.shrink;
      else if (gain < GAIN.poor) state.lambda *= DAMPING.grow;
    } else state.lambda *= DAMPING.grow;
    return state.lambda > DAMPING.most ? "stalled" : undefined;
  }
}

interface Settling extends Modelled {
  /** Length of the shortest step so far. */
  shortest: number;
  /** Steps in a row that were not shorter than all before. */
  calm: number;
}

/**
 * The last digits: undamped steps, as long as each is shorter than the shortest before and the
 * objective stays where it is.
 */
class LastDigits implements Solver<Settling> {
  constructor(
    readonly residuals: Residuals,
    readonly box: Box,
    /** The model that led to the start. */
    readonly before: LinearModel,
  ) {}

  init(start: Float64Array): Settling {
    const objective = this.residuals.evaluate(start);
    const model = linearize(this.residuals, start, this.box, this.before);
    return { theta: start, objective, iterations: 0, model, shortest: Infinity, calm: 0 };
  }

  done({ calm }: Settling): Ending | undefined {
    return calm >= CALM ? "converged" : undefined;
  }

  step(state: Settling): Ending | undefined {
    const { theta, objective, model, shortest } = state;
    const step = model.step(0);
    if (step === undefined) return "stalled";
    const length = model.length(step);
    if (length > 2 * shortest || length === 0) return "converged";
    state.calm = length < shortest ? 0 : state.calm + 1;
    state.shortest = Math.min(shortest, length);
    const trial = inside(theta.map((x, i) => x + step[i]), this.box); // prettier-ignore
    const next = this.residuals.evaluate(trial);
    if (!(next <= objective * (1 + NOISE))) return "stalled";
    moveTo(state, trial, next, this.residuals, this.box);
    return undefined;
  }
}

/** Moves to a point where the residuals have just been evaluated. */
function moveTo(
  state: Modelled,
  point: Float64Array,
  objective: number,
  residuals: Residuals,
  box: Box,
): void {
  state.theta = point;
  state.objective = objective;
  state.model = linearize(residuals, point, box, state.model);
}

/** Minimizes Σ w·r² over a box; never throws for a bad start, says so in `status`. */
export const minimizeExactly = (
  residuals: Residuals,
  start: Float64Array,
  box: Box,
  iterations: number,
): Exact => finish(minimizingExactly(residuals, start, box, { iterations }));

/** The same, yielding after each iteration. */
export function* minimizingExactly(
  residuals: Residuals,
  start: Float64Array,
  box: Box,
  budget: Budget,
): Generator<unknown, Exact> {
  const damped = new DampedOrthogonalSteps(residuals, box);
  const { state, ending } = yield* iterate(damped, start, budget);
  const { theta, objective, model, iterations } = state;
  if (ending === "nonfinite" || ending === "interrupted")
    return { theta, squares: objective, iterations, status: ending };
  const last = new LastDigits(residuals, box, model);
  const settled = yield* iterate(last, theta, { ...budget, iterations: LAST });
  return {
    theta: settled.state.theta,
    squares: settled.state.objective,
    iterations,
    status: settled.ending === "interrupted" ? "interrupted" : ending,
  };
}
