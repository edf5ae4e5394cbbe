/** A validation as CSV. */
import { csvText } from "../../data/write/csv-text.ts";
import type { Validation } from "../../validate/validation.ts";

/** law, target, rows and scores, a line each. */
export const validationCsv = ({ laws }: Validation): string =>
  csvText(
    ["law", "target", "rows", "mre_percent", "rmse", "r2", "spearman", "regret"],
    laws.flatMap(({ law, targets }) =>
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
  );

/** law, mixtures, median and quartiles of the error, a line each. */
export const curveCsv = ({ curve: points }: Validation): string =>
  csvText(
    ["law", "mixtures", "mre_percent", "quartile_low", "quartile_high"],
    (points ?? []).flatMap(({ mixtures, laws }) =>
      Object.entries(laws).flatMap(([law, point]) =>
        point === null ? [] : [[law, mixtures, point.mrePercent, ...point.quartiles]],
      ),
    ),
  );
