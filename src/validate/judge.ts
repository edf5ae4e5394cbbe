/**
 * One law judged: refitted to all folds and targets as one batch, and its predictions of what each
 * fold holds out.
 */
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import { type Samples, sampleWeights } from "../random/resampling.ts";
import { isStationary } from "../fit/inference/stationarity.ts";
import { nothingFound } from "../fit/result/check-data.ts";
import { predictor } from "../fit/result/predictor.ts";
import { type Refit, refit, refitIterations } from "../fit/search/refit.ts";
import type { Resources, Refits, SearchedLaw } from "../fit/search-laws.ts";
import type { Law } from "../laws/law.ts";
import { scaledLoss } from "../laws/objective.ts";
import type { FitSettings } from "../base/fit-options.ts";
import { mean } from "../stats/moments.ts";
import type { Curve, Folds } from "./folds.ts";
import { criteria } from "./information-criteria.ts";
import type { LawScore } from "./validation.ts";
import type { Predicted } from "./scores.ts";

/**
 * Random starts a sample and target, at most: of folds, and of the samples of a learning curve,
 * which are many.
 */
const RANDOM = { folds: 64, curve: 16 } as const;
/** The folds' part of the work where there is a curve too. */
const FOLDS = 0.4;

/** One law's answers. */
export interface Judged extends Pick<
  LawScore,
  "parameters" | "aicc" | "bic" | "unconverged" | "unfinished"
> {
  readonly law: Law;
  /** By target. */
  readonly predicted: readonly Predicted[];
  /**
   * By point of the curve and repeat: the mean relative error, in percent, infinite where a
   * prediction is no number; null where the runs are too few for the law.
   */
  readonly curve: readonly (readonly number[] | null)[] | null;
  /**
   * Of its fits to all the runs: one search of all targets, or one a target where it has a form for
   * each.
   */
  readonly searches: readonly SearchedLaw[];
}

export interface Judging {
  readonly folds: Folds;
  readonly curve: Curve | undefined;
  readonly settings: FitSettings;
  readonly resources: Resources;
  readonly signal: AbortSignal | undefined;
}

/** What the laws are refitted to besides all the runs, of so many targets. */
export function refitsOf(
  { folds, curve, settings }: Pick<Judging, "folds" | "curve" | "settings">,
  targets: number,
): Refits | undefined {
  const blocks = folds.samples ?? curve?.samples;
  if (blocks === undefined) return undefined;
  const of = (samples: Samples | undefined, most: number): number =>
    samples === undefined
      ? 0
      : refitIterations(targets, samples.count, Math.min(settings.restarts, most));
  return { blocks, iterations: of(folds.samples, RANDOM.folds) + of(curve?.samples, RANDOM.curve) };
}

/** Or why there are no answers; undefined after an abort. */
export async function judge(
  searched: SearchedLaw,
  runs: Runs,
  work: Judging,
  tick: (done: number) => void,
): Promise<Judged | { readonly why: string } | undefined> {
  const { folds, curve, settings, signal } = work;
  const stopped = (): boolean => signal?.aborted === true;
  if (stopped()) return undefined;
  const { law, best, scales } = searched;
  const lost = best.indexOf(undefined);
  if (lost >= 0) return { why: nothingFound(law, runs, lost, scales[lost], settings).message };
  const end = curve === undefined ? 1 : FOLDS;
  const refits =
    folds.samples &&
    (await refitted(searched, work, folds.samples, RANDOM.folds, (done) => tick(end * done)));
  if (stopped()) return undefined;
  const predicted = predictions(searched, runs, folds, refits);
  const gap = firstGap(predicted, scoredSet(runs, folds), folds);
  if (gap !== undefined)
    return {
      why: `fitted to the other rows it has no finite value at data row ${gap.row}, which was held out (${runs.targets[gap.target]}).`,
    };
  const learned =
    curve &&
    (await refitted(searched, work, curve.samples, RANDOM.curve, (done) =>
      tick(end + done * (1 - end)),
    ));
  if (stopped()) return undefined;
  return {
    law: law.law,
    parameters: law.size,
    predicted,
    unconverged: (refits ?? []).flat().filter((r) => !r.converged).length,
    unfinished: runs.targets.filter((_, t) => !finished(searched, runs.train, t, settings)),
    curve:
      curve === undefined || learned === undefined
        ? null
        : errorsOf(searched, runs, curve, learned),
    searches: [searched],
    ...informationOf(searched, settings),
  };
}

/** What is scored. */
export const scoredSet = ({ train, test }: Runs, { samples }: Folds): RunSet =>
  samples === undefined ? (test ?? train) : train;

/**
 * Starts are random, or the user's own, and nothing else: the fit to all the runs has seen what is
 * held out here, and where a fold leaves a direction of the law open, a refit that began at that
 * fit would keep it.
 */
async function refitted(
  { law, problem, scales, searcher }: SearchedLaw,
  { settings, resources, signal }: Judging,
  samples: Samples,
  most: number,
  tick: (done: number) => void,
): Promise<Refit[][]> {
  const random = Math.min(settings.restarts, most);
  const given = settings.starts.map((values) => law.point(values));
  const task = {
    law,
    problem: { ...problem, samples },
    scales,
    anchors: scales.map(() => given),
    seed: settings.seed,
    random,
  };
  return refit(task, searcher, resources.pool, { signal, tick });
}

/**
 * By target: each row that is held out, as the refit without it predicts it; test rows as the fit
 * to all runs does, which has seen none.
 */
function predictions(
  { law, best }: SearchedLaw,
  runs: Runs,
  folds: Folds,
  refits: readonly Refit[][] | undefined,
): Predicted[] {
  const set = scoredSet(runs, folds);
  const predict = predictor(law, set);
  return best.map((whole, t) => {
    const out = new Float64Array(set.rows).fill(NaN);
    for (const [fold, rows] of folds.held.entries()) {
      const theta = refits === undefined ? whole?.theta : refits[t][fold].theta;
      if (theta === undefined) continue;
      const all = predict(theta);
      for (const row of rows) out[row] = all[row];
    }
    return out;
  });
}

/** The first row held out that has a loss and no finite prediction. */
function firstGap(
  predicted: readonly Predicted[],
  { losses, rowNumbers }: RunSet,
  { held }: Folds,
): { target: number; row: number } | undefined {
  for (const [target, y] of losses.entries()) {
    const row = held
      .flatMap((rows) => [...rows])
      .find((r) => !Number.isNaN(y[r]) && !Number.isFinite(predicted[target][r]));
    if (row !== undefined) return { target, row: rowNumbers[row] };
  }
  return undefined;
}

/** Mean over targets of the error on the mixtures that a repeat holds out. */
function errorsOf(
  { law }: SearchedLaw,
  { train }: Runs,
  { samples, held, sizes, repeats }: Curve,
  found: readonly Refit[][],
): Judged["curve"] {
  const predict = predictor(law, train);
  return sizes.map((_, s) => {
    const numbers = Array.from({ length: repeats }, (__, repeat) => repeat * sizes.length + s);
    if (numbers.some((sample) => fewestRows(train, samples, sample).rows < law.size)) return null;
    return numbers.map((sample) => {
      const errors = found.flatMap((of, t) => {
        const [all, y] = [predict(of[sample].theta), train.losses[t]];
        const rows = [...held[sample]].filter((row) => !Number.isNaN(y[row]) && y[row] !== 0);
        return rows.length === 0
          ? []
          : [mean(rows.map((row) => (100 * Math.abs(all[row] - y[row])) / Math.abs(y[row])))];
      });
      const error = mean(errors);
      return Number.isNaN(error) ? Infinity : error;
    });
  });
}

/** Rows of a sample with a loss, of the target that has the fewest. */
export function fewestRows(
  { losses, rowWeights }: RunSet,
  samples: Samples,
  sample: number,
): { readonly rows: number; readonly target: number } {
  const weights = sampleWeights(samples, sample);
  const counts = losses.map((y) =>
    y.reduce(
      (n, loss, row) =>
        n +
        (!Number.isNaN(loss) && weights[samples.of[row]] > 0 && rowWeights?.[row] !== 0 ? 1 : 0),
      0,
    ),
  );
  const rows = Math.min(...counts);
  return { rows, target: counts.indexOf(rows) };
}

/** Information criteria summed over the targets. */
function informationOf(
  { law, problem, best }: SearchedLaw,
  settings: FitSettings,
): Pick<LawScore, "aicc" | "bic"> {
  const each = best.flatMap((b, t) => {
    if (b === undefined) return [];
    const rows = problem.packed.weights[t].filter((w) => w > 0).length;
    return [criteria(b.objective, scaledLoss(settings), rows, law.size)];
  });
  return total(each);
}

const total = (of: readonly Pick<LawScore, "aicc" | "bic">[]): Pick<LawScore, "aicc" | "bic"> => ({
  aicc: of.reduce<number | null>(
    (sum, { aicc }) => (sum === null || aicc === null ? null : sum + aicc),
    0,
  ),
  bic: of.reduce((sum, { bic }) => sum + bic, 0),
});

/** Whether the fit to all the runs is as good as stationary. */
function finished(
  { best }: SearchedLaw,
  { losses }: RunSet,
  target: number,
  { residual }: FitSettings,
): boolean {
  const found = best[target];
  return (
    found !== undefined &&
    isStationary(found.norm, losses[target], residual, Math.sqrt(2 * found.objective))
  );
}

/** A law that has a form for each target, from the answers of its forms. */
export function together(law: Law, forms: readonly Judged[]): Judged {
  return {
    law,
    parameters: forms[0].parameters,
    predicted: forms.flatMap(({ predicted }) => predicted),
    unconverged: forms.reduce((sum, { unconverged }) => sum + unconverged, 0),
    unfinished: forms.flatMap(({ unfinished }) => unfinished),
    curve:
      forms[0].curve?.map((_, s) => averaged(forms.map(({ curve }) => curve?.[s] ?? null))) ?? null,
    searches: forms.flatMap(({ searches }) => searches),
    ...total(forms),
  };
}

/** By repeat, the mean over targets. */
function averaged(of: readonly (readonly number[] | null)[]): readonly number[] | null {
  const there = of.filter((errors) => errors !== null);
  return there.length < of.length
    ? null
    : there[0].map((_, repeat) => mean(there.map((errors) => errors[repeat])));
}
