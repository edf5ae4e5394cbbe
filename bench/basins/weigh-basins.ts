/** Weights of the basins of one fit in their average. */
import { itemAt } from "../../src/base/known.ts";
import { sharesInHull } from "../../src/convex/nearest-in-hull.ts";
import { mean } from "../../src/stats/moments.ts";
import type { FoundBasin, HeldOut } from "./find-basins.ts";

/** How basins may be weighed; "best" is the best alone. */
export const WEIGHINGS = ["best", "equal", "likelihood", "folds", "back-tests"] as const;
export type Weighing = (typeof WEIGHINGS)[number];

/** Rounds of expectation and maximization. */
const ROUNDS = 500;

/**
 * The weights by each rule. likelihood: (objective/best)^(−n/2), n the blocks of runs. folds: those
 * of the best log score of rows held out, each basin's errors normal. back-tests: as those of laws
 * are found; the best alone where there are none.
 */
export function weightsOf(
  basins: readonly FoundBasin[],
  heldOut: readonly HeldOut[],
  blocks: number,
): Readonly<Record<Weighing, Float64Array>> {
  const least = itemAt(basins, 0).objective;
  const one = (_: unknown, k: number): number => (k === 0 ? 1 : 0);
  const best = Float64Array.from(basins, one);
  const likely = basins.map(({ objective }) => (objective / least) ** (-blocks / 2));
  const corners = heldOut.map(({ backtests }) => Float64Array.from(backtests.flat()));
  const tests = itemAt(corners, 0).length;
  return {
    best,
    equal: best.map(() => 1 / basins.length),
    likelihood: normed(likely),
    folds: stacked(heldOut.map(({ folds }) => folds)),
    "back-tests": tests === 0 ? best : sharesInHull(new Float64Array(tests), corners),
  };
}

function normed(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => weight / total);
}

/** The weights of the mixture of normal errors with the greatest likelihood. */
function stacked(errors: readonly Float64Array[]): Float64Array {
  const densities = errors.map((own) => {
    const sd = Math.sqrt(mean(own.map((error) => error ** 2)));
    return own.map((error) => Math.exp(-((error / sd) ** 2) / 2) / sd);
  });
  const rows = itemAt(errors, 0).length;
  let weights: Float64Array = Float64Array.from(errors, () => 1 / errors.length);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(errors.length);
    for (let row = 0; row < rows; row++) {
      const parts = densities.map((own, k) => itemAt(weights, k) * itemAt(own, row));
      const total = parts.reduce((sum, part) => sum + part, 0);
      if (total > 0)
        for (const [k, part] of parts.entries()) next[k] = itemAt(next, k) + part / total;
    }
    weights = normed([...next]);
  }
  return weights;
}
