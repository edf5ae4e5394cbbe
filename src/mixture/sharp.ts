/** How sharp an optimum is: how far each share can move while the loss stays within ε of the best. */
import { descend } from "./descent.ts";
import type { Smooth } from "./goal.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Sharpness {
  /** In units of the objective. */
  readonly epsilon: number;
  /** Per domain: the smallest and largest share of a feasible mixture within ε. */
  readonly ranges: readonly Range[];
  /** The widest trade within the set: the domains that grow and shrink most along it. */
  readonly trade: { readonly up: number; readonly down: number } | undefined;
}

const OPTIONS = { iterations: 300, tolerance: 1e-8 } as const;
/** The loss at the ends of a range meets ε to this share of it. */
const CLOSE = 0.01;

/**
 * The ends of each share's range by the Lagrangian L(h) ∓ t·hᵢ: its minimizer moves outwards as t grows, until L reaches best + ε.
 * A range ends earlier where the feasible set does.
 */
export function sharpness(loss: Smooth, project: (y: Float64Array) => Float64Array, best: Float64Array, epsilon: number): Sharpness {
  const base = loss.value(best);
  const ends = [...best.keys()].map((i) => ({
    low: end(loss, project, best, base, epsilon, i, -1),
    high: end(loss, project, best, base, epsilon, i, 1),
  }));
  const ranges = ends.map(({ low, high }, i) => ({ min: Math.min(low[i], best[i]), max: Math.max(high[i], best[i]) }));
  const widths = ranges.map((r) => r.max - r.min);
  const widest = widths.indexOf(Math.max(...widths));
  if (!(widths[widest] > 1e-6)) return { epsilon, ranges, trade: undefined };
  const along = ends[widest].high.map((x, j) => x - ends[widest].low[j]);
  return { epsilon, ranges, trade: { up: widest, down: along.indexOf(Math.min(...along)) } };
}

/** The mixture at the end of share i's range in direction `sign`. */
function end(
  loss: Smooth,
  project: (y: Float64Array) => Float64Array,
  best: Float64Array,
  base: number,
  epsilon: number,
  i: number,
  sign: 1 | -1,
): Float64Array {
  const tilted = (t: number): Smooth => ({
    domains: best.length,
    value: (h) => loss.value(h) - sign * t * h[i],
    gradient(h, out) {
      const value = loss.gradient(h, out);
      out[i] -= sign * t;
      return value - sign * t * h[i];
    },
  });
  // Brackets in ln t; a share moved by the whole simplex at price ε is the natural scale of t.
  let [low, high] = [Math.log(epsilon) - 3, Math.log(epsilon) + 14];
  let inside = best;
  for (let n = 0; n < 24; n++) {
    const t = 0.5 * (low + high);
    const { h } = descend(tilted(Math.exp(t)), project, inside, OPTIONS);
    const excess = loss.value(h) - base;
    if (excess <= epsilon) {
      inside = h;
      low = t;
      if (excess >= (1 - CLOSE) * epsilon) break;
    } else high = t;
    if (high - low < 1e-4) break;
  }
  return inside;
}
