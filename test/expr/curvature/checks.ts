/** Whether functions are what was said of them: checks at drawn points. */
import { itemAt } from "../../../src/base/known.ts";
import type { MixtureBox } from "../../../src/expr/curvature/affine.ts";

/** A uniform number in 0 … 1. */
export type Draw = () => number;

/** xorshift32: these draws need no more. */
export function drawsOf(seed: number): Draw {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export const between = (draw: Draw, low: number, high: number): number =>
  low + (high - low) * draw();

/**
 * A mixture of k domains: most often inside, sometimes near the edges of the simplex, or at them
 * where `edges`.
 */
export function drawShares(draw: Draw, k: number, edges: boolean): Float64Array {
  const concentration = 10 ** between(draw, -1, 1);
  const h = Float64Array.from({ length: k }, () => draw() ** (1 / concentration) + 1e-9);
  if (edges) for (let i = 0; i < k; i++) if (draw() < 0.2) h[i] = 0;
  if (h.every((x) => x === 0)) h[0] = 1;
  const sum = h.reduce((a, b) => a + b, 0);
  return h.map((x) => x / sum);
}

/** A mixture of a box, from one that is in it. */
export function drawInBox(draw: Draw, { low, high }: MixtureBox): Float64Array {
  const k = low.length;
  for (let attempt = 0; attempt < 1000; attempt++) {
    const rest = 1 - low.reduce((a, b) => a + b, 0);
    const h = drawShares(draw, k, false).map((x, i) => itemAt(low, i) + rest * x);
    if (h.every((x, i) => x <= itemAt(high, i))) return h;
  }
  throw new Error("no mixture of the box was drawn");
}

/**
 * By how much f at the middle of a chord is above (positive) or below the chord, over their size.
 */
export function bulge(
  f: (h: Float64Array) => number,
  a: Float64Array,
  b: Float64Array,
  at = 0.5,
): number {
  const middle = a.map((x, i) => (1 - at) * x + at * itemAt(b, i));
  const [left, right, value] = [f(a), f(b), f(middle)];
  const chord = (1 - at) * left + at * right;
  return (value - chord) / Math.max(1e-300, Math.abs(left), Math.abs(right), Math.abs(value));
}
