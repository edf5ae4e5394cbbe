/** Means and correlations of paired numbers. */

export const mean = (x: ArrayLike<number>): number =>
  Array.from(x).reduce((a, b) => a + b, 0) / x.length;

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
