import type { Stream } from "./rng.ts";

/** An attempt is accepted with probability above 0.95: so many failures in a row have 1e-83. */
const ATTEMPTS = 64;

/**
 * ln of a Gamma(shape, 1) variate by Marsaglia and Tsang 2000, from one Philox block an attempt:
 * two lanes make the normal, one decides, one lifts shapes below 1 (their section 6). The
 * logarithm, because small shapes underflow.
 */
function logGamma(draws: Stream, index: number, component: number, shape: number): number {
  const lane = (attempt: number, word: number): number =>
    4 * (component * ATTEMPTS + attempt) + word;
  const lift = shape < 1 ? Math.log(draws.uniform(index, lane(0, 3))) / shape : 0;
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const x = draws.normal(index, lane(attempt, 0));
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v <= 0) continue;
    if (Math.log(draws.uniform(index, lane(attempt, 2))) < 0.5 * x * x + d * (1 - v + Math.log(v)))
      return Math.log(d * v) + lift;
  }
  return Math.log(d) + lift;
}

/**
 * A mixture drawn from a Dirichlet distribution: k weights ≥ 0 that sum to 1 up to rounding. Uses
 * the lanes of `index` from 0 up to 256·k.
 *
 * @param alpha concentration, one for all or one a domain, > 0: 1 is uniform on the simplex, below
 *   1 favours its edges
 * @throws RangeError for alpha ≤ 0 or of another length than k.
 * @example dirichlet(stream(1, 5), 0, 1, 3) // three weights
 */
export function dirichlet(
  draws: Stream,
  index: number,
  alpha: number | readonly number[],
  k: number,
): Float64Array {
  const shapes = typeof alpha === "number" ? Array.from({ length: k }, () => alpha) : alpha;
  if (shapes.length !== k) throw new RangeError(`${shapes.length} concentrations for ${k} domains`);
  if (!shapes.every((shape) => shape > 0 && Number.isFinite(shape)))
    throw new RangeError("concentrations must be positive");
  const logs = Float64Array.from(shapes, (shape, component) =>
    logGamma(draws, index, component, shape),
  );
  const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const parts = logs.map((log) => Math.exp(log - largest));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** The mixture with weight 1/k for each of k domains. */
export const uniformMixture = (k: number): Float64Array => new Float64Array(k).fill(1 / k);

/**
 * The nearest shares that are multiples of 1/steps and sum to 1: rounded down, and then up where
 * the remainders are largest.
 */
export function onGrid(shares: Float64Array, steps: number): Float64Array {
  const whole = shares.map((share) => Math.floor(share * steps));
  const missing = Math.round(steps - whole.reduce((sum, part) => sum + part, 0));
  const order = [...shares.keys()].sort(
    (a, b) => shares[b] * steps - whole[b] - (shares[a] * steps - whole[a]) || a - b,
  );
  for (const i of order.slice(0, missing)) whole[i] += 1;
  return whole.map((part) => part / steps);
}
