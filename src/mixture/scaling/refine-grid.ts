/** The least of a function of one or two variables with one basin, by ever finer grids. */

/** Lower and upper end, by dimension. */
export type Box = readonly (readonly [number, number])[];

/** Points a side, by the number of dimensions. */
const POINTS = [0, 129, 41] as const;
/** A grid covers so many steps of the one before on either side of its best point. */
const STEPS = 1.5;

/**
 * Refines a grid around its best point: one basin is expected, and the first grid is fine enough to
 * be in it.
 * @param f values at points, all at once
 * @param rounds grids
 * @example refineGrid((points) => Float64Array.from(points, ([x]) => (x - 1) ** 2), [[0, 5]], 14)
 */
export function refineGrid(
  f: (points: readonly number[][]) => Float64Array,
  box: Box,
  rounds: number,
): { readonly point: number[]; readonly value: number } {
  const n = POINTS[box.length];
  let now: Box = box;
  let best = { point: box.map(([low]) => low), value: Infinity };
  for (let round = 0; round < rounds; round++) {
    const axes = now.map(([low, high]) =>
      Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)),
    );
    const points = axes.reduce<number[][]>(
      (all, axis) => all.flatMap((point) => axis.map((x) => [...point, x])),
      [[]],
    );
    for (const [i, value] of f(points).entries())
      if (value < best.value) best = { point: points[i], value };
    now = now.map(([low, high], d) => {
      const reach = (STEPS * (high - low)) / (n - 1);
      return [
        Math.max(box[d][0], best.point[d] - reach),
        Math.min(box[d][1], best.point[d] + reach),
      ] as const;
    });
  }
  return best;
}
