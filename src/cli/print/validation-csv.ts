/** A validation as CSV. */
import Papa from "papaparse";
import type { Validation } from "../../validate/validation.ts";

const csv = (rows: readonly object[]): string => `${Papa.unparse([...rows], { newline: "\n" })}\n`;

/** law, target, rows and scores, a line each. */
export const validationCsv = ({ laws }: Validation): string =>
  csv(
    laws.flatMap(({ law, targets }) =>
      Object.entries(targets).map(([target, s]) => ({
        law,
        target,
        rows: s.rows,
        mre_percent: s.mrePercent,
        rmse: s.rmse,
        r2: s.r2,
        spearman: s.spearman,
        regret: s.regret,
      })),
    ),
  );

/** law, mixtures, median and quartiles of the error, a line each. */
export const curveCsv = ({ curve: points }: Validation): string =>
  csv(
    (points ?? []).flatMap(({ mixtures, laws }) =>
      Object.entries(laws).flatMap(([law, point]) =>
        point === null
          ? []
          : [
              {
                law,
                mixtures,
                mre_percent: point.mrePercent,
                quartile_low: point.quartiles[0],
                quartile_high: point.quartiles[1],
              },
            ],
      ),
    ),
  );
