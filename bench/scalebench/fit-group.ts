/** Fits of several laws to some runs of a group, and which law's predictions count. */
import type { Engine, FitFile, Law, Runs } from "../../src/node.ts";
import { InputError, predict } from "../../src/node.ts";
import { given } from "../../src/base/objects.ts";
import type { RunSet } from "../../src/data/runs/run-set.ts";
import { hasFailed } from "../../src/fit/result/failed-fits.ts";
import { criteria } from "../../src/validate/information-criteria.ts";
import { clocked } from "../clock.ts";

/** The loss that is least. */
const SQUARED = { name: "squared", delta: 1 } as const;

/** The fits of one target. */
export interface TargetFits {
  readonly target: string;
  /** In the order of the laws; undefined where the data refuse a law. */
  readonly files: readonly (FitFile | undefined)[];
  /** Processor seconds of each, over all threads. */
  readonly processor: readonly number[];
}

/** Some rows of runs, and some targets. */
export function partOf(runs: Runs, rows: readonly number[], targets = runs.targets): Runs {
  const { train } = runs;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN); // prettier-ignore
  const k = runs.domains.length;
  const part: RunSet = {
    rows: rows.length,
    rowNumbers: Int32Array.from(rows, (row) => train.rowNumbers[row] ?? 0),
    inputs: Object.fromEntries(
      Object.entries(train.inputs).map(([name, values]) => [name, pick(values)]),
    ),
    weights: Float64Array.from(rows.flatMap((row) => [...train.weights.subarray(row * k, (row + 1) * k)])), // prettier-ignore
    losses: targets.map((target) => pick(train.losses[runs.targets.indexOf(target)] ?? new Float64Array())), // prettier-ignore
  };
  return { ...runs, targets, train: part, test: undefined };
}

/** Every law fitted to every target by least squares. */
export async function fitAll(
  engine: Engine,
  lawsOf: (target: string) => readonly Law[],
  runs: Runs,
  restarts?: number,
): Promise<TargetFits[]> {
  const fits: TargetFits[] = [];
  for (const target of runs.targets) {
    const of = partOf(runs, [...Array(runs.train.rows).keys()], [target]);
    const files: (FitFile | undefined)[] = [];
    const processor: number[] = [];
    for (const law of lawsOf(target)) {
      const { result, seconds } = await clocked(() => fitted(engine, law, of, restarts));
      files.push(result);
      processor.push(seconds.processor);
    }
    fits.push({ target, files, processor });
  }
  return fits;
}

/** Undefined where there are too few runs for the law. */
async function fitted(
  engine: Engine,
  law: Law,
  runs: Runs,
  restarts: number | undefined,
): Promise<FitFile | undefined> {
  const options = { loss: "squared", seed: 1, backtest: false } as const;
  try {
    return await engine.fit(law, runs, { ...options, ...given({ restarts }) });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** What a law predicts of one target at points; undefined where it has no value. */
export function predictedBy(file: FitFile | undefined, points: Runs): Float64Array | undefined {
  const fit = file?.fits[0];
  if (file === undefined || fit === undefined || hasFailed(fit)) return undefined;
  try {
    return predict(file, points, { intervalOf: "law" })[0]?.values;
  } catch {
    return undefined;
  }
}

/** Parameters of a fit that were free. */
export const parametersOf = (file: FitFile): number =>
  Object.keys(file.fits[0]?.coordinates ?? {}).length;

/**
 * Which law to predict by where there are few runs: the least AICc (Hurvich & Tsai 1989) of those
 * with fewer parameters than runs less one; else the law with the fewest parameters.
 */
export function choose(files: readonly (FitFile | undefined)[], rows: number): number {
  const scores = files.map((file) => {
    const objective = file?.fits[0]?.objective;
    if (file === undefined || objective === undefined) return Infinity;
    return criteria(objective, SQUARED, rows, parametersOf(file)).aicc ?? Infinity;
  });
  const best = scores.indexOf(Math.min(...scores));
  return Number.isFinite(scores[best]) ? best : files.findIndex((file) => file !== undefined);
}
