/** The candidates of optima as a table: what is written beside the mixture. */
import { entryOf } from "../../../base/known.ts";
import type { RowTable } from "../../../data/write/row-table.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";

/** A row a candidate, in the order of each optimum; empty cells without a bootstrap. */
export function candidateRows(optima: readonly Optimum[]): RowTable {
  const targets = Object.keys(optima[0]?.predicted ?? {});
  const domains = Object.keys(optima[0]?.weights ?? {});
  const fields = [
    "n_params",
    "n_tokens",
    "name",
    "objective",
    "objective_low",
    "objective_high",
    "chance_best",
    "mean_rank",
    "breaks",
    ...targets.map((target) => `pred_${target}`),
    ...domains.map((domain) => `h_${domain}`),
  ];
  const rows = optima.flatMap(({ at, candidates = [] }) =>
    candidates.map(({ name, objective, interval, chanceBest, meanRank, violated, ...mixture }) => [
      at.params,
      at.tokens,
      name,
      objective,
      interval?.[0] ?? null,
      interval?.[1] ?? null,
      chanceBest,
      meanRank,
      violated.map(({ constraint }) => constraint).join("; "),
      ...targets.map((target) => entryOf(mixture.predicted, target)),
      ...domains.map((domain) => entryOf(mixture.weights, domain)),
    ]),
  );
  return { fields, rows };
}
