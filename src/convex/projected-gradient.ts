/**
 * Projected gradient descent with Barzilai–Borwein steps and a nonmonotone line search: the
 * spectral projected gradient method of Birgin, Martínez & Raydan (2000), "Nonmonotone spectral
 * projected gradient methods on convex sets", algorithm 2.
 */
import type { Smooth } from "./smooth.ts";
import { addScaled, largestDifference } from "./vectors.ts";

/** The line search compares with the largest of this many last losses. */
const MEMORY = 8;
/** A step must lower the loss by this share of what its slope promises. */
const ARMIJO = 1e-4;
/** Halvings of a step end here. */
const SHORTEST = 1e-14;
/**
 * How exactly a loss is known: relatively, a few units in the last place of a sum of some hundred
 * terms; and the gradient times how exactly projections keep to the set. A point outside by 1e-14
 * has a lower loss than any inside.
 */
const ROUNDING = { loss: 1e-14, set: 1e-13 } as const;
/** Least and largest spectral step. */
const STEPS = { least: 1e-10, most: 1e6 } as const;
/** Steps in a row that promise less than the wanted gain before the descent ends. */
const SMALL_STEPS = 2;

export interface DescentOptions {
  /** At most so many steps. */
  readonly iterations: number;
  /** Stop when the largest entry of h − P(h − ∇L) is at most this. */
  readonly tolerance: number;
  /** Stop when a step promises to lower the loss by less than this, twice running. Default 0. */
  readonly gain?: number;
}

export interface Descent {
  readonly h: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  /** Largest entry of h − P(h − ∇L): 0 exactly where the KKT conditions hold. */
  readonly residual: number;
  readonly iterations: number;
}

/** The Euclidean projection P onto a convex set. */
export type Project = (y: Float64Array) => Float64Array;

/** What a loss is known to, where its gradient is this: differences below it mean nothing. */
export function roundingOf(loss: number, gradient: Float64Array): number {
  let steepest = 0;
  for (const g of gradient) steepest = Math.max(steepest, Math.abs(g));
  return ROUNDING.loss * Math.abs(loss) + ROUNDING.set * steepest;
}

/** Largest entry of h − P(h − ∇L). */
export const residualOf = (h: Float64Array, gradient: Float64Array, project: Project): number =>
  largestDifference(project(addScaled(h, -1, gradient)), h);

/** The projection of a point, with the loss there. */
export function evaluate(surface: Smooth, project: Project, start: Float64Array): Descent {
  const h = project(start);
  const gradient = new Float64Array(surface.domains);
  const loss = surface.gradient(h, gradient);
  return { h, loss, gradient, residual: residualOf(h, gradient, project), iterations: 0 };
}

/** Where a descent is. */
interface State {
  now: Descent;
  /** Length of the next step along −∇L, before it is projected. */
  spectral: number;
  /** The last losses. */
  readonly recent: number[];
  /** Whether the last turn set the step to 1 and did not move. */
  restarted: boolean;
  /** Steps in a row that promised too little. */
  small: number;
}

/**
 * Minimizes from `start`, which need not be feasible.
 * @example descend(surface, (y) => projectBox(y, lower, upper), start, { iterations: 500,
 *   tolerance:
 *   1e-9 }).h
 */
export function descend(
  surface: Smooth,
  project: Project,
  start: Float64Array,
  { iterations, tolerance, gain = 0 }: DescentOptions,
): Descent {
  const now = evaluate(surface, project, start);
  const state: State = { now, spectral: 1, recent: [now.loss], restarted: false, small: 0 };
  let best = now;
  for (let n = 1; n <= iterations && state.now.residual > tolerance; n++) {
    const { direction, slope } = directionOf(state, project);
    if (slope >= 0) {
      if (state.restarted) break; // float64 has no descent left
      // The last step was short for the sake of one steep share: too short to move the others.
      state.spectral = 1;
      state.restarted = true;
      continue;
    }
    state.restarted = false;
    state.small = -slope < gain ? state.small + 1 : 0;
    if (state.small >= SMALL_STEPS) break;
    // Near the end the decrease is below the rounding of the loss: then the residual decides, not
    // the loss.
    const noise = roundingOf(state.now.loss, state.now.gradient);
    step(state, surface, project, direction, slope, noise, n);
    const { loss, residual } = state.now;
    if (loss < best.loss - noise || (loss <= best.loss + noise && residual < best.residual))
      best = state.now;
  }
  return best;
}

/** The projected step d = P(h − s∇L) − h, and ∇L·d. */
function directionOf(
  { now: { h, gradient }, spectral }: State,
  project: Project,
): { readonly direction: Float64Array; readonly slope: number } {
  const direction = project(addScaled(h, -spectral, gradient));
  let [slope, square] = [0, 0];
  for (let i = 0; i < h.length; i++) {
    direction[i] -= h[i];
    slope += gradient[i] * direction[i];
    square += direction[i] * direction[i];
  }
  // A projection has ∇L·d ≤ −‖d‖²/s. Near the end the sum, of entries that cancel, no longer knows
  // that.
  return { direction, slope: Math.min(slope, -square / spectral) };
}

/** Goes along the direction as far as the loss allows, and takes the next step's length from it. */
function step(
  state: State,
  surface: Smooth,
  project: Project,
  direction: Float64Array,
  slope: number,
  noise: number,
  iterations: number,
): void {
  const { h, gradient: before } = state.now;
  const reference = Math.max(...state.recent) + noise;
  let t = 1;
  let trial = addScaled(h, 1, direction);
  const gradient = new Float64Array(h.length);
  // Nearly all whole steps are taken, and the gradient brings the value along.
  let loss = surface.gradient(trial, gradient);
  if (!(loss <= reference + ARMIJO * slope)) {
    let value: number;
    do {
      t *= 0.5;
      trial = addScaled(h, t, direction);
      value = surface.value(trial);
    } while (!(value <= reference + ARMIJO * t * slope) && t > SHORTEST);
    loss = surface.gradient(trial, gradient);
  }
  state.recent.push(loss);
  if (state.recent.length > MEMORY) state.recent.shift();
  let [curvature, length] = [0, 0];
  for (let i = 0; i < h.length; i++) {
    const moved = trial[i] - h[i];
    curvature += moved * (gradient[i] - before[i]);
    length += moved * moved;
  }
  state.spectral =
    curvature <= 0 ? STEPS.most : Math.min(STEPS.most, Math.max(STEPS.least, length / curvature));
  const residual = residualOf(trial, gradient, project);
  state.now = { h: trial, loss, gradient, residual, iterations };
}
