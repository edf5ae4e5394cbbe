/**
 * Rounding a mixture to multiples of 1/n that sum to exactly 1, without leaving the feasible set
 * and at the least cost in loss.
 */

/** A mixture may violate constraints by this much, which is rounding. */
const SLACK = 1e-9;
/** Moves of one unit, a domain, before the search gives up; and one for each of the units. */
const MOVES = 20;

/** Whole numbers of n-ths that sum to n: rounded down, and the rest to the largest remainders. */
function largestRemainders(h: Float64Array, n: number): Int32Array {
  const units = Int32Array.from(h, (x) => Math.floor(x * n + 1e-9));
  const order = [...h.keys()].sort((a, b) => h[b] * n - units[b] - (h[a] * n - units[a]) || a - b);
  let rest = n - units.reduce((a, b) => a + b, 0);
  for (let i = 0; rest > 0; i++, rest--) units[order[i % order.length]]++;
  return units;
}

/** How good a rounded mixture is: first by its violation, then by its loss. */
interface Rank {
  readonly violation: number;
  readonly loss: number;
}

const isBetter = (a: Rank, b: Rank): boolean =>
  a.violation < b.violation || (a.violation === b.violation && a.loss < b.loss);

/**
 * The numbers of units by domain: largest remainders, then moves of one unit from one domain to
 * another while that lowers first the violation, then the loss. Undefined when no neighbour is
 * feasible: the lattice is too coarse for the constraints.
 * @param violation of the constraints by a mixture
 * @example roundToLattice(Float64Array.of(0.34, 0.66), 10, loss, () => 0) // 3, 7
 */
export function roundToLattice(
  h: Float64Array,
  n: number,
  loss: (h: Float64Array) => number,
  violation: (h: Float64Array) => number,
): Int32Array | undefined {
  const k = h.length;
  const units = largestRemainders(h, n);
  const rank = (): Rank => {
    const point = Float64Array.from(units, (x) => x / n);
    const off = violation(point);
    return { violation: off <= SLACK ? 0 : off, loss: loss(point) };
  };
  const move = (from: number, to: number): void => {
    units[from]--;
    units[to]++;
  };
  let now = rank();
  for (let moves = 0; moves < MOVES * k + n; moves++) {
    let best: { from: number; to: number; rank: Rank } | undefined;
    for (let from = 0; from < k; from++) {
      if (units[from] === 0) continue;
      for (let to = 0; to < k; to++) {
        if (to === from) continue;
        move(from, to);
        const next = rank();
        move(to, from);
        if (isBetter(next, best?.rank ?? now)) best = { from, to, rank: next };
      }
    }
    if (best === undefined) break;
    move(best.from, best.to);
    now = best.rank;
  }
  return now.violation === 0 ? units : undefined;
}
