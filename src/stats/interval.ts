/** Bootstrap confidence intervals of one number, from its values in replicates. */
import { inWords, namesOf } from "../base/kinds.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

const INTERVAL_KINDS = { bca: "bias-corrected and accelerated", percentile: "" } as const;
/**
 * percentile: the replicates' quantiles. bca: corrected for bias and for a standard error that
 * changes with the value (Efron 1987).
 */
export const INTERVALS = namesOf(INTERVAL_KINDS);
export const INTERVALS_IN_WORDS = inWords(INTERVAL_KINDS);
/** One of `INTERVALS`. */
export type IntervalKind = keyof typeof INTERVAL_KINDS;

/** An end that is infinite is null. */
export type Interval = readonly [number | null, number | null];

/**
 * BCa levels (Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 14.3): z₀ from the
 * share of replicates below the estimate, counting half of those equal to it, and the acceleration
 * from the jackknife's skewness. Undefined where they do not exist: all replicates on one side.
 */
function bcaLevels(
  estimate: number,
  sorted: Float64Array,
  jackknife: ArrayLike<number>,
  level: number,
): [number, number] | undefined {
  let [below, equal] = [0, 0];
  for (const x of sorted) {
    if (x < estimate) below++;
    else if (x === estimate) equal++;
  }
  const share = (below + equal / 2) / sorted.length;
  if (!(share > 0 && share < 1)) return undefined;
  const z0 = normalQuantile(share);
  const mean = Array.from(jackknife).reduce((a, b) => a + b, 0) / jackknife.length;
  let [squares, cubes] = [0, 0];
  for (let i = 0; i < jackknife.length; i++) {
    const d = mean - jackknife[i];
    squares += d * d;
    cubes += d * d * d;
  }
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  if (!Number.isFinite(acceleration)) return undefined;
  const at = (tail: number): number => {
    const z = z0 + normalQuantile(tail);
    return normalCdf(z0 + z / (1 - acceleration * z));
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/**
 * The interval of a number whose value is `estimate` on the data, `replicates` in the bootstrap and
 * `jackknife` with each block left out. A BCa interval that does not exist (the estimate lies
 * outside all replicates, or a value is infinite) is the percentile one.
 *
 * @param level such as 0.95
 * @throws RangeError without replicates, and for NaN among them
 * @example interval("bca", 1.82, replicates, jackknife, 0.95) // such as [1.76, 1.86]
 */
export function interval(
  kind: IntervalKind,
  estimate: number,
  replicates: ArrayLike<number>,
  jackknife: ArrayLike<number>,
  level: number,
): Interval {
  const sorted = Float64Array.from(replicates).sort();
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1]))
    throw new RangeError("an interval needs replicates, all of them numbers");
  const plain: [number, number] = [(1 - level) / 2, (1 + level) / 2];
  const levels =
    kind === "bca" && Number.isFinite(estimate)
      ? (bcaLevels(estimate, sorted, jackknife, level) ?? plain)
      : plain;
  const end = (p: number): number | null => {
    const value = quantile(sorted, p);
    return Number.isFinite(value) ? value : null;
  };
  return [end(levels[0]), end(levels[1])];
}

/**
 * The quantile of sorted numbers, linear between neighbours; infinite where it falls among infinite
 * ones.
 */
export function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * Math.min(Math.max(p, 0), 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === high || !Number.isFinite(high) ? high : low + (at - Math.floor(at)) * (high - low);
}

/** Standard deviation of the replicates (n − 1); null where a value is infinite. */
export function standardError(replicates: ArrayLike<number>): number | null {
  const n = replicates.length;
  const mean = Array.from(replicates).reduce((a, b) => a + b, 0) / n;
  if (!Number.isFinite(mean) || n < 2) return null;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (replicates[i] - mean) ** 2;
  return Math.sqrt(squares / (n - 1));
}
