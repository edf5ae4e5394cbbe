/** Back-tests of the validated laws, and the error to expect of each at a target scale. */
import { extremesOf } from "../stats/moments.ts";
import { itemAt } from "../base/known.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { distancesFrom } from "../fit/backtest/distance.ts";
import { errorRates } from "../fit/backtest/error-model.ts";
import { halfWidth } from "../fit/backtest/half-width.ts";
import { plannedLadder, runBacktests } from "../fit/backtest/run-backtests.ts";
import type { Backtests } from "../fit/result/backtests.ts";
import { reachOf } from "../fit/result/coverage.ts";
import type { Resources } from "../fit/search/pool.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import type { Law } from "../laws/law.ts";
import type { FitSettings } from "../options/fit-options.ts";

/** A scale at which errors are asked about: absolute counts. */
export interface TargetScale {
  /** N. */
  readonly params?: number | undefined;
  /** D. */
  readonly tokens?: number | undefined;
}

/** A law's back-tests on one target. */
export interface TestedTarget {
  /** Name of the law. */
  readonly law: string;
  /** Name of the loss column. */
  readonly target: string;
  /** Refits to the smaller runs, and their errors at the larger ones. */
  readonly backtests: Backtests;
}

/** The error to expect of a law at the target scale. */
export interface ExpectedError {
  /** Name of the law. */
  readonly law: string;
  /** How far the scale lies beyond the runs, in natural logarithms; 0 inside. */
  readonly distance: number;
  /**
   * Half width of the interval of a new run's error, in percent of the loss, the mean over targets:
   * the law's error by back-tests, and noise. What the runs leave open of parameters comes on top.
   */
  readonly percent: number;
}

/** By target; none where the settings or the runs say so. */
export async function backtestsOf(
  searched: SearchedLaw,
  runs: Runs,
  settings: FitSettings,
  resources: Resources,
  signal: AbortSignal | undefined,
): Promise<readonly (Backtests | undefined)[]> {
  const { sample } = searched;
  const tested = sample?.runs ?? runs;
  const problem = sample?.problem ?? searched.problem;
  const ladder = plannedLadder(searched.law, tested, settings);
  if (ladder === undefined) return [];
  const watch = { signal, tick: (): void => undefined };
  const task = { tested: { ...searched, problem }, ladder, runs: tested, settings };
  return runBacktests(task, searched.best, resources, watch);
}

/**
 * The error to expect of each law: at a scale that is asked for, else as far out as the runs' own
 * test rows go. Undefined where neither says a scale.
 */
export function expectedErrors(
  laws: readonly Law[],
  tested: readonly TestedTarget[],
  { train, test }: Pick<Runs, "train" | "test">,
  at: TargetScale | undefined,
  level: number,
): readonly ExpectedError[] | undefined {
  const points = at === undefined ? test : pointAt(at);
  if (points === undefined) return undefined;
  return laws.flatMap((law): ExpectedError[] => {
    const ofLaw = tested.filter((each) => each.law === law.name).map(({ backtests }) => backtests);
    if (ofLaw.length === 0) return [];
    const distance = extremesOf(distancesFrom(reachOf(train.inputs), law.uses, points))[1];
    const widths = errorRates(ofLaw).map((rate, t) => {
      const { noise, scale } = itemAt(ofLaw, t);
      return halfWidth(noise, distance, rate, level) / scale;
    });
    const percent = (100 * widths.reduce((a, b) => a + b, 0)) / widths.length;
    return [{ law: law.name, distance, percent }];
  });
}

const pointAt = ({ params, tokens }: TargetScale): Pick<Runs["train"], "rows" | "inputs"> => ({
  rows: 1,
  inputs: {
    ...(params === undefined ? {} : { params: Float64Array.of(params) }),
    ...(tokens === undefined ? {} : { tokens: Float64Array.of(tokens) }),
  },
});
