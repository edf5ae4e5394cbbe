/** Laws, and what they have to be better than, ranked by their errors on the rows held out. */
import { itemAt } from "../base/known.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { baselinesOf } from "./baselines.ts";
import type { Folds } from "./folds.ts";
import { scoredSet } from "./held-out.ts";
import type { Judged } from "./judge.ts";
import { asFolds, type LargestSize } from "./largest-size.ts";
import {
  compare,
  heldRows,
  type HeldRows,
  heldScore,
  meanScore,
  type Predicted,
} from "./scores.ts";
import type { BaselineScore, Beyond, HeldScore, LawScore } from "./validation.ts";

/** What is ranked. */
export interface Ranking {
  readonly runs: Runs;
  readonly folds: Folds;
  readonly largest: LargestSize | undefined;
  readonly settings: FitSettings;
  readonly judged: readonly Judged[];
}

/** Predictions of held-out rows with their scores. */
interface Scored<Of> {
  readonly of: Of;
  readonly predicted: readonly Predicted[];
  /** Undefined for a target of which no row was held out. */
  readonly targets: readonly (HeldScore | undefined)[];
  readonly mean: HeldScore;
}

/** Scores of the laws, best first, and of the baselines. */
export interface Ranked {
  readonly laws: readonly LawScore[];
  readonly baselines: readonly BaselineScore[];
}

/** Ranks by the mean relative error, or by the squared where losses are 0. */
export function rank(ranking: Ranking): Ranked {
  const { runs, folds, settings, judged, largest } = ranking;
  const set = scoredSet(runs, folds);
  const rows = heldRows(set, folds, settings.residual);
  const scored = judged
    .map((of) => scoreOf(of, of.predicted, rows, set, runs))
    .toSorted((a, b) => errorOf(a.mean) - errorOf(b.mean));
  const best = itemAt(scored, 0);
  const beyond = largest && beyondScores(ranking, largest, scored);
  const laws = scored.map(({ of, predicted, targets, mean }, place): LawScore => {
    const { law, parameters, aicc, bic, unconverged, unfinished } = of;
    return {
      law: law.name,
      parameters,
      mean,
      behind: place === 0 ? null : behind(predicted, best.predicted, rows, settings),
      aicc,
      bic,
      targets: byName(runs, targets),
      beyond: beyond?.[place] ?? null,
      unconverged,
      unfinished,
    };
  });
  const baselines = baselinesOf(runs, folds, settings.residual).map((of): BaselineScore => {
    const { predicted, targets, mean } = scoreOf(of, of.predicted, rows, set, runs);
    return {
      name: of.name,
      parameters: of.parameters,
      mean,
      behind: behind(predicted, best.predicted, rows, settings),
      targets: byName(runs, targets),
    };
  });
  return { laws, baselines };
}

const errorOf = ({ mrePercent, rmse }: HeldScore): number => mrePercent ?? rmse;

function scoreOf<Of>(
  of: Of,
  predicted: readonly Predicted[],
  { observed, weights, held }: HeldRows,
  set: RunSet,
  { targets: names, domains }: Runs,
): Scored<Of> {
  const targets = names.map((_, t) =>
    heldScore(
      {
        predicted: itemAt(predicted, t),
        observed: itemAt(observed, t),
        weights: itemAt(weights, t),
        held,
      },
      set,
      domains.length,
    ),
  );
  return { of, predicted, targets, mean: meanScore(targets.filter((s) => s !== undefined)) };
}

function behind(
  predicted: readonly Predicted[],
  best: readonly Predicted[],
  rows: HeldRows,
  { level, seed }: FitSettings,
): NonNullable<LawScore["behind"]> {
  const { difference, interval } = compare(predicted, best, rows, level, seed);
  return { difference, interval };
}

/**
 * By law: the error at the largest size of fits to the smaller ones, and how far it is behind the
 * best there; null for a law that could not be fitted to those.
 */
function beyondScores(
  { runs, folds, settings }: Ranking,
  largest: LargestSize,
  scored: readonly Scored<Judged>[],
): (Beyond | null)[] {
  const rows = heldRows(runs.train, asFolds(folds, largest), settings.residual);
  const possible = scored.flatMap(({ of }) => {
    if (of.beyond === null) return [];
    const { mean } = scoreOf(of, of.beyond, rows, runs.train, runs);
    return [{ of, predicted: of.beyond, error: errorOf(mean), mean }];
  });
  const [best] = possible.toSorted((a, b) => a.error - b.error);
  return scored.map(({ of }) => {
    const own = possible.find((other) => other.of === of);
    if (own === undefined || best === undefined) return null;
    return {
      params: largest.params,
      mrePercent: own.mean.mrePercent,
      rmse: own.mean.rmse,
      behind: own === best ? null : behind(own.predicted, best.predicted, rows, settings),
    };
  });
}

const byName = (
  { targets: names }: Runs,
  targets: readonly (HeldScore | undefined)[],
): Readonly<Record<string, HeldScore>> =>
  Object.fromEntries(
    names.flatMap((name, t): [string, HeldScore][] => {
      const score = targets[t];
      return score === undefined ? [] : [[name, score]];
    }),
  );
