/** What the view of observed against predicted losses shows. */
import { itemAt } from "../../../base/known.ts";
import type { Runs } from "../../../data/runs/run-set.ts";
import { ladderOf } from "../../../fit/backtest/ladder.ts";
import { RESIDUAL_UNITS } from "../../../fit/backtest/residual-units.ts";
import type { ResidualKind } from "../../../options/fit-options.ts";
import { stream } from "../../../random/rng.ts";
import { mean } from "../../../stats/moments.ts";
import type { Lacking } from "../../../views/kit/view.ts";
import type {
  BacktestPoint,
  ObservedPredictedData,
  ObservedRows,
} from "../../../views/quality/observed-predicted.ts";
import {
  fewFits,
  type FittedRows,
  fittedRows,
  withoutRows,
  type PredictedSet,
} from "./fitted-rows.ts";
import type { Material } from "../material.ts";

/** Panels and marks that can be told apart, and that a file can carry. */
const MOST = { targets: 12, train: 300, test: 200 } as const;
/** Which rows are drawn is a random draw of its own. */
const PURPOSE = 601;

export function observedPredictedFacts(material: Material): ObservedPredictedData | Lacking {
  const { file, rows } = material;
  if (rows === undefined) return withoutRows(file);
  const all = fittedRows(material, rows);
  const shown = fewFits(all.map(({ fit }) => fit), MOST.targets); // prettier-ignore
  const fitted = all.filter(({ fit }) => shown.includes(fit));
  const tests = fitted.flatMap(({ test }) => test ?? []);
  return {
    targets: fitted.map((each) => ({
      target: each.fit.target,
      law: each.fit.law,
      trainPercent: each.fit.train.mrePercent,
      testPercent: each.fit.test?.mrePercent ?? null,
      backtests: backtestPoints(each, rows, file.settings.residual),
    })),
    allTargets: all.length,
    train: sampleOf(fitted.map(({ train }) => train), MOST.train), // prettier-ignore
    test: tests.length === 0 ? null : sampleOf(tests, MOST.test),
  };
}

/** At most so many rows of a set, drawn at random, in the order of the table. */
function sampleOf(sets: readonly PredictedSet[], most: number): ObservedRows {
  const { set } = itemAt(sets, 0);
  const draws = stream(1, PURPOSE);
  const chosen = Array.from({ length: set.rows }, (_, row) => ({ row, order: draws.word(row, 0) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, most)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
  const at = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(chosen, (row) => itemAt(values, row));
  const { params } = set.inputs;
  return {
    all: set.rows,
    rowNumbers: at(set.rowNumbers),
    params: params === undefined ? null : at(params),
    observed: sets.map(({ observed }) => at(observed)),
    predicted: sets.map(({ predicted }) => at(predicted)),
  };
}

/**
 * Back-tests as points: the mean observed loss of the runs that a refit predicted, and that mean
 * with the refit's mean error. Single predictions of refits are not in the file.
 */
function backtestPoints(
  { fit, law, train }: FittedRows,
  { train: set }: Runs,
  residual: ResidualKind,
): BacktestPoint[] {
  const ladder = fit.backtests && ladderOf(law.law.uses, set);
  if (fit.backtests === undefined || ladder === undefined) return [];
  const { above } = RESIDUAL_UNITS[residual];
  return fit.backtests.list.flatMap(({ predicted: level, error, scatter }) => {
    const place = ladder.levels.indexOf(level);
    const losses = train.observed.filter(
      (loss, row) => ladder.levelOf[row] === place && !Number.isNaN(loss),
    );
    if (losses.length === 0) return [];
    const observed = mean(losses);
    const at = (deviation: number): number => above(observed, error + deviation);
    return [{ observed, predicted: at(0), spread: [at(-scatter), at(scatter)] as const }];
  });
}
