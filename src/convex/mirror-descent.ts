/**
 * Mirror descent on the simplex, h ← h·exp(−η∇L)/Σ, as in Shukor et al. 2025 (arXiv 2507.09404,
 * section 4), with a backtracking step. It is here as a check on projected gradient descent:
 * another geometry, the same optimum. It takes floors and caps, no other constraints.
 */
import { type Descent, type DescentOptions, roundingOf } from "./projected-gradient.ts";
import type { Smooth } from "./smooth.ts";
import { difference, dot, largestDifference } from "./vectors.ts";

/** A step must lower the loss by this share of what its slope promises. */
const ARMIJO = 1e-4;
/** The step η grows where a step was good, and shrinks where it was not, down to the least. */
const STEP = { grow: 1.5, shrink: 0.5, least: 1e-14 } as const;

/**
 * Minimizes from `start`, where every share that may be positive is positive: a share at 0 stays
 * there.
 */
export function mirror(
  surface: Smooth,
  lower: Float64Array,
  upper: Float64Array,
  start: Float64Array,
  options: DescentOptions,
): Descent {
  let h = scaleInto(start, lower, upper);
  let gradient = new Float64Array(h.length);
  let loss = surface.gradient(h, gradient);
  let eta = 1;
  let residual = Infinity;
  for (let iteration = 1; iteration <= options.iterations; iteration++) {
    // A shift of ∇ cancels in the normalization and keeps exp finite.
    const least = gradient.reduce((a, b) => Math.min(a, b), Infinity);
    const trial = scaleInto(
      h.map((x, i) => x * Math.exp(-eta * (gradient[i] - least))),
      lower,
      upper,
    );
    residual = largestDifference(trial, h) / eta;
    if (residual <= options.tolerance)
      return { h, loss, gradient, residual, iterations: iteration };
    const slope = new Float64Array(h.length);
    const next = surface.gradient(trial, slope);
    const promised = dot(gradient, difference(h, trial));
    // Near the end the decrease is below the rounding of the loss: then it must still fall where
    // the step ends.
    const falls = promised < roundingOf(loss, gradient) && dot(slope, difference(trial, h)) <= 0;
    if (falls || next <= loss - ARMIJO * promised) {
      [h, loss, gradient] = [trial, next, slope];
      eta *= STEP.grow;
    } else {
      eta *= STEP.shrink;
      if (eta < STEP.least) break;
    }
  }
  return { h, loss, gradient, residual, iterations: options.iterations };
}

/** e^±745 are the last numbers that float64 tells from 0 and infinity. */
const LARGEST_EXPONENT = 745;

/**
 * The point nearest to y in Kullback–Leibler divergence with Σ = 1 and lower ≤ h ≤ upper:
 * clamp(c·y), with c by bisection of its logarithm.
 */
function scaleInto(y: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  const at = (c: number): Float64Array =>
    y.map((v, i) => Math.min(Math.max(c * v, lower[i]), upper[i]));
  const sum = (h: Float64Array): number => h.reduce((a, b) => a + b, 0);
  let [low, high] = [-LARGEST_EXPONENT, LARGEST_EXPONENT];
  for (let n = 0; n < 100; n++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (sum(at(Math.exp(middle))) > 1) high = middle;
    else low = middle;
  }
  return at(Math.exp(0.5 * (low + high)));
}
