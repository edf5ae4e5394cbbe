/** How well intervals hold losses that are known. */
import { itemAt } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { type FitFile, predict, type Prediction } from "../../src/node.ts";
import { median } from "../../src/stats/moments.ts";

/** Ends of the intervals of some runs' losses. */
export interface Scored {
  readonly loss: number;
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
}

/** 2/α for 95 %. */
const PENALTY = 40;

/** How well intervals do. */
export interface IntervalScore {
  /** The share of losses that they hold. */
  readonly held: number;
  /** The median half width, … */
  readonly width: number;
  /** … and the median absolute error of the predictions. */
  readonly error: number;
  /** The mean interval score, a share of the loss. */
  readonly score: number;
}

/** Undefined without any. */
export function scoreOf(scored: readonly Scored[]): IntervalScore | undefined {
  if (scored.length === 0) return undefined;
  const held = scored.filter(({ loss, low, high }) => loss >= low && loss <= high).length;
  const total = scored.reduce(
    (sum, { loss, low, high }) =>
      sum + (high - low + PENALTY * Math.max(0, low - loss, loss - high)) / loss,
    0,
  );
  return {
    held: held / scored.length,
    width: median(scored.map(({ low, high }) => (high - low) / 2)),
    error: median(scored.map(({ loss, predicted }) => Math.abs(loss - predicted))),
    score: total / scored.length,
  };
}

/** A row of the table. */
export function scoreRow(what: string, of: string, scored: readonly Scored[]): string[] {
  const { held, width, error, score } = scoreOf(scored) ?? {
    held: 0,
    width: 0,
    error: 0,
    score: 0,
  };
  return [
    what,
    of,
    `${scored.length}`,
    `${(100 * held).toFixed(1)} %`,
    (width / error).toFixed(2),
    (100 * score).toFixed(2),
  ];
}

/** The intervals of a law's predictions at rows whose losses are known. */
export const scoredAt = (
  file: FitFile,
  points: Runs,
  law: string,
  intervalOf: "run" | "law",
): Scored[] =>
  predict(file, points, { intervalOf })
    .filter((prediction) => prediction.law === law)
    .flatMap((prediction) => scoredIn(prediction, points));

/** The intervals of one target's predictions at rows whose losses are known; none without them. */
export function scoredIn(
  { target, values, band }: Pick<Prediction, "target" | "values" | "band">,
  points: Runs,
): Scored[] {
  const losses = itemAt(points.train.losses, points.targets.indexOf(target));
  return [...losses.keys()].flatMap((row) =>
    Number.isNaN(losses[row]) || band === undefined
      ? []
      : [
          {
            loss: itemAt(losses, row),
            predicted: itemAt(values, row),
            low: itemAt(band.low, row),
            high: itemAt(band.high, row),
          },
        ],
  );
}
