/** The point of a convex hull that is nearest to a given one. */
import { backSubstitute, DEPENDENT, triangularize } from "../solve/qr.ts";

/** Turns, of which each takes in a corner; a hull in k dimensions needs some multiple of k. */
const MOST_TURNS = 10_000;
/** A corner with less of a share than this has none. */
const LEAST = 1e-15;

/**
 * The point of the hull of `corners` that is nearest to `to`, by Wolfe's method (1976, "Finding the
 * nearest point in a polytope"): the nearest point of the plane through some corners, of which
 * those that it does not lie between are left out, and then the corner that lies farthest on the
 * near side is taken in. It is exact after finitely many turns.
 *
 * @example nearestInHull(Float64Array.of(0, 0), [[1, 0], [0, 1]]) // 0.5, 0.5
 */
export function nearestInHull(
  to: Float64Array,
  corners: readonly ArrayLike<number>[],
): Float64Array {
  const { point } = nearestBlend(to, corners);
  return to.map((x, i) => x + point[i]);
}

/**
 * The shares of the corners in the point of their hull that is nearest to `to`; they sum to 1.
 *
 * @example sharesInHull(Float64Array.of(0, 0), [[2, 0], [0, 1]]) // 0.2, 0.8
 */
export function sharesInHull(
  to: Float64Array,
  corners: readonly ArrayLike<number>[],
): Float64Array {
  const { used, shares } = nearestBlend(to, corners);
  const all = new Float64Array(corners.length);
  for (const [n, corner] of used.entries()) all[corner] = shares[n];
  return all;
}

/** The nearest point less `to`, and the shares of the corners that it is a blend of. */
function nearestBlend(
  to: Float64Array,
  corners: readonly ArrayLike<number>[],
): Blend & { readonly point: Float64Array } {
  const k = to.length;
  const rests = corners.map((corner) => to.map((x, i) => corner[i] - x));
  let used = [indexOfLeast(rests.map((rest) => dot(rest, rest)))];
  let shares: Float64Array = Float64Array.of(1);
  let point: Float64Array = Float64Array.from(rests[used[0]]);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const farthest = indexOfLeast(rests.map((rest) => dot(rest, point)));
    // Where no corner lies on the near side of the plane through the point, it is the nearest.
    if (used.includes(farthest) || dot(rests[farthest], point) >= dot(point, point)) break;
    const next = inner([...used, farthest], Float64Array.of(...shares, 0), rests);
    const moved = blend(next.used.map((n) => rests[n]), next.shares, k); // prettier-ignore
    if (dot(moved, moved) >= dot(point, point)) break; // it is known to the last digit
    ({ used, shares } = next);
    point = moved;
  }
  return { used, shares, point };
}

interface Blend {
  readonly used: number[];
  readonly shares: Float64Array;
}

/** Moves to the nearest point of the plane of `used`, and leaves out what it is not between. */
function inner(used: number[], shares: Float64Array, rests: readonly Float64Array[]): Blend {
  for (;;) {
    const wanted = planeShares(used.map((n) => rests[n]));
    if (wanted === undefined) return { used, shares };
    let step = 1;
    for (let n = 0; n < used.length; n++)
      if (wanted[n] <= 0)
        step = shares[n] === 0 ? 0 : Math.min(step, shares[n] / (shares[n] - wanted[n]));
    const moved = shares.map((share, n) => share + step * (wanted[n] - share));
    if (step === 1 && wanted.every((share) => share > 0)) return { used, shares: wanted };
    // The one that the step ends at is left out, with those that rounding has put there.
    const kept = [...used.keys()].filter((n) => moved[n] > LEAST);
    if (kept.length === used.length) return { used, shares: moved };
    used = kept.map((n) => used[n]);
    const sum = kept.reduce((total, n) => total + moved[n], 0);
    shares = Float64Array.from(kept, (n) => moved[n] / sum);
  }
}

/** The shares, of sum 1, with which points make the one nearest to 0 of the plane through them. */
function planeShares(points: readonly Float64Array[]): Float64Array | undefined {
  const [first, ...others] = points;
  const [k, n] = [first.length, others.length];
  if (n > k) return undefined;
  const edges = new Float64Array(k * n);
  const lengths = others.map((other) => Math.sqrt(other.reduce((sum, x, i) => sum + (x - first[i]) ** 2, 0))); // prettier-ignore
  for (let i = 0; i < k; i++)
    for (let j = 0; j < n; j++) edges[i * n + j] = (others[j][i] - first[i]) / lengths[j];
  const wanted = first.map((x) => -x);
  triangularize(edges, k, n, wanted);
  for (let j = 0; j < n; j++) if (!(Math.abs(edges[j * n + j]) > DEPENDENT)) return undefined;
  const along = backSubstitute(edges, n, wanted);
  if (along === undefined) return undefined;
  const shares = Float64Array.of(1, ...along.map((x, j) => x / lengths[j]));
  for (let j = 1; j <= n; j++) shares[0] -= shares[j];
  return shares;
}

function blend(points: readonly Float64Array[], shares: Float64Array, k: number): Float64Array {
  const sum = new Float64Array(k);
  for (const [n, point] of points.entries())
    for (let i = 0; i < k; i++) sum[i] += shares[n] * point[i];
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const indexOfLeast = (values: readonly number[]): number =>
  values.reduce((least, x, n) => (x < values[least] ? n : least), 0);
