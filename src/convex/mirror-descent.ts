/**
 * Mirror descent on the simplex, h ← h·exp(−η∇L)/Σ, as in Shukor et al. 2025 (arXiv 2507.09404,
 * section 4), with a backtracking step. Here as a check on projected gradient descent: another
 * geometry, the same optimum. It takes floors and caps, no other constraints.
 */
import { type Descent, type DescentOptions, roundingOf } from "./projected-gradient.ts";
import type { Smooth } from "./smooth.ts";

const ARMIJO = 1e-4;

/**
 * Minimizes from `start`, a point with every share that may be positive positive: a share at 0
 * stays there.
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
    // a shift of ∇ cancels in the normalization and keeps exp finite
    const least = gradient.reduce((a, b) => Math.min(a, b), Infinity);
    const trial = scaleInto(
      h.map((x, i) => x * Math.exp(-eta * (gradient[i] - least))),
      lower,
      upper,
    );
    const gain = gradient.reduce((sum, g, i) => sum + g * (h[i] - trial[i]), 0);
    residual = trial.reduce((most, x, i) => Math.max(most, Math.abs(x - h[i])), 0) / eta;
    if (residual <= options.tolerance)
      return { h, loss, gradient, residual, iterations: iteration };
    const slope = new Float64Array(h.length);
    const next = surface.gradient(trial, slope);
    // Near the end the decrease is below the rounding of the loss: then it must still fall where
    // the step ends.
    const falls =
      gain < roundingOf(loss, gradient) &&
      slope.reduce((sum, g, i) => sum + g * (trial[i] - h[i]), 0) <= 0;
    if (falls || next <= loss - ARMIJO * gain) {
      [h, loss, gradient] = [trial, next, slope];
      eta *= 1.5;
    } else {
      eta *= 0.5;
      if (eta < 1e-14) break;
    }
  }
  return { h, loss, gradient, residual, iterations: options.iterations };
}

/**
 * The point nearest to y in Kullback–Leibler divergence with Σ = 1 and lower ≤ h ≤ upper:
 * clamp(c·y), with c by bisection of its logarithm.
 */
function scaleInto(y: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  const at = (c: number): Float64Array =>
    y.map((v, i) => Math.min(Math.max(c * v, lower[i]), upper[i]));
  const sum = (h: Float64Array): number => h.reduce((a, b) => a + b, 0);
  let [low, high] = [-745, 745];
  for (let n = 0; n < 100; n++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (sum(at(Math.exp(middle))) > 1) high = middle;
    else low = middle;
  }
  return at(Math.exp(0.5 * (low + high)));
}
