/** What the view of the laws' errors shows. */
import { ownOf } from "../../../base/known.ts";
import type { Fit } from "../../../fit/result/fit-file.ts";
import type { LawErrors, LawErrorsData } from "../../../views/laws/law-errors.ts";
import type { Material } from "../material.ts";

export function lawErrorsFacts({ file }: Material): LawErrorsData {
  const laws = [...new Set(file.fits.map(({ law }) => law))];
  return {
    chosen: file.chosen?.law ?? null,
    alike: file.chosen?.alike ?? [],
    by: file.chosen?.by ?? null,
    errors: file.fits.flatMap(errorsOf),
    chosenErrors: laws.flatMap((law) => {
      const error = ownOf(file.chosen?.errors, law);
      return error === undefined ? [] : [{ law, percent: 100 * error }];
    }),
  };
}

/** The errors of one fit, in percent of the losses. */
function errorsOf({ law, target, train, test, backtests }: Fit): LawErrors[] {
  const some = [
    { of: "train" as const, percent: train.mrePercent },
    { of: "test" as const, percent: test?.mrePercent ?? null },
    { of: "backtest" as const, percent: backtests === undefined ? null : backtestError(backtests) },
  ];
  return some.flatMap(({ of, percent }) =>
    percent === null ? [] : [{ law, target, of, percent }],
  );
}

/** The root of the mean square of the mean errors at larger runs, as a share of the losses. */
function backtestError({ list, scale }: NonNullable<Fit["backtests"]>): number | null {
  if (list.length === 0) return null;
  const squares = list.reduce((sum, { error }) => sum + (error / scale) ** 2, 0);
  return 100 * Math.sqrt(squares / list.length);
}
