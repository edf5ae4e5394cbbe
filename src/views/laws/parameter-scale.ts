/** The axis of a panel of parameters: where most values lie; a few may lie beyond its ends. */
import { quantile } from "../../stats/interval.ts";

/** What an axis must show. */
interface Valued {
  readonly value: number | null;
  readonly interval: readonly [number | null, number | null] | null;
  readonly state: string;
}

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
}

/** Positive values that span more than this have a logarithmic axis. */
const WIDE = 1000;
/** Values farther from the middle half than this many times its width lie beyond the axis. */
const FENCE = 6;
/** Ends of intervals stretch the axis by at most this many times the span of the values. */
const STRETCH = 0.6;

/** An axis that has all values but outliers, and the intervals of those that are determined. */
export function scaleOf(rows: readonly Valued[]): Scale {
  const all = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  if (all.length === 0) return { low: 0, high: 1, isLog: false };
  const isLog = Math.min(...all) > 0 && Math.max(...all) / Math.min(...all) > WIDE;
  const to = isLog ? Math.log : (x: number): number => x;
  const back = isLog ? Math.exp : (x: number): number => x;
  const values = withoutOutliers(all.map(to));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const ends = rows
    .filter(({ state }) => state === "determined")
    .flatMap(({ interval }) => (interval ?? []).flatMap((end) => (end === null ? [] : [end])));
  const reached = ends.filter((end) => !isLog || end > 0).map(to);
  const span = most - least || 0.5 * Math.abs(most) || 1;
  const low = Math.max(Math.min(least, ...reached), least - STRETCH * span);
  const high = Math.min(Math.max(most, ...reached), most + STRETCH * span);
  const rim = 0.05 * (high - low || span);
  // A quantity that is nowhere below 0 has no axis below 0 either.
  const floor = !isLog && Math.min(...all, ...ends) >= 0 ? Math.min(0, low) : -Infinity;
  return { low: back(Math.max(floor, low - rim)), high: back(high + rim), isLog };
}

function withoutOutliers(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).toSorted();
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = FENCE * (upper - lower);
  return reach === 0
    ? [...values]
    : values.filter((value) => value >= lower - reach && value <= upper + reach);
}

/** A value, or the end of the axis that it lies beyond. */
export const clipped = (value: number, { low, high }: Scale): number =>
  Math.min(high, Math.max(low, value));

/** Powers of ten, thinned, of a logarithmic axis; a count of ticks of a linear one. */
export function ticksOf({ low, high, isLog }: Scale, most: number): number | number[] {
  if (!isLog) return most;
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const powers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  // d3 has better ones within a decade.
  if (powers.length < 2) return most;
  const step = Math.max(1, Math.ceil(powers.length / most));
  return powers.filter((_, i) => i % step === 0).map((power) => 10 ** power);
}
