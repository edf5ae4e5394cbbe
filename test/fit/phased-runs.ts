/** Simulated runs with two phases, of which the first has three quarters of the tokens. */
import type { Row } from "../../src/data/table/rows.ts";
import { stream } from "../../src/random/rng.ts";

/** Phases of the runs, as a reader takes them. */
export const PHASES = { h0: 0.75, h1: "rest" } as const;

/** Slopes of ln(loss − 1) in the shares of all tokens: of web and code, in each phase. */
export const SLOPES = { h0: [0.9, 0.2], h1: [0.3, 0.8] } as const;

/**
 * Rows with the losses of two log-linear laws: loss_mean of the mean shares, with the slopes of h0,
 * and loss_each of the shares of each phase.
 */
export function phasedRows(count: number, noise = 1e-3): Row[] {
  const draws = stream(11, 77);
  return Array.from({ length: count }, (_, n): Row => {
    const [web0, web1] = [draws.uniform(n, 0), draws.uniform(n, 1)];
    const cells = [0.75 * web0, 0.75 * (1 - web0), 0.25 * web1, 0.25 * (1 - web1)] as const;
    const loss = (slopes: readonly number[], lane: number): number =>
      1 +
      Math.exp(cells.reduce((sum, share, i) => sum + share * (slopes[i] ?? 0), 0)) +
      noise * draws.normal(n, lane);
    return {
      n_tokens: 1e10,
      h0_web: web0,
      h0_code: 1 - web0,
      h1_web: web1,
      h1_code: 1 - web1,
      u_web: 2e10,
      u_code: 5e9,
      loss_mean: loss([...SLOPES.h0, ...SLOPES.h0], 4),
      loss_each: loss([...SLOPES.h0, ...SLOPES.h1], 6),
    };
  });
}
