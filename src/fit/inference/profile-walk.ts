/**
 * The walk along a profile: from the optimum outwards until the test statistic meets the threshold,
 * each fit started from those before.
 */
import type { Polished } from "../search/problem.ts";

/** The root of the test statistic is met to this. */
export const NEAR = 0.005;

/**
 * One side of one parameter of one fit. t: distance from the optimum in the coordinate; r: √(2W(Q −
 * Q̂)/φ).
 */
export interface Chain {
  readonly task: number;
  readonly i: number;
  readonly side: 1 | -1;
  /**
   * How far the coordinate can go, and whether that is a bound that belongs to its meaning (E = 0).
   */
  readonly most: number;
  readonly closed: boolean;
  readonly points: { t: number; r: number; objective: number; theta: Float64Array }[];
  t: number;
  done: boolean;
  /** How often the end was tried from elsewhere. */
  checks: number;
}

/** Where the fit at t starts: the straight line through the two nearest points below it. */
export function ahead({ points, t }: Chain): Float64Array {
  const below = points.filter((point) => point.t < t).toSorted((a, b) => b.t - a.t);
  const [last, before = last] = below;
  const slope = last.t === before.t ? 0 : (t - last.t) / (last.t - before.t);
  return last.theta.map((x, j) => x + slope * (x - before.theta[j]));
}

/** Takes a fit in and decides where to go next. */
export function advance(
  chain: Chain,
  { theta, objective, ending }: Polished,
  r: number,
  z: number,
): void {
  const { points, t } = chain;
  // A fit that failed is a step too far: back half way.
  if (ending === "nonfinite" || ending === "interrupted") {
    chain.t = (bracket(chain, z).low.t + t) / 2;
    chain.done = chain.t <= 1e-6 * t;
    return;
  }
  points.push({ t, r, objective, theta });
  next(chain, z);
}

/** The next distance to try, or that the end is found. */
export function next(chain: Chain, z: number): void {
  const { most } = chain;
  const { low, high } = bracket(chain, z);
  const width = (high?.t ?? Infinity) - low.t;
  const near = [low, high].some(
    (point) => point !== undefined && Math.abs(point.r - z) <= NEAR * z,
  );
  chain.done = near || width <= 1e-6 * (high?.t ?? 1) || (high === undefined && low.t >= most);
  if (high === undefined)
    chain.t = Math.min(
      most,
      low.t * Math.min(Math.max(low.r > 0 ? (1.05 * z) / low.r : 3, 1.3), 3),
    );
  else chain.t = low.t + width * Math.min(Math.max((z - low.r) / (high.r - low.r), 0.1), 0.9);
}

/**
 * The point that the end rests on: the nearest to the threshold, or the last where there is no end.
 */
export function outermost(chain: Chain, z: number): Chain["points"][number] {
  const { low, high } = bracket(chain, z);
  return high !== undefined && Math.abs(high.r - z) < Math.abs(low.r - z) ? high : low;
}

/** The points next to the threshold. */
export function bracket(
  { points }: Chain,
  z: number,
): { low: Chain["points"][number]; high: Chain["points"][number] | undefined } {
  const sorted = points.toSorted((a, b) => a.t - b.t);
  const at = sorted.findIndex(({ r }) => r >= z);
  return at < 0
    ? { low: sorted[sorted.length - 1], high: undefined }
    : { low: sorted[at - 1], high: sorted[at] };
}
