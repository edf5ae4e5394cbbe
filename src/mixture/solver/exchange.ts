/**
 * The best mixtures that differ from h in two shares: what a descent, which only sees near h, does
 * not find.
 */
import { type Moves, movedValues } from "../goal/moved-shares.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { partsOf } from "./augmented-lagrangian.ts";
import { meritOf } from "./starts.ts";
import type { Polytope } from "./polytope.ts";

/** Parts of the most that can be moved from one domain to another. */
const PARTS = [1, 0.5, 0.1] as const;
/** Linear constraints may be violated by rounding. */
const SLACK = 1e-12;
/** Of fewer domains the merit of every mixture is computed as it is. */
const MANY = 32;
/** So many moves, and those of one more domain, are looked at together. */
const TOGETHER = 2 ** 15;

/** A mixture by an exchange, and its merit. */
export interface Exchanged {
  readonly h: Float64Array;
  readonly merit: number;
  readonly from: number;
  readonly to: number;
}

/** The least merit first, then in the order of the domains. */
const inOrder = (a: Exchanged, b: Exchanged): number =>
  a.merit - b.merit || a.from - b.from || a.to - b.to;

/** Which exchanges are looked for. */
export interface Exchanges {
  readonly h: Float64Array;
  /** The mixtures are of less merit than this. */
  readonly than: number;
  /** So many of them at most, the best. */
  readonly most: number;
  /** What is left to others comes from these domains: the first of them, and the first after. */
  readonly from: readonly [number, number];
}

/** Of the best mixtures of several searches the best `most`. */
export const bestExchanges = (found: readonly Exchanged[], most: number): Float64Array[] =>
  found.toSorted(inOrder).slice(0, most).map(({ h }) => h); // prettier-ignore

/** The best mixtures, each by one exchange between two domains, the best first. */
export function exchanges(
  problem: Problem,
  polytope: Polytope,
  { h, than, most, from: [first, after] }: Exchanges,
): Exchanged[] {
  const merit = meritOf(problem);
  let best: Exchanged[] = [];
  let moves = new MovesFrom(h, polytope);
  const look = (): void => {
    const { from, left, to, got } = moves;
    const bounds = boundsOf(problem, h, moves);
    const limit = (): number => (best.length < most ? than : best[most - 1].merit);
    for (const n of belowInOrder(bounds, limit())) {
      // The merit is at least its bound, and what comes now has no lower one.
      if (bounds[n] > limit()) break;
      const moved = h.slice();
      moved[from[n]] = left[n];
      moved[to[n]] = got[n];
      const value = merit(moved);
      if (!(value < than) || polytope.violation(moved) > SLACK) continue;
      const found = { h: moved, merit: value, from: from[n], to: to[n] };
      best = [...best, found].toSorted(inOrder).slice(0, most);
    }
    moves = new MovesFrom(h, polytope);
  };
  for (let from = first; from < after; from++) {
    moves.add(from);
    if (moves.count >= TOGETHER) look();
  }
  look();
  return best;
}

/** What can be moved from some domains to each other one. */
class MovesFrom implements Moves {
  readonly from: Int32Array;
  readonly left: Float64Array;
  readonly to: Int32Array;
  readonly got: Float64Array;
  count = 0;

  constructor(
    readonly h: Float64Array,
    readonly set: Polytope,
  ) {
    const each = h.length * PARTS.length;
    const most = Math.min(h.length * each, TOGETHER + each);
    [this.from, this.to] = [new Int32Array(most), new Int32Array(most)];
    [this.left, this.got] = [new Float64Array(most), new Float64Array(most)];
  }

  add(from: number): void {
    const {
      h,
      set: { lower, upper },
    } = this;
    const room = h[from] - lower[from];
    for (const part of PARTS)
      for (let to = 0; to < h.length; to++) {
        const most = Math.min(room, upper[to] - h[to]);
        if (from === to || !(most > 0)) continue;
        const left = part === 1 && most === room ? lower[from] : h[from] - part * most;
        this.from[this.count] = from;
        this.left[this.count] = left;
        this.to[this.count] = to;
        this.got[this.count++] = h[to] + (h[from] - left);
      }
  }
}

/** The places of numbers up to a limit, the least first. */
const belowInOrder = (x: Float64Array, limit: number): Int32Array =>
  Int32Array.from([...x.keys()].filter((n) => x[n] <= limit)).sort((a, b) => x[a] - x[b] || a - b);

/**
 * What the merit after each move is not below. It is at least the goal, which is known to some
 * digits for all moves together. −∞ where nothing is known.
 */
function boundsOf({ goal }: Problem, h: Float64Array, moves: Moves): Float64Array {
  const bounds = new Float64Array(moves.count).fill(-Infinity);
  if (h.length < MANY || moves.count === 0) return bounds;
  for (const part of partsOf(goal)) {
    const moved = movedValues(part, h, moves);
    if (moved === undefined) continue;
    const { values, rounding } = moved;
    for (let n = 0; n < bounds.length; n++)
      if (values[n] - rounding > bounds[n]) bounds[n] = values[n] - rounding;
  }
  return bounds;
}
