/** What each row weighs in the objective. */
import { itemAt } from "../../base/known.ts";
import type { RunSet } from "./run-set.ts";
import type { Objective } from "../../laws/objective.ts";

/**
 * Weights of the rows by target, from their own weights and the losses' standard deviations: w/σ²,
 * σ that of the residual (for logarithms and relative residuals σ/loss). Scaled to a mean of 1 over
 * the rows with a loss, and 0 where it is missing; undefined where all rows count alike.
 */
export function rowWeights(
  {
    rows,
    losses,
    sigmas,
    rowWeights: own,
  }: Pick<RunSet, "rows" | "losses" | "sigmas" | "rowWeights">,
  residual: Objective["residual"],
): Float64Array[] | undefined {
  if (sigmas === undefined && own === undefined) return undefined;
  return losses.map((y, t) => {
    const raw = Float64Array.from({ length: rows }, (_, row) => {
      const loss = itemAt(y, row);
      if (Number.isNaN(loss)) return 0;
      const sigma =
        (sigmas?.[t]?.[row] ?? 1) / (residual === "raw" || sigmas === undefined ? 1 : loss);
      return (own?.[row] ?? 1) / sigma ** 2;
    });
    const present = y.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((w) => (w * present) / total);
  });
}
