import { describe, expect, test } from "vitest";
import { CATALOG } from "../../../src/laws/catalog/catalog.ts";
import { type Moves, movedValues } from "../../../src/mixture/goal/moved-shares.ts";
import { lossesOf, type Surface } from "../../../src/mixture/goal/surface.ts";
import { stream } from "../../../src/random/rng.ts";
import { AT, drawLosses, drawMixture } from "../fixture.ts";

const K = 60;
const names = [...CATALOG].flatMap(([name, { uses }]) => (uses.weights ? [name] : []));
/** Laws in which every share meets every other one before much is computed. */
const JOINED = ["simple", "joint", "full", "repetition", "joint-epochs"];
/** N, D, and tokens of each domain that few of these mixtures repeat. */
const at = {
  ...AT,
  inputs: Object.fromEntries(
    Array.from({ length: K }, (_, i) => [`u[d${i}]`, 1e9 * (1 + (i % 7))]),
  ),
};

/** A mixture of which a third of the domains have nothing, and one next to nothing. */
function sparse(n: number): Float64Array {
  const h = drawMixture(K, 5, n).map((x, i) => (i % 3 === 1 ? 0 : i === 2 ? 3e-7 : x));
  const sum = h.reduce((a, b) => a + b, 0);
  return h.map((x) => x / sum);
}

/** Moves from some domains to others: of all that there is, of parts, and of next to nothing. */
function movesOf(h: Float64Array): Moves {
  const draws = stream(9, 7003);
  const count = 200;
  const from = Int32Array.from({ length: count }, (_, n) => Math.floor(draws.uniform(n, 0) * 10));
  const to = from.map((i, n) => (i + 1 + Math.floor(draws.uniform(n, 1) * (K - 1))) % K);
  const moved = Float64Array.from(from, (i, n) => [1, 0.5, 0.1, 1e-7][n % 4] * h[i]);
  const left = moved.map((x, n) => h[from[n]] - x);
  return { count, from, left, to, got: moved.map((x, n) => h[to[n]] + x) };
}

function expectSame(surface: Surface, h: Float64Array): void {
  const moves = movesOf(h);
  const moved = movedValues(surface, h, moves);
  if (moved === undefined) throw new Error("these are no cheaper");
  const { from, left, to, got } = moves;
  for (const n of moved.values.keys()) {
    const value = surface.value(h.with(from[n], left[n]).with(to[n], got[n]));
    // A hundredth of what counts as rounding.
    expect(Math.abs(moved.values[n] - value)).toBeLessThanOrEqual(0.01 * moved.rounding);
  }
}

describe("values after moves of two shares", () => {
  test.each(names.filter((name) => !JOINED.includes(name)))(
    "by the law %s are those of the surface",
    (law) => {
      const fits = drawLosses(law, K, 2, 7).map(({ fitted }) => fitted);
      const held = Uint8Array.from({ length: K }, (_, i) => (i === 4 ? 1 : 0));
      for (const weights of [
        [1, 0],
        [0.7, -0.3],
      ]) {
        const surface = lossesOf(fits, at, K).sum(weights);
        for (const each of [surface, surface.holding(held)]) expectSame(each, sparse(1));
      }
    },
  );

  test.each(JOINED)("by the law %s are no cheaper", (law) => {
    const fits = drawLosses(law, K, 1, 7).map(({ fitted }) => fitted);
    const h = sparse(1);
    expect(movedValues(lossesOf(fits, at, K).sum([1]), h, movesOf(h))).toBeUndefined();
  });
});
