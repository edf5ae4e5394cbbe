/** One law judged: refitted to all folds and targets as one batch, and its predictions of what each fold holds out. */
import type { Runs } from "../data/runset.ts";
import type { Samples } from "../data/samples.ts";
import { bootstrapIterations } from "../fit/choose.ts";
import { predictor } from "../fit/predictor.ts";
import { type Refit, refit } from "../fit/refit.ts";
import type { Means, Searched } from "../fit/searchall.ts";
import type { FitSettings } from "../options.ts";
import { mean } from "../stats/moments.ts";
import type { Curve, Folds } from "./folds.ts";
import type { Predicted } from "./scores.ts";

/** Random starts a sample and target: of folds, and of the samples of a learning curve, which are many. */
const RANDOM = { folds: 16, curve: 8 } as const;
/** Iterations of one refit's starts beside those of a bootstrap replicate's, for the choice of backend. */
const DEARER = 4;
/** The folds' part of the work where there is a curve too. */
const FOLDS = 0.6;

export interface Judged {
  readonly searched: Searched;
  /** By target. */
  readonly predicted: readonly Predicted[];
  /** Refits of folds that were still moving at the end. */
  readonly unconverged: number;
  /** By point of the curve and repeat: the mean relative error, in percent; null where the mixtures are too few for the law. */
  readonly curve: readonly (readonly number[] | null)[] | null;
}

export interface Judging {
  readonly runs: Runs;
  readonly folds: Folds;
  readonly curve: Curve | undefined;
  readonly settings: FitSettings;
  readonly means: Means;
  readonly signal: AbortSignal | undefined;
}

/** Undefined after an abort. */
export async function judge(searched: Searched, work: Judging, tick: (done: number) => void): Promise<Judged | undefined> {
  const { runs, curve } = work;
  const stopped = (): boolean => work.signal?.aborted === true;
  const end = curve === undefined ? 1 : FOLDS;
  const held = await onFolds(searched, work, (done) => tick(end * done));
  if (stopped()) return undefined;
  if (curve === undefined) return { searched, ...held, curve: null };
  const learned = await refits(searched, work, curve.samples, RANDOM.curve, (done) => tick(end + done * (1 - end)));
  return stopped() ? undefined : { searched, ...held, curve: errorsOf(searched, runs, curve, learned) };
}

async function refits(
  { law, problem, scales, best }: Searched,
  { settings, means, signal }: Judging,
  samples: Samples,
  random: number,
  tick: (done: number) => void,
): Promise<Refit[][]> {
  const iterations = DEARER * bootstrapIterations(scales.length, { ...settings, bootstrap: samples.count });
  const searcher = await means.searcherFor(problem, iterations);
  const anchors = best.map((b) => b?.optima ?? []);
  const task = { law, problem: { ...problem, samples }, scales, anchors, seed: settings.seed, random, blind: true };
  return refit(task, searcher, means.pool, { signal, tick });
}

async function onFolds(
  searched: Searched,
  work: Judging,
  tick: (done: number) => void,
): Promise<{ readonly predicted: Predicted[]; readonly unconverged: number }> {
  const { law, best } = searched;
  const { runs, folds } = work;
  const { samples, held } = folds;
  const none = (rows: number): Predicted => new Float64Array(rows).fill(NaN);
  if (samples === undefined) {
    const test = runs.test ?? runs.train;
    const predict = predictor(law, test);
    return { predicted: best.map((b) => (b === undefined ? none(test.rows) : predict(b.theta))), unconverged: 0 };
  }
  const found = await refits(searched, work, samples, RANDOM.folds, tick);
  const predict = predictor(law, runs.train);
  const predicted = found.map((of) => {
    const out = none(runs.train.rows);
    for (const [fold, { theta }] of of.entries()) {
      const all = predict(theta);
      for (const row of held[fold]) out[row] = all[row];
    }
    return out;
  });
  return { predicted, unconverged: found.flat().filter((r) => !r.converged).length };
}

/** Mean over targets of the error on the mixtures that a repeat holds out. */
function errorsOf({ law }: Searched, { train }: Runs, { samples, held, sizes, repeats }: Curve, found: Refit[][]): Judged["curve"] {
  const predict = predictor(law, train);
  const least = Math.ceil((law.size * samples.blocks) / train.rows);
  return sizes.map((size, s) => {
    if (size < least) return null;
    return Array.from({ length: repeats }, (_, repeat) => {
      const sample = repeat * sizes.length + s;
      const errors = found.flatMap((of, t) => {
        const [all, y] = [predict(of[sample].theta), train.losses[t]];
        const rows = [...held[sample]].filter((row) => !Number.isNaN(y[row]) && y[row] !== 0);
        return rows.length === 0 ? [] : [mean(rows.map((row) => (100 * Math.abs(all[row] - y[row])) / Math.abs(y[row])))];
      });
      return mean(errors);
    });
  });
}
