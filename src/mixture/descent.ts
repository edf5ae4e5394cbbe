/**
 * Projected gradient descent on the simplex with Barzilai–Borwein steps and a nonmonotone line search: the spectral projected gradient method of
 * Birgin, Martínez & Raydan (2000), "Nonmonotone spectral projected gradient methods on convex sets", algorithm 2.
 */
import type { Smooth } from "./goal.ts";

const MEMORY = 8;
const ARMIJO = 1e-4;
/**
 * What is known of a loss: relatively, a few units in the last place of a sum of some hundred terms; and the gradient times how exactly projections keep to the
 * set. A point outside by 1e-14 has a lower loss than any inside.
 */
const ROUNDING = { loss: 1e-14, set: 1e-13 } as const;
const STEPS = { least: 1e-10, most: 1e6 } as const;

export interface DescentOptions {
  readonly iterations: number;
  /** Stop when the largest entry of h − P(h − ∇L) is at most this. */
  readonly tolerance: number;
}

export interface Descent {
  readonly h: Float64Array;
  readonly loss: number;
  /** Largest entry of h − P(h − ∇L): 0 exactly where the KKT conditions hold. */
  readonly residual: number;
  readonly iterations: number;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Minimizes from `start`, which need not be feasible. `project` must be the Euclidean projection onto a convex set. */
export function descend(
  surface: Smooth,
  project: (y: Float64Array) => Float64Array,
  start: Float64Array,
  options: DescentOptions,
): Descent {
  const gradient = new Float64Array(surface.domains);
  let h = project(start);
  let loss = surface.gradient(h, gradient);
  let spectral = 1;
  let fresh = false;
  const recent = [loss];
  const stationarity = (): number =>
    project(h.map((x, i) => x - gradient[i])).reduce((most, x, i) => Math.max(most, Math.abs(x - h[i])), 0);
  let residual = stationarity();
  let best: Descent = { h, loss, residual, iterations: 0 };
  for (let iteration = 1; iteration <= options.iterations && residual > options.tolerance; iteration++) {
    const direction = project(h.map((x, i) => x - spectral * gradient[i])).map((x, i) => x - h[i]);
    const slope = dot(gradient, direction);
    if (slope >= 0) {
      if (fresh) break; // float64 has no descent left
      // The last step was short for the sake of one steep share: too short to move the others.
      spectral = 1;
      fresh = true;
      continue;
    }
    fresh = false;
    // Near the end the decrease is below the rounding of the loss: then the gradient decides, not the loss.
    const noise = ROUNDING.loss * Math.abs(loss) + ROUNDING.set * gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    const reference = Math.max(...recent) + noise;
    let t = 1;
    let trial = h.map((x, i) => x + direction[i]);
    let next = surface.value(trial);
    while (!(next <= reference + ARMIJO * t * slope) && t > 1e-14) {
      t *= 0.5;
      trial = h.map((x, i) => x + t * direction[i]);
      next = surface.value(trial);
    }
    const before = gradient.slice();
    const moved = trial.map((x, i) => x - h[i]);
    h = trial;
    loss = surface.gradient(h, gradient);
    recent.push(loss);
    if (recent.length > MEMORY) recent.shift();
    const change = gradient.map((g, i) => g - before[i]);
    const curvature = dot(moved, change);
    spectral = curvature <= 0 ? STEPS.most : Math.min(STEPS.most, Math.max(STEPS.least, dot(moved, moved) / curvature));
    residual = stationarity();
    if (loss < best.loss - noise || (loss <= best.loss + noise && residual < best.residual))
      best = { h, loss, residual, iterations: iteration };
  }
  return best;
}
