/** The mixtures of simulated runs. */
import { dirichlet, onGrid, uniformMixture } from "../random/dirichlet.ts";
import { drawsFor } from "./draws.ts";

/**
 * Mixtures to train on: equal shares first, then draws, uniform on the simplex but for a least
 * share of 0.02 (0.2/k for more than 10 domains). Shares are whole multiples of 1e-4, so that a
 * table holds them exactly.
 *
 * @param phase of the runs, from 0: each has mixtures of its own
 * @returns `mixtures` vectors of k shares
 */
export function drawMixtures(
  domains: number,
  mixtures: number,
  seed: number,
  phase = 0,
): Float64Array[] {
  const draws = drawsFor("mixture", seed, phase);
  const least = Math.min(0.02, 0.2 / domains);
  return Array.from({ length: mixtures }, (_, m) => {
    const shares =
      m === 0
        ? uniformMixture(domains)
        : dirichlet(draws, m, 1, domains).map((share) => least + (1 - domains * least) * share);
    return onGrid(shares, 1e4);
  });
}
