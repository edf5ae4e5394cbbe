/** Stretches of time, in seconds. */

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The times that are in any of some intervals, as intervals apart from one another, in order. */
export function union(intervals: readonly Interval[]): Interval[] {
  const apart: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else apart.push({ from, to });
  }
  return apart;
}

/** The parts of some intervals that are in windows, which are apart from one another. */
export const within = (intervals: readonly Interval[], windows: readonly Interval[]): Interval[] =>
  intervals.flatMap(({ from, to }) =>
    windows
      .filter((window) => window.from < to && window.to > from)
      .map((window) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) })),
  );

/** What is left of an interval without others. */
export function without({ from, to }: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let at = from;
  for (const other of union(within(others, [{ from, to }]))) {
    if (other.from > at) left.push({ from: at, to: other.from });
    at = other.to;
  }
  return at < to ? [...left, { from: at, to }] : left;
}

/** Seconds of all of them together; what overlaps counts twice. */
export const seconds = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0);
