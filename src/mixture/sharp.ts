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

const OPTIONS = { iterations: 100, tolerance: 1e-7 } as const;
/** The loss at the ends of a range meets ε to this share of it: half of that of the width. */
const CLOSE = 0.04;
const SOLVES = 10;

/**
 * The ends of each share's range by the Lagrangian L(h) ∓ t·hᵢ: its minimizer moves outwards as t grows, until L reaches best + ε.
 * A range ends earlier where the feasible set does.
 */
export function sharpness(loss: Smooth, project: (y: Float64Array) => Float64Array, best: Float64Array, epsilon: number): Sharpness {
  if (!(epsilon > 0)) return { epsilon, ranges: [...best].map((x) => ({ min: x, max: x })), trade: undefined };
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
  // Near the optimum the excess grows as t²: each solve scales t by what that law says is missing, inside the bracket known so far.
  let [low, high] = [0, Infinity];
  let t = epsilon;
  let inside = best;
  let from = best;
  for (let n = 0; n < SOLVES; n++) {
    const { h } = descend(tilted(t), project, from, OPTIONS);
    const excess = loss.value(h) - base;
    from = h;
    if (excess <= epsilon) {
      inside = h;
      low = t;
      if (excess >= (1 - CLOSE) * epsilon) break;
    } else high = t;
    const scaled = t * Math.min(30, Math.max(0.1, Math.sqrt(((1 - CLOSE / 2) * epsilon) / Math.max(excess, 1e-4 * epsilon))));
    t = scaled > low && scaled < high ? scaled : high === Infinity ? 10 * t : Math.sqrt(Math.max(low, high / 100) * high);
    if (t > 1e6 * epsilon && excess < 1e-3 * epsilon) break; // the set ends before the loss rises
  }
  return inside;
}
