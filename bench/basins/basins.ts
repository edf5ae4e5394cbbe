/**
 * Does it pay to average over the basins of a fit? Optima of the objective that predict otherwise
 * than the best, and explain the runs nearly as well, are averaged with it by several weights, and
 * compared with the best alone, and with the average of laws, at runs that were not fitted: larger
 * ones, and other mixtures.
 */
import { itemAt } from "../../src/base/known.ts";
import { given } from "../../src/base/objects.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { coordinateCovariance, storeCovariance } from "../../src/fit/backtest/covariance.ts";
import { averagePredictions, lawWeights } from "../../src/fit/backtest/average-laws.ts";
import { fitBands } from "../../src/fit/backtest/fit-bands.ts";
import { type Prediction, predictionOf } from "../../src/fit/predict.ts";
import { type Engine, type Fit, type FitFile, openEngine, predict } from "../../src/node.ts";
import { mean } from "../../src/stats/moments.ts";
import { BASIN_TABLES, type BasinTable } from "./basin-tables.ts";
import { inlinePool, type Pool } from "../../src/fit/search/pool.ts";
import {
  findBasins,
  type FoundBasin,
  heldOutOf,
  poseFitAgain,
  type PosedFit,
} from "./find-basins.ts";
import type { Effort, Part } from "../evidence/part.ts";
import { type Scored, scoredIn, scoreOf } from "../evidence/score-intervals.ts";
import { type Weighing, weightsOf, WEIGHINGS } from "./weigh-basins.ts";

/** How predictions are made: by basins of one law, or by the average of laws. */
type Way = Weighing | "laws";
const WAYS = [...WEIGHINGS, "laws"] as const;

const METHOD =
  "Optima of a fit that predict otherwise than the best one (by 5 % of the residuals' standard deviation, at the runs or at those predicted) and explain the runs nearly as well (−2 ln of the likelihood, counted by blocks of runs that share errors, at most 12 above the best's, the objective at most 25 %), found by 64 random starts and 32 hops a target. They are averaged with equal weights; by likelihood, (objective/best)^(−n/2), n the blocks; and by stacking of what refits from each of them err by, at five folds held out, and at the larger sizes in back-tests. “laws” is the average of laws. All predict runs that were not fitted, larger ones or other mixtures; the simulated tables have few runs, with 0.5 % noise. A row has the targets at which there were several basins, the mean absolute error of the best alone there, and by each average the geometric means over targets of its error and of its interval score (95 % intervals of a new run), as multiples of the best's. ± is a standard error over targets, which are not independent.";

/** One target of one law: its basins, and the losses by each way. */
export interface Outcome {
  readonly table: string;
  readonly law: string;
  readonly basins: number;
  readonly scored: Readonly<Partial<Record<Way, readonly Scored[]>>>;
}

/** What one basin predicts at the points, with the intervals of new runs. */
function predictionBy(
  file: FitFile,
  posed: PosedFit,
  { theta }: FoundBasin,
  points: Runs,
  name: string,
): Prediction {
  const { fit, law } = posed;
  const coordinates = Object.fromEntries(
    law.coordinates.map((each, i) => [each.name, itemAt(theta, i)]),
  );
  const covariance = coordinateCovariance({ ...posed, theta });
  const own: Fit = {
    ...fit,
    coordinates,
    bootstrap: null,
    ...given({ covariance: covariance && storeCovariance(covariance, law.size) }),
  };
  const changed = { ...file, fits: file.fits.map((each) => (each === fit ? own : each)) };
  const prediction = predictionOf(changed, own, points);
  const [band] = fitBands(changed, [prediction], {});
  return { law: name, target: fit.target, values: prediction.values, ...given({ band }) };
}

/** The losses of one fit's target, by the best basin and by the averages. */
async function outcomeOf(
  { name }: BasinTable,
  file: FitFile,
  fit: Fit,
  { train, points }: { readonly train: Runs; readonly points: Runs },
  pool: Pool,
): Promise<Outcome> {
  const posed = poseFitAgain(file, fit, train);
  const basins = await findBasins(posed, points, file, pool);
  const about = { table: name, law: fit.law, basins: basins.length };
  const names = basins.map((_, k) => `basin ${k}`);
  const predictions = basins.map((basin, k) =>
    predictionBy(file, posed, basin, points, itemAt(names, k)),
  );
  const scoredBy = (weights: ArrayLike<number>): Scored[] => {
    const byName = new Map(names.map((each, k) => [each, itemAt(weights, k)]));
    return averagePredictions(predictions, byName).flatMap((each) => scoredIn(each, points));
  };
  if (basins.length === 1) {
    const only = scoredBy([1]);
    return { ...about, scored: Object.fromEntries(WEIGHINGS.map((way) => [way, only])) };
  }
  const heldOut = [];
  for (const basin of basins)
    heldOut.push(await heldOutOf(posed, basin, file.settings.residual, pool));
  const weights = weightsOf(basins, heldOut, posed.blocks);
  return {
    ...about,
    scored: Object.fromEntries(WEIGHINGS.map((way) => [way, scoredBy(weights[way])])),
  };
}

/** All targets and laws of a table. */
async function outcomesOf(table: BasinTable, engine: Engine): Promise<Outcome[]> {
  const sets = await table.read();
  if (sets === undefined) return [];
  const file = await engine.fit(table.laws, sets.train, {
    ...table.options,
    backtest: true,
    rows: false,
  });
  const weights = lawWeights(file);
  const averaged = weights && averagePredictions(predict(file, sets.points), weights);
  const outcomes: Outcome[] = [];
  for (const fit of file.fits) {
    if (fit.verdict.status === "failed") continue;
    const outcome = await outcomeOf(table, file, fit, sets, inlinePool());
    const laws = averaged
      ?.filter(({ target }) => target === fit.target)
      .flatMap((each) => scoredIn(each, sets.points));
    outcomes.push({ ...outcome, scored: { ...outcome.scored, ...given({ laws }) } });
  }
  return outcomes;
}

/** Mean absolute error, a share of the loss. */
const errorOf = (scored: readonly Scored[]): number =>
  mean(scored.map(({ loss, predicted }) => Math.abs(predicted / loss - 1)));

/** Mean interval score, a share of the loss. */
const intervalScoreOf = (scored: readonly Scored[]): number => scoreOf(scored)?.score ?? NaN;

/** ln of a way's figure over that of the best basin, by outcome that has the way. */
const logsOf = (
  outcomes: readonly Outcome[],
  way: Way,
  figure: (scored: readonly Scored[]) => number,
): number[] =>
  outcomes.flatMap(({ scored }) => {
    const own = scored[way];
    return own === undefined ? [] : [Math.log(figure(own) / figure(scored.best ?? []))];
  });

const times = (logs: readonly number[]): string =>
  logs.length === 0 ? "" : `×${Math.exp(mean(logs)).toFixed(3)}`;

/** A geometric mean with its standard error, which fits as the sample. */
function timesWithError(logs: readonly number[]): string {
  const center = mean(logs);
  const sd = Math.sqrt(mean(logs.map((x) => (x - center) ** 2)));
  return `${times(logs)} ± ${(sd / Math.sqrt(logs.length - 1)).toFixed(3)}`;
}

const nameOf = ({ table, law }: Outcome): string => `${table}, ${law}`;

/** Rows of the table: one a table and law, then of all fits with several basins together. */
function basinRows(outcomes: readonly Outcome[]): string[][] {
  const names = [...new Set(outcomes.map(nameOf))];
  const averages = WAYS.filter((way) => way !== "best");
  const own = names.map((name) => {
    const all = outcomes.filter((outcome) => nameOf(outcome) === name);
    const several = all.filter(({ basins }) => basins > 1);
    const best = several.flatMap(({ scored }) => scored.best ?? []);
    const error = best.length === 0 ? "" : `${(100 * errorOf(best)).toFixed(2)} %`;
    const ratios = averages.map(
      (way) =>
      [errorOf, intervalScoreOf].map((figure) => times(logsOf(several, way, figure))).filter((text) => text !== "").join(", "), // prettier-ignore
    );
    return [name, `${several.length} of ${all.length}`, error, ...ratios];
  });
  const several = outcomes.filter(({ basins }) => basins > 1);
  const pooled = (what: string, cell: (way: Way) => string): string[] => [what, `${several.length}`, ...WAYS.map(cell)]; // prettier-ignore
  const scoreBy = (way: Way): ReturnType<typeof scoreOf> => scoreOf(several.flatMap(({ scored }) => scored[way] ?? [])); // prettier-ignore
  const ratio = (figure: (scored: readonly Scored[]) => number) => (way: Way) =>
    way === "best" ? "" : timesWithError(logsOf(several, way, figure));
  return [
    ...own,
    pooled("all, error", ratio(errorOf)),
    pooled("all, interval score", ratio(intervalScoreOf)),
    pooled("all, smaller error", (way) => {
      const logs = logsOf(several, way, errorOf);
      return way === "best" ? "" : `${logs.filter((x) => x < 0).length} of ${logs.length}`;
    }),
    pooled("all, held", (way) => `${(100 * (scoreBy(way)?.held ?? NaN)).toFixed(1)} %`),
    pooled("all, half width / error", (way) => {
      const { width = NaN, error = NaN } = scoreBy(way) ?? {};
      return (width / error).toFixed(2);
    }),
  ];
}

/** The study. */
export async function basinsPart({ backend }: Effort): Promise<Omit<Part, "measured">> {
  const engine = await openEngine({ backend });
  const outcomes: Outcome[] = [];
  for (const table of BASIN_TABLES) {
    outcomes.push(...(await outcomesOf(table, engine)));
    process.stderr.write(`basins: ${table.name}\n`);
  }
  await engine.close();
  return basinsIn(outcomes);
}

/** What the outcomes say. */
export const basinsIn = (outcomes: readonly Outcome[]): Omit<Part, "measured"> => ({
  title: "Averages over the basins of a fit",
  method: METHOD,
  head: ["runs, law", "several basins", "best: error", ...WAYS.slice(1)],
  rows: basinRows(outcomes),
  failures: [],
});
