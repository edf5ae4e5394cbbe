/** Intervals of the losses that are predicted for a mixture. */
import type { Finding } from "../../base/verdict.ts";
import { averagePredictions } from "../../fit/backtest/average-laws.ts";
import { distancesOf, fitBands, type FitPrediction } from "../../fit/backtest/fit-bands.ts";
import { intervalFindings } from "../../fit/backtest/interval-findings.ts";
import type { Band, BandOptions } from "../../fit/inference/bands.ts";
import { lawIn } from "../../fit/file/law-of-fit.ts";
import { restore } from "../../fit/predict.ts";
import { hasFailed } from "../../fit/result/failed-fits.ts";
import type { Fit, FitFile } from "../../fit/result/fit-file.ts";
import { predictRows } from "../../fit/result/predictor.ts";
import { inputsOf } from "../../laws/inputs.ts";
import { byTarget } from "../goal/goal.ts";
import type { Scale } from "../goal/surface.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Optimum } from "../request/optimum.ts";

/** Intervals, and what a reader must know of them. */
export interface PredictedLosses {
  /** Null where there are none. */
  readonly prediction: Optimum["prediction"];
  readonly findings: readonly Finding[];
}

/** A target's predicted losses with their intervals, one a mixture. */
export interface LossBand {
  readonly target: string;
  readonly band: Band;
  /** Of the law that predicts it; of an average, of each of its laws. */
  readonly predictions: readonly FitPrediction[];
}

/** What fits of a file predict of several mixtures at one scale, a row a mixture. */
export function mixturePredictions(
  file: FitFile,
  fits: readonly Fit[],
  at: Scale,
  mixtures: readonly Float64Array[],
): FitPrediction[] {
  const rows = mixtures.length;
  const inputs = Object.fromEntries(
    Object.entries({ ...at.inputs, params: at.params, tokens: at.tokens }).map(([name, x]) => [
      name,
      new Float64Array(rows).fill(x),
    ]),
  );
  const shares = Float64Array.from(mixtures.flatMap((h) => [...h]));
  return fits.map((fit): FitPrediction => {
    const { law, theta } = restore(file, fit);
    const points = { rows, inputs, weights: law.law.uses.weights ? shares : new Float64Array() };
    return { fit, law, theta, points, values: predictRows(law, theta, points) };
  });
}

/**
 * Whether a fit is the objective's, or has a part in its interval: of a law that back-tests cannot
 * tell from the objective's, which reads nothing that the request does not say.
 */
function isAsked(file: FitFile, { losses, at }: Problem, fit: Fit): boolean {
  const own = losses.filter(({ target }) => target === fit.target);
  if (own.some(({ law }) => law === fit.law)) return true;
  const { alike = [] } = file.chosen ?? {};
  if (!alike.includes(fit.law) || !own.some(({ law }) => alike.includes(law))) return false;
  const law = lawIn(file, fit.law);
  const isSaid = (name: "params" | "tokens"): boolean =>
    !law.uses[name] || losses.some(({ fitted }) => fitted.law.law.uses[name]);
  const { inputs = {} } = at;
  return (
    isSaid("params") &&
    isSaid("tokens") &&
    inputsOf(law, file.data.domains, file.data.phases).every(({ name }) =>
      Object.hasOwn(inputs, name),
    )
  );
}

/**
 * The intervals of the objective's losses at several mixtures; targets whose fits have none are
 * left out.
 */
export function lossBands(
  file: FitFile,
  problem: Problem,
  mixtures: readonly Float64Array[],
  options: BandOptions,
): LossBand[] {
  const { losses, at } = problem;
  const fits = file.fits.filter((fit) => isAsked(file, problem, fit) && !hasFailed(fit));
  const predictions = mixturePredictions(file, fits, at, mixtures);
  const bands = fitBands(file, predictions, options);
  return byTarget(losses).flatMap(({ target }): LossBand[] => {
    const asked = losses.filter((loss) => loss.target === target);
    const own = asked.flatMap(({ law, part }): LawBand[] => {
      const n = predictions.findIndex(({ fit }) => fit.target === target && fit.law === law);
      const [band, prediction] = [bands[n], predictions[n]];
      return band === undefined || prediction === undefined ? [] : [{ part, band, prediction }];
    });
    const band = own.length < asked.length ? undefined : bandOf(own);
    const used = own.map(({ prediction }) => prediction);
    return band === undefined ? [] : [{ target, band, predictions: used }];
  });
}

/** What a law says of a target, and its part where it is one of an average. */
interface LawBand {
  readonly part: number | undefined;
  readonly band: Band;
  readonly prediction: FitPrediction;
}

/** The interval of a law, or that of an average of laws. */
function bandOf(laws: readonly LawBand[]): Band | undefined {
  const parts = laws.flatMap(({ part, prediction: { fit } }) => (part === undefined ? [] : [[fit.law, part] as const])); // prettier-ignore
  if (parts.length === 0) return laws[0]?.band;
  const all = laws.map(({ band, prediction: { fit: { law, target }, values } }) => ({ law, target, values, band })); // prettier-ignore
  return averagePredictions(all, new Map(parts))[0]?.band;
}

/**
 * The intervals of the objective's losses at `h`: of a new run, or of the laws' values by the
 * bootstrap.
 *
 * @param isLimit whether N and D are so large that only the limit of the laws is meant
 */
export function predictedLosses(
  file: FitFile,
  options: OptimizeOptions,
  problem: Problem,
  h: Float64Array,
  isLimit: boolean,
): PredictedLosses {
  const { level, interval = "percentile", intervalOf = "run" } = options;
  const none = { prediction: null, findings: [] };
  if (isLimit || options.intervals === false) return none;
  const used = lossBands(file, problem, [h], { level, interval, intervalOf });
  const targets = byTarget(problem.losses).length;
  if (used.length < targets || used.length === 0) return none;
  const end = (x: number): number | null => (Number.isFinite(x) ? x : null);
  const asked = used.flatMap(({ predictions }) => predictions);
  return {
    prediction: {
      of: intervalOf,
      level: used[0].band.level,
      distance: Math.max(...asked.map((prediction) => distancesOf(file, prediction)[0])),
      losses: Object.fromEntries(
        used.map(({ target, band }) => [target, [end(band.low[0]), end(band.high[0])] as const]),
      ),
    },
    findings: intervalFindings(file, asked, { intervalOf }),
  };
}
