/**
 * How the best N grows with training compute by the runs alone, without a law: the isoFLOP
 * parabolas of Hoffmann et al. 2022 (arXiv 2203.15556, approach 2).
 *
 * Runs of about the same compute and otherwise alike (same mixture, same other inputs) are a group.
 * In each group the loss is fitted by a parabola in ln N; its minimum is the best N there. The
 * exponent a is the slope of ln N* over ln C, with a constant of its own for each kind of run.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import { itemAt } from "../../base/known.ts";
import { equalRows } from "../../stats/equal-rows.ts";
import { studentQuantile } from "../../stats/f-distribution.ts";
import { mean } from "../../stats/moments.ts";
import type { IsoflopEstimate } from "../request/exponents.ts";
import { leastSquares } from "./least-squares.ts";

/** A run: its size, its compute, its loss. */
interface Run {
  readonly lnN: number;
  readonly lnC: number;
  readonly loss: number;
}

/** The minimum of a group's parabola. */
interface Minimum {
  readonly lnN: number;
  readonly lnC: number;
}

/** Computes of one group lie within this factor. */
const WIDTH = Math.log(1.25);
/** Fewer sizes do not show a parabola. */
const SIZES = 5;
/** From so many rows on, a slope in ln C takes off that computes in a group differ a little. */
const SLOPE_FROM = 7;
/** The sizes of a group span this factor at least. */
const SPAN = Math.log(2);
/** Sizes nearer than this are one. */
const SAME_SIZE = 0.01;
/** Fewer minima make no line with an error. */
const GROUPS = 3;
/** The minima span this factor of compute at least. */
const COMPUTES = Math.log(4);

/**
 * Undefined where the runs do not form isoFLOP groups: fewer than three groups of five sizes or
 * more with a minimum inside, over less than a factor of four in compute.
 *
 * @param losses one a row, NaN where it is missing
 * @param active the share of the parameters that compute, by row; default 1
 * @param level such as 0.95
 */
export function isoflopEstimate(
  runs: Pick<RunSet, "rows" | "inputs" | "weights">,
  losses: Float64Array,
  level: number,
  active: (row: number) => number = () => 1,
): IsoflopEstimate | undefined {
  const kinds = kindsOf(runs, losses, active).map((kind) => {
    const groups = isoflopGroups(kind);
    const minima = groups.flatMap((group) => {
      const minimum = minimumOf(group);
      return minimum === undefined ? [] : [{ ...minimum, rows: group.length }];
    });
    return { minima, withoutMinimum: groups.length - minima.length };
  });
  const withMinima = kinds.map(({ minima }) => minima).filter(({ length }) => length > 0);
  const all = withMinima.flat();
  const computes = all.map(({ lnC }) => lnC);
  if (all.length < GROUPS || Math.max(...computes) - Math.min(...computes) < COMPUTES)
    return undefined;
  const line = leastSquares(
    [
      computes,
      ...withMinima.map((_, k) =>
        withMinima.flatMap((minima, j) => minima.map(() => Number(j === k))),
      ),
    ],
    all.map(({ lnN }) => lnN),
  );
  const degreesOfFreedom = all.length - withMinima.length - 1;
  if (line === undefined || degreesOfFreedom < 1) return undefined;
  const a = line.coefficients[0];
  const error = Math.sqrt((line.residual / degreesOfFreedom) * line.inverse[0][0]);
  const half = studentQuantile((1 + level) / 2, degreesOfFreedom) * error;
  return {
    params: a,
    tokens: 1 - a,
    interval: { params: [a - half, a + half], tokens: [1 - a - half, 1 - a + half] },
    groups: all.length,
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    withoutMinimum: kinds.reduce((sum, kind) => sum + kind.withoutMinimum, 0),
  };
}

/** The runs by kind: equal but for N and D. Those without a loss are left out. */
function kindsOf(
  { rows, inputs, weights }: Pick<RunSet, "rows" | "inputs" | "weights">,
  losses: Float64Array,
  active: (row: number) => number,
): Run[][] {
  const { params, tokens, ...others } = inputs;
  if (params === undefined || tokens === undefined || rows === 0) return [];
  const { count, groupOf } = equalRows(rows, [
    ...Object.values(others).map((values) => ({ values, width: 1 })),
    { values: weights, width: weights.length / rows },
  ]);
  const kinds = Array.from({ length: count }, (): Run[] => []);
  for (let row = 0; row < rows; row++) {
    const loss = itemAt(losses, row);
    if (!Number.isFinite(loss)) continue;
    const [n, d] = [itemAt(params, row), itemAt(tokens, row)];
    itemAt(kinds, itemAt(groupOf, row)).push({
      lnN: Math.log(n),
      lnC: Math.log(6 * n * active(row) * d),
      loss,
    });
  }
  return kinds;
}

/** Greedily: the window of compute with most sizes, then of the rest, and so on. */
function isoflopGroups(runs: readonly Run[]): Run[][] {
  const groups: Run[][] = [];
  let left = runs.toSorted((a, b) => a.lnC - b.lnC);
  for (;;) {
    let best: readonly Run[] = [];
    let most = SIZES - 1;
    for (const [from, { lnC }] of left.entries()) {
      let to = from;
      while (to < left.length && left[to].lnC <= lnC + WIDTH) to++;
      if (to - from <= most) continue;
      const window = left.slice(from, to);
      const sizes = sizesOf(window);
      if (sizes > most) [best, most] = [window, sizes];
    }
    if (best.length === 0) return groups;
    const taken = new Set(best);
    left = left.filter((run) => !taken.has(run));
    if (spanOf(best) >= SPAN) groups.push([...best]);
  }
}

const spanOf = (runs: readonly Run[]): number => {
  const sizes = runs.map(({ lnN }) => lnN);
  return Math.max(...sizes) - Math.min(...sizes);
};

function sizesOf(runs: readonly Run[]): number {
  const sizes = runs.map(({ lnN }) => lnN).toSorted((a, b) => a - b);
  return sizes.filter((size, i) => i === 0 || size - sizes[i - 1] > SAME_SIZE).length;
}

/** The minimum of the group's parabola; undefined where it has none inside its sizes. */
function minimumOf(group: readonly Run[]): Minimum | undefined {
  const [n0, c0] = [mean(group.map(({ lnN }) => lnN)), mean(group.map(({ lnC }) => lnC))];
  const x = group.map(({ lnN }) => lnN - n0);
  const columns = [x.map(() => 1), x, x.map((value) => value * value)];
  const compute = group.map(({ lnC }) => lnC - c0);
  const y = group.map(({ loss }) => loss);
  const parabola =
    (group.length >= SLOPE_FROM ? leastSquares([...columns, compute], y) : undefined) ??
    leastSquares(columns, y);
  if (parabola === undefined) return undefined;
  const [, slope, curvature] = parabola.coefficients;
  const least = -slope / (2 * curvature);
  if (!(curvature > 0) || least < Math.min(...x) || least > Math.max(...x)) return undefined;
  return { lnN: n0 + least, lnC: c0 };
}
