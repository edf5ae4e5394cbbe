/**
 * The optima of a fit's objective that explain the runs nearly as well as the best one, and what
 * each predicts where runs are held out of it.
 */
import { itemAt } from "../../src/base/known.ts";
import { errorBlocks } from "../../src/data/runs/shared-errors.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { isLeastSquares } from "../../src/expr/loss.ts";
import { restore } from "../../src/fit/predict.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { prefixSamples } from "../../src/fit/backtest/ladder.ts";
import { ladderFor } from "../../src/fit/backtest/run-backtests.ts";
import { RESIDUAL_UNITS } from "../../src/fit/backtest/residual-units.ts";
import { type Pool } from "../../src/fit/search/pool.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import type { Problem, Start } from "../../src/fit/search/problem.ts";
import { lossScale } from "../../src/fit/starts/loss-scale.ts";
import { startSource } from "../../src/fit/starts/start-source.ts";
import type { LossScale } from "../../src/laws/parameters/parameter-spec.ts";
import type { BoundLaw } from "../../src/laws/bind.ts";
import type { Fit, FitFile } from "../../src/node.ts";
import type { Samples } from "../../src/random/resampling.ts";
import { mean } from "../../src/stats/moments.ts";

/** Random starts and hops that look for basins. */
const STARTS = { random: 64, hops: 32 } as const;
/** The most that −2 ln of the likelihood, counted by blocks of runs, is above that of the best. */
const NEAR = 12;
/** No basin is looked at whose objective is above the best by more than this share. */
const MOST_ABOVE = 0.25;
/** Points that predict alike, in standard deviations of the residuals, are one basin. */
const ALIKE = 0.05;
const FOLDS = 5;
/** A scaled gradient below this is that of an optimum. */
const STATIONARY = 1e-6;
const WATCH = { signal: undefined, tick: () => undefined };

/** An optimum that is nearly as good as the best. */
export interface FoundBasin {
  readonly theta: Float64Array;
  readonly objective: number;
}

/** One target's fit, as it was posed. */
export interface PosedFit {
  readonly law: BoundLaw;
  readonly problem: Problem;
  readonly target: number;
  readonly scale: LossScale;
  readonly runs: Runs;
  readonly fit: Fit;
  readonly best: FoundBasin;
  /** Blocks of runs that share their errors. */
  readonly blocks: number;
}

/** A fit of a file as it was posed. */
export function poseFitAgain(file: FitFile, fit: Fit, runs: Runs): PosedFit {
  const { law, theta } = restore(file, fit);
  const target = runs.targets.indexOf(fit.target);
  const { blocks } = errorBlocks(runs);
  return {
    law,
    problem: poseProblem(law, runs.train, file.settings),
    target,
    scale: lossScale(itemAt(runs.train.losses, target)),
    runs,
    fit,
    best: { theta, objective: fit.objective },
    blocks,
  };
}

/**
 * The basins that differ in what they predict of the runs or of the points, best first; the first
 * is the fit's.
 */
export async function findBasins(
  posed: PosedFit,
  points: Runs,
  { settings }: FitFile,
  pool: Pool,
): Promise<FoundBasin[]> {
  const { law, problem, target, runs, best, fit, blocks } = posed;
  const scales = runs.train.losses.map(lossScale);
  const source = startSource(law, runs, scales, settings);
  const starts = [
    ...source.random(target, settings.seed + 1, STARTS.random),
    ...source.hops(target, settings.seed + 1, 0, [best.theta], STARTS.hops),
  ].map((theta): Start => ({ target, theta }));
  const rough = { iterations: 300, tolerance: 1e-9, gradient: 1e-6, newton: false, exact: false };
  const window = Math.min(MOST_ABOVE, Math.exp(NEAR / blocks) - 1);
  const ends = await pool.run(problem, starts, rough, WATCH);
  const near = ends.filter(({ objective }) => objective <= best.objective * (1 + 2 * window));
  const exact = isLeastSquares(settings.loss);
  const polish = { iterations: 3000, tolerance: 1e-13, gradient: 1e-9, newton: true, exact };
  const polished = await pool.run(
    problem,
    near.map(({ theta }) => ({ target, theta })),
    polish,
    WATCH,
  );
  const places = [runs.train, points.train];
  const values = (theta: Float64Array): Float64Array[] =>
    places.map((rows) => predictRows(law, theta, rows));
  const kept: (FoundBasin & { values: Float64Array[] })[] = [{ ...best, values: values(best.theta) }]; // prettier-ignore
  const optima = polished
    .filter(
      ({ objective, norm }) => norm < STATIONARY && objective <= best.objective * (1 + window),
    ) // prettier-ignore
    .sort((a, b) => a.objective - b.objective);
  for (const { theta, objective } of optima) {
    const own = values(theta);
    const isKnown = kept.some(
      (other) =>
      own.every((some, n) => differenceOf(some, itemAt(other.values, n)) <= ALIKE * (fit.residualSd ?? 0)), // prettier-ignore
    );
    if (!isKnown && own.every((some) => some.every(Number.isFinite)))
      kept.push({ theta, objective, values: own });
  }
  return kept.map(({ theta, objective }) => ({ theta, objective }));
}

const differenceOf = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(mean(a.map((value, row) => (value - itemAt(b, row)) ** 2)));

/** What a basin errs by where it was not fitted. */
export interface HeldOut {
  /** By row of the runs with a loss: the residual of a refit without its fold. */
  readonly folds: Float64Array;
  /**
   * By back-test: its mean error and its scatter, each over the distance and weighed by the levels
   * that were fitted, as those of laws are. Empty without a ladder.
   */
  readonly backtests: readonly (readonly [number, number])[];
}

/** Refits from a basin's own point: to all folds but one, and to the lower levels of the ladder. */
export async function heldOutOf(
  posed: PosedFit,
  { theta }: FoundBasin,
  residual: FitFile["settings"]["residual"],
  pool: Pool,
): Promise<HeldOut> {
  const { law, problem, target, runs } = posed;
  const observed = itemAt(runs.train.losses, target);
  const refitTo = async (samples: Samples): Promise<Float64Array[]> => {
    const starts = Array.from({ length: samples.count }, (_, sample) => ({
      target,
      sample,
      theta,
    }));
    const options = { iterations: 1000, tolerance: 1e-10, gradient: 1e-7, newton: true, exact: false }; // prettier-ignore
    const ends = await pool.run({ ...problem, samples }, starts, options, WATCH);
    return ends.map((end) =>
      predictRows(law, end.theta, runs.train).map((y, row) =>
        RESIDUAL_UNITS[residual].error(y, itemAt(observed, row)),
      ),
    );
  };
  const shared = errorBlocks(runs);
  const foldOf = Int32Array.from({ length: shared.blocks }, (_, block) => block % FOLDS);
  const left = await refitTo({
    count: FOLDS,
    blocks: shared.blocks,
    blockOf: shared.blockOf,
    source: { kind: "without", group: foldOf, first: 0 },
  });
  const rows = [...observed.keys()].filter((row) => !Number.isNaN(itemAt(observed, row)));
  const folds = Float64Array.from(rows, (row) =>
    itemAt(itemAt(left, itemAt(foldOf, itemAt(shared.blockOf, row))), row),
  );
  return { folds, backtests: await backtestsOf(posed, refitTo, rows) };
}

async function backtestsOf(
  { law, runs }: PosedFit,
  refitTo: (samples: Samples) => Promise<Float64Array[]>,
  rows: readonly number[],
): Promise<[number, number][]> {
  const ladder = ladderFor(law, runs);
  if (ladder === undefined) return [];
  const { levels, levelOf } = ladder;
  const list: [number, number][] = [];
  for (let fitted = 2; fitted < levels.length; fitted++) {
    const [errors] = await refitTo(prefixSamples(ladder, fitted));
    const below = rows.filter((row) => itemAt(levelOf, row) < fitted).length;
    if (errors === undefined || below <= law.size) continue;
    for (let level = fitted; level < levels.length; level++) {
      const some = rows.filter((row) => levelOf[row] === level).map((row) => itemAt(errors, row));
      if (some.length === 0) continue;
      const distance = Math.log(itemAt(levels, level) / itemAt(levels, fitted - 1));
      const unit = Math.sqrt(fitted - 1) / distance;
      const error = mean(some);
      const scatter = Math.sqrt(mean(some.map((x) => (x - error) ** 2)));
      list.push([unit * error, unit * scatter]);
    }
  }
  return list;
}
