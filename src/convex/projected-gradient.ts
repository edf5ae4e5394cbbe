/**
 * Projected gradient descent on the simplex with Barzilai–Borwein steps and a nonmonotone line
 * search: the spectral projected gradient method of Birgin, Martínez & Raydan (2000), "Nonmonotone
 * spectral projected gradient methods on convex sets", algorithm 2.
 */
import type { Smooth } from "./smooth.ts";

const MEMORY = 8;
const ARMIJO = 1e-4;
/**
 * What is known of a loss: relatively, a few units in the last place of a sum of some hundred
 * terms; and the gradient times how exactly projections keep to the set. A point outside by 1e-14
 * has a lower loss than any inside.
 */
const ROUNDING = { loss: 1e-14, set: 1e-13 } as const;
const STEPS = { least: 1e-10, most: 1e6 } as const;

export interface DescentOptions {
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

type Project = (y: Float64Array) => Float64Array;

/** How far a loss is known, where its gradient is this. */
export const roundingOf = (loss: number, gradient: Float64Array): number => {
  let steepest = 0;
  for (const g of gradient) steepest = Math.max(steepest, Math.abs(g));
  return ROUNDING.loss * Math.abs(loss) + ROUNDING.set * steepest;
};

/** Largest entry of h − P(h − ∇L). */
export function residualOf(h: Float64Array, gradient: Float64Array, project: Project): number {
  const moved = project(along(h, gradient, -1));
  let most = 0;
  for (let i = 0; i < h.length; i++) most = Math.max(most, Math.abs(moved[i] - h[i]));
  return most;
}

/** h + t·d */
export function along(h: Float64Array, d: Float64Array, t: number): Float64Array {
  const x = new Float64Array(h.length);
  for (let i = 0; i < x.length; i++) x[i] = h[i] + t * d[i];
  return x;
}

/**
 * Minimizes from `start`, which need not be feasible. `project` must be the Euclidean projection
 * onto a convex set.
 */
export function descend(
  surface: Smooth,
  project: Project,
  start: Float64Array,
  options: DescentOptions,
): Descent {
  const { iterations, tolerance, gain = 0 } = options;
  const k = surface.domains;
  let gradient = new Float64Array(k);
  let before = new Float64Array(k);
  let h = project(start);
  let loss = surface.gradient(h, gradient);
  let spectral = 1;
  let fresh = false;
  let small = 0;
  const recent = [loss];
  let residual = residualOf(h, gradient, project);
  let best: Descent = { h, loss, gradient: gradient.slice(), residual, iterations: 0 };
  for (let iteration = 1; iteration <= iterations && residual > tolerance; iteration++) {
    const direction = project(along(h, gradient, -spectral));
    let [slope, square] = [0, 0];
    for (let i = 0; i < k; i++) {
      direction[i] -= h[i];
      slope += gradient[i] * direction[i];
      square += direction[i] * direction[i];
    }
    // A projection d = P(h − s∇L) − h has ∇L·d ≤ −‖d‖²/s. Near the end the sum, of entries that
    // cancel, no longer knows that.
    slope = Math.min(slope, -square / spectral);
    if (slope >= 0) {
      if (fresh) break; // float64 has no descent left
      // The last step was short for the sake of one steep share: too short to move the others.
      spectral = 1;
      fresh = true;
      continue;
    }
    small = -slope < gain ? small + 1 : 0;
    if (small >= 2) break;
    fresh = false;
    // Near the end the decrease is below the rounding of the loss: then the gradient decides, not
    // the loss.
    const noise = roundingOf(loss, gradient);
    const reference = Math.max(...recent) + noise;
    let t = 1;
    let trial = along(h, direction, 1);
    let next = surface.value(trial);
    while (!(next <= reference + ARMIJO * t * slope) && t > 1e-14) {
      t *= 0.5;
      trial = along(h, direction, t);
      next = surface.value(trial);
    }
    [gradient, before] = [before, gradient];
    loss = surface.gradient(trial, gradient);
    recent.push(loss);
    if (recent.length > MEMORY) recent.shift();
    let [curvature, length] = [0, 0];
    for (let i = 0; i < k; i++) {
      const moved = trial[i] - h[i];
      curvature += moved * (gradient[i] - before[i]);
      length += moved * moved;
    }
    h = trial;
    spectral =
      curvature <= 0 ? STEPS.most : Math.min(STEPS.most, Math.max(STEPS.least, length / curvature));
    residual = residualOf(h, gradient, project);
    if (loss < best.loss - noise || (loss <= best.loss + noise && residual < best.residual))
      best = { h, loss, gradient: gradient.slice(), residual, iterations: iteration };
  }
  return best;
}
