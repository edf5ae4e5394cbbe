/** Means and correlations of paired numbers. */

export const mean = (x: ArrayLike<number>): number => totalOf(x) / x.length;

/** The sum of numbers, or of what a function makes of each. */
export function totalOf(
  x: ArrayLike<number>,
  of: (value: number, index: number) => number = (value) => value,
): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += of(x[i], i);
  return total;
}

/** The least and the largest of numbers, however many; Infinity and −Infinity of none. */
export function extremesOf(x: ArrayLike<number>): readonly [least: number, most: number] {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < x.length; i++) {
    least = Math.min(least, x[i]);
    most = Math.max(most, x[i]);
  }
  return [least, most];
}

/** The middle value, the mean of the middle two of an even number; 0 of none. */
export function median(x: ArrayLike<number>): number {
  const sorted = Float64Array.from(x).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Pearson's correlation; null where a side does not vary. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const [mx, my] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - mx) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
    yy += (y[i] - my) ** 2;
  }
  // Equal numbers differ from their mean by rounding.
  const [tx, ty] = [1e-30 * x.length * (1 + mx * mx), 1e-30 * y.length * (1 + my * my)];
  return xx > tx && yy > ty ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : null;
}

/** Pearson's correlations of all pairs, 0 where a side does not vary: as `correlation` has them. */
export function correlations(columns: readonly ArrayLike<number>[]): number[][] {
  const units = columns.map((x) => {
    const center = mean(x);
    const apart = Float64Array.from(x, (value) => value - center);
    const square = totalOf(apart, (value) => value * value);
    const varies = square > 1e-30 * x.length * (1 + center * center);
    return apart.map((value) => (varies ? value / Math.sqrt(square) : 0));
  });
  const all = units.map(() => units.map(() => 0));
  for (const [i, x] of units.entries())
    for (let j = 0; j <= i; j++) {
      const y = units[j];
      let r = 0;
      for (let n = 0; n < x.length; n++) r += x[n] * y[n];
      all[i][j] = all[j][i] = Math.max(-1, Math.min(1, r));
    }
  return all;
}

/** Σwx/Σw. @example weightedMean([1, 4], [2, 1]) // 2 */
export function weightedMean(x: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [sum, mass] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    sum += weights[i] * x[i];
    mass += weights[i];
  }
  return sum / mass;
}

/** Pearson's correlation of points that weigh something; null where a side does not vary. */
export function weightedCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number>,
): number | null {
  const [mx, my] = [weightedMean(x, weights), weightedMean(y, weights)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += weights[i] * (x[i] - mx) ** 2;
    xy += weights[i] * (x[i] - mx) * (y[i] - my);
    yy += weights[i] * (y[i] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : null;
}

/**
 * Ranks of values of which each stands for as many as it weighs: the weight below it, and half of
 * the weight that it shares with its equals.
 *
 * @example weightedRanks([5, 7, 7], [1, 1, 2]) // [0.5, 2.5, 2.5]
 */
export function weightedRanks(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const distinct = distinctOf(values);
  const placeOf = new Int32Array(values.length);
  for (let i = 0; i < placeOf.length; i++) placeOf[i] = placeIn(distinct, values[i]);
  const tied = new Float64Array(distinct.length);
  for (let i = 0; i < placeOf.length; i++) tied[placeOf[i]] += weights[i];
  const middles = new Float64Array(distinct.length);
  let below = 0;
  for (let place = 0; place < distinct.length; place++) {
    middles[place] = below + tied[place] / 2;
    below += tied[place];
  }
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = middles[placeOf[i]];
  return ranks;
}

/** The different numbers among some, in increasing order. */
export function distinctOf(x: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(x).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** The place of a value in a sorted list that has it. */
function placeIn(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
