/**
 * A law that contains another: what its additional parameters are worth, on rows held out and on
 * the rows that are fitted.
 */
import { lossFunction, lossOf } from "../expr/loss.ts";
import { stream } from "../random/rng.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import { Residuals } from "../solve/residuals.ts";
import type { Clusters } from "./folds.ts";
import { deviancePerRun } from "./information-criteria.ts";
import type { Nested } from "./validation.ts";
import { compare, type HeldRows, type Predicted } from "./scores.ts";

/** What the draws are for; see fit/starts/starts.ts. */
const PURPOSE = 402;
const DRAWS = 999;
/** A slope of which no more than this is left beside the others is no direction of its own. */
const DEPENDENT = 1e-6;

interface Side {
  /**
   * One, but for laws with a form for each target, which neither contain a law nor are contained in
   * one.
   */
  readonly searches: readonly SearchedLaw[];
  readonly predicted: readonly Predicted[];
}

interface Comparing {
  /** All the laws that were searched, by name, those contained in others too. */
  readonly known: ReadonlyMap<string, SearchedLaw>;
  /** What was held out. */
  readonly rows: HeldRows;
  /** Of the rows fitted. */
  readonly clusters: Clusters;
  readonly level: number;
  readonly seed: number;
}

/** For each law that contains another of them, directly or through others. */
export function nestedGains(sides: readonly Side[], comparing: Comparing): Nested[] {
  const single = sides.flatMap(({ searches: [searched, ...more], predicted }) =>
    more.length === 0 ? [{ searched, predicted }] : [],
  );
  return single.flatMap((larger) =>
    single.flatMap((smaller): Nested[] => {
      if (larger === smaller) return [];
      const points = smaller.searched.best.map(
        (fit) => fit && lift(larger.searched, smaller.searched, fit.theta, comparing.known),
      );
      return points.every((point) => point === undefined)
        ? []
        : [gainOf(larger, smaller, points, comparing)];
    }),
  );
}

/** One law's search and predictions. */
interface Single {
  readonly searched: SearchedLaw;
  readonly predicted: readonly Predicted[];
}

/** @param points the smaller law's fits in the larger one's coordinates, by target */
function gainOf(
  larger: Single,
  smaller: Single,
  points: readonly (Float64Array | undefined)[],
  comparing: Comparing,
): Nested {
  const { rows, level, seed } = comparing;
  const { difference, interval, p } = compare(
    smaller.predicted,
    larger.predicted,
    rows,
    level,
    seed,
  );
  return {
    smaller: smaller.searched.law.law.name,
    larger: larger.searched.law.law.name,
    gain: difference,
    interval,
    p,
    fitted: gainOnFitted(smaller.searched, larger.searched, points, comparing),
  };
}

/** θ of a smaller law in a larger one's coordinates; undefined where that does not contain it. */
function lift(
  larger: SearchedLaw,
  smaller: SearchedLaw,
  theta: Float64Array,
  known: Comparing["known"],
): Float64Array | undefined {
  for (const [name, embed] of Object.entries(larger.law.law.contains)) {
    const inner = name === smaller.law.law.name ? smaller : known.get(name);
    const point =
      inner === undefined || inner === smaller ? theta : lift(inner, smaller, theta, known);
    if (inner !== undefined && point !== undefined)
      return larger.law.vector(embed(inner.law.valuesAt(point)));
  }
  return undefined;
}

/**
 * Whether the fitted rows ask for more than the smaller law. The likelihood ratio alone would take
 * rows as independent; its p is that of the score test at the smaller law's fit, with the scores of
 * whole clusters flipped at random (Kline & Santos 2012, "A score based approach to wild bootstrap
 * inference"). It takes clusters as independent and their errors as symmetric, and the larger law
 * as linear near the smaller one; nothing is refitted. Targets count alike and are flipped
 * together, as their errors go together.
 */
function gainOnFitted(
  smaller: SearchedLaw,
  larger: SearchedLaw,
  points: readonly (Float64Array | undefined)[],
  { clusters, seed }: Comparing,
): Nested["fitted"] {
  let [ratio, parameters] = [0, 0];
  const scores: Float64Array[][] = [];
  for (const [t, point] of points.entries()) {
    const [a, b] = [smaller.best[t], larger.best[t]];
    if (point === undefined || a === undefined || b === undefined) continue;
    const { losses, packed } = larger.problem;
    const loss = losses[t];
    const rows = packed.weights[t].filter((w) => w > 0).length;
    ratio += rows * (deviancePerRun(a.objective, loss) - deviancePerRun(b.objective, loss));
    parameters += larger.law.size - smaller.law.size;
    scores.push(clusterScores([smaller, a.theta], [larger, point], t, clusters));
  }
  const statistic = (sign: (cluster: number) => number): number =>
    scores.reduce((total, byCluster) => {
      const sums = new Float64Array(byCluster[0].length);
      for (const [c, score] of byCluster.entries())
        for (const [j, x] of score.entries()) sums[j] += sign(c) * x;
      return total + sums.reduce((sum, x) => sum + x * x, 0);
    }, 0);
  const draws = stream(seed, PURPOSE);
  const observed = statistic(() => 1);
  let above = 0;
  for (let n = 0; n < DRAWS; n++)
    if (statistic((c) => (draws.word(n, c) >>> 31 === 1 ? 1 : -1)) >= observed) above++;
  return {
    likelihoodRatio: Number.isFinite(ratio) ? ratio : null,
    parameters,
    p: (1 + above) / (1 + DRAWS),
    clusters: clusters.blocks,
  };
}

/**
 * Of each cluster, the sums of its runs' scores ψ(r) along an orthonormal basis of what the larger
 * law can do and the smaller cannot, to first order; in units in which all ψ together have length
 * 1.
 */
function clusterScores(
  smaller: readonly [SearchedLaw, Float64Array],
  larger: readonly [SearchedLaw, Float64Array],
  target: number,
  { blocks, blockOf }: Clusters,
): Float64Array[] {
  const [inner, outer] = [slopes(...smaller, target), slopes(...larger, target)];
  const length = Math.hypot(...outer.psi);
  const sums = Array.from({ length: blocks }, (): number[] => []);
  for (const direction of beyond(inner.columns, outer.columns)) {
    for (const sum of sums) sum.push(0);
    for (const [row, psi] of outer.psi.entries()) {
      const sum = sums[blockOf[row]];
      if (psi !== 0) sum[sum.length - 1] += (psi / length) * direction[row];
    }
  }
  return sums.map((sum) => Float64Array.from(sum));
}

/** ψ(r)·√w and √w·∂r/∂θ at a point, a number a row of the run set; 0 where the target has none. */
function slopes(
  { problem }: SearchedLaw,
  theta: Float64Array,
  target: number,
): { psi: Float64Array; columns: Float64Array[] } {
  const { program, packed, losses } = problem;
  const loss = losses[target];
  const slope = lossFunction(lossOf(loss.name).psi);
  const weight = packed.weights[target];
  const residuals = new Residuals(program, packed, target);
  residuals.evaluate(theta);
  const { r, J, size } = residuals;
  const psi = new Float64Array(packed.order.length);
  const columns = Array.from({ length: size }, () => new Float64Array(packed.order.length));
  let i = 0;
  for (const [at, row] of packed.order.entries()) {
    if (weight[at] === 0) continue;
    const root = Math.sqrt(weight[at]);
    psi[row] = root * slope(r[i] / root, loss.delta);
    for (const [j, column] of columns.entries()) column[row] = J[i * size + j];
    i++;
  }
  return { psi, columns };
}

/**
 * An orthonormal basis of the part of the span of `outer` that is orthogonal to `inner`, by Gram
 * and Schmidt, each column twice.
 */
function beyond(inner: readonly Float64Array[], outer: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  let known = 0;
  for (const [n, column] of [...inner, ...outer].entries()) {
    const left = column.slice();
    for (const q of [...basis, ...basis]) {
      const along = q.reduce((sum, x, i) => sum + x * left[i], 0);
      for (const [i, x] of q.entries()) left[i] -= along * x;
    }
    const [before, after] = [column, left].map((values) =>
      Math.sqrt(values.reduce((sum, x) => sum + x * x, 0)),
    );
    if (after > DEPENDENT * before) basis.push(left.map((x) => x / after));
    if (n < inner.length) known = basis.length;
  }
  return basis.slice(known);
}
