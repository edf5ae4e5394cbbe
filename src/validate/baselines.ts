/** What predicts held-out rows without any law: one number for all runs, and one for each size. */
import { itemAt } from "../base/known.ts";
import { rowWeights } from "../data/runs/row-weights.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import type { ResidualKind } from "../options/fit-options.ts";
import { sampleWeights } from "../random/resampling.ts";
import { weightedMean } from "../stats/moments.ts";
import type { Folds } from "./folds.ts";
import { scoredSet } from "./held-out.ts";
import type { Predicted } from "./scores.ts";

/** What a law has to be better than. */
export interface Baseline {
  readonly name: "constant" | "mean per size" | "mean per token count";
  /** Numbers a target. */
  readonly parameters: number;
  /** By target. */
  readonly predicted: readonly Predicted[];
}

/**
 * One number, the mean of the losses fitted, and one for each N (for each D where there is no N).
 */
export function baselinesOf(runs: Runs, folds: Folds, residual: ResidualKind): Baseline[] {
  const { params, tokens } = runs.train.inputs;
  const input = params === undefined ? "tokens" : "params";
  const levels = new Set(params ?? tokens ?? []).size;
  const byLevel: Baseline[] =
    levels < 2
      ? []
      : [
          {
            name: input === "params" ? "mean per size" : "mean per token count",
            parameters: levels,
            predicted: predictMeans(runs, folds, residual, input),
          },
        ];
  const predicted = predictMeans(runs, folds, residual, undefined);
  return [{ name: "constant", parameters: 1, predicted }, ...byLevel];
}

/** By target: each row held out as the mean of the rows fitted at the nearest value of an input. */
function predictMeans(
  runs: Runs,
  folds: Folds,
  residual: ResidualKind,
  input: "params" | "tokens" | undefined,
): Predicted[] {
  const set = scoredSet(runs, folds);
  const weights = rowWeights(runs.train, residual);
  const levelIn = ({ inputs }: RunSet, row: number): number =>
    input === undefined ? 1 : itemAt(inputs[input] ?? [], row);
  return runs.targets.map((_, target) => {
    const predicted = new Float64Array(set.rows).fill(NaN);
    for (const [fold, rows] of folds.held.entries()) {
      const means = meansByLevel(
        runs,
        target,
        weights?.[target],
        fittedIn(runs, folds, fold),
        (row) => levelIn(runs.train, row),
      );
      for (const row of rows) predicted[row] = nearest(means, levelIn(set, row));
    }
    return predicted;
  });
}

/** Whether a train row is fitted in a fold. */
function fittedIn({ train }: Runs, { samples }: Folds, fold: number): (row: number) => boolean {
  if (samples === undefined) return (row) => row < train.rows;
  const weights = sampleWeights(samples, fold);
  return (row) => itemAt(weights, itemAt(samples.blockOf, row)) > 0;
}

/** The mean loss of the fitted rows at each level. */
function meansByLevel(
  { train }: Runs,
  target: number,
  weights: Float64Array | undefined,
  isFitted: (row: number) => boolean,
  levelOf: (row: number) => number,
): ReadonlyMap<number, number> {
  const losses = itemAt(train.losses, target);
  const rows = [...losses.keys()].filter((row) => !Number.isNaN(losses[row]) && isFitted(row));
  const byLevel = new Map<number, number[]>();
  for (const row of rows) {
    const some = byLevel.get(levelOf(row));
    if (some === undefined) byLevel.set(levelOf(row), [row]);
    else some.push(row);
  }
  return new Map(
    [...byLevel].map(([level, some]) => [
      level,
      weightedMean(
        some.map((row) => itemAt(losses, row)),
        some.map((row) => weights?.[row] ?? 1),
      ),
    ]),
  );
}

/** The value at the level nearest in logarithm; NaN where there is none. */
function nearest(means: ReadonlyMap<number, number>, level: number): number {
  let [best, least] = [NaN, Infinity];
  for (const [other, value] of means) {
    const distance = Math.abs(Math.log(other / level));
    if (distance < least) [best, least] = [value, distance];
  }
  return best;
}
