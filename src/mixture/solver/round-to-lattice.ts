/**
 * Rounding a mixture to multiples of 1/n that sum to exactly 1, without leaving the feasible set
 * and at the least cost in loss.
 */

/** Whole numbers of n-ths summing to n: largest remainders first. */
function largestRemainder(h: Float64Array, n: number): Int32Array {
  const units = Int32Array.from(h, (x) => Math.floor(x * n + 1e-9));
  const order = [...h.keys()].sort((a, b) => h[b] * n - units[b] - (h[a] * n - units[a]) || a - b);
  let rest = n - units.reduce((a, b) => a + b, 0);
  for (let i = 0; rest > 0; i++, rest--) units[order[i % order.length]]++;
  return units;
}

/**
 * Largest remainders, then moves of one unit from one domain to another while that lowers first the
 * violation, then the loss. Returns the numbers of units; undefined when no neighbour is feasible
 * (the lattice is too coarse for the constraints).
 */
export function round(
  h: Float64Array,
  n: number,
  loss: (h: Float64Array) => number,
  violation: (h: Float64Array) => number,
): Int32Array | undefined {
  const k = h.length;
  const units = largestRemainder(h, n);
  const at = (u: Int32Array): Float64Array => Float64Array.from(u, (x) => x / n);
  const rank = (u: Int32Array): { off: number; loss: number } => {
    const point = at(u);
    const off = violation(point);
    return { off: off <= 1e-9 ? 0 : off, loss: loss(point) };
  };
  let now = rank(units);
  for (let moves = 0; moves < 20 * k; moves++) {
    let best: { from: number; to: number; off: number; loss: number } | undefined;
    for (let from = 0; from < k; from++) {
      if (units[from] === 0) continue;
      for (let to = 0; to < k; to++) {
        if (to === from) continue;
        units[from]--;
        units[to]++;
        const next = rank(units);
        units[from]++;
        units[to]--;
        const than = best ?? now;
        if (next.off < than.off || (next.off === than.off && next.loss < than.loss))
          best = { from, to, ...next };
      }
    }
    if (best === undefined) break;
    units[best.from]--;
    units[best.to]++;
    now = best;
  }
  return now.off === 0 ? units : undefined;
}
