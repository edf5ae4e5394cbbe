/** A validation as tables. */
import type { RowTable } from "../../data/write/row-table.ts";
import type { Validation } from "../../validate/validation.ts";

/** law, target, rows and scores, a line each. */
export const scoresTable = ({ laws }: Validation): RowTable => ({
  fields: ["law", "target", "rows", "mre_percent", "rmse", "r2", "spearman", "regret"],
  rows: laws.flatMap(({ law, targets }) =>
    Object.entries(targets).map(([target, s]) => [
      law,
      target,
      s.rows,
      s.mrePercent,
      s.rmse,
      s.r2,
      s.spearman,
      s.regret,
    ]),
  ),
});

/** law, mixtures, median and quartiles of the error, a line each. */
export const curveTable = ({ curve: points }: Validation): RowTable => ({
  fields: ["law", "mixtures", "mre_percent", "quartile_low", "quartile_high"],
  rows: (points ?? []).flatMap(({ mixtures, laws }) =>
    Object.entries(laws).flatMap(([law, point]) =>
      point === null ? [] : [[law, mixtures, point.mrePercent, ...point.quartiles]],
    ),
  ),
});
