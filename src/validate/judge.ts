/**
 * One law judged: refitted to all folds and targets as one batch, and its predictions of what each
 * fold holds out.
 */
import type { Runs } from "../data/runs/run-set.ts";
import { errorBlocks } from "../data/runs/shared-errors.ts";
import { isAutomatic } from "../options/ridge-option.ts";
import { type Samples, sampleWeights } from "../random/resampling.ts";
import type { PieceRange } from "../records/shard.ts";
import { penaltyAt, penaltyOf } from "../solve/penalty/ridge.ts";
import { chooseStrengths, withStrengths } from "../fit/ridge/choose-strength.ts";
import type { Problem } from "../fit/search/problem.ts";
import type { Backtests } from "../fit/result/backtests.ts";
import { isStationary } from "../fit/inference/certificate.ts";
import { nothingFound } from "../fit/checks/check-data.ts";
import { joinRefits } from "../fit/common/fit-jointly.ts";
import { type Refit, refit, refitIterations } from "../fit/search/refit.ts";
import type { Resources } from "../fit/search/pool.ts";
import type { Refits, SearchedLaw } from "../fit/search-laws.ts";
import { commonCoordinates } from "../laws/common.ts";
import { undrawnParameters } from "../laws/ridge.ts";
import type { Law } from "../laws/law.ts";
import type { FitSettings } from "../options/fit-options.ts";
import { mean } from "../stats/moments.ts";
import { backtestsOf } from "./backtests.ts";
import type { Curve, Folds } from "./folds.ts";
import { asFolds, type LargestSize } from "./largest-size.ts";
import { curveErrors, fewestRows, firstGap, predictHeld, scoredSet } from "./held-out.ts";
import { criteria, isSharingErrors } from "./information-criteria.ts";
import type { LawScore } from "./validation.ts";
import type { Predicted } from "./scores.ts";

/**
 * Random starts a sample and target, at most: of folds, and of the samples of a learning curve,
 * which are many.
 */
const RANDOM = { folds: 64, curve: 16 } as const;
/** The folds' part of the work where there is a curve too. */
const FOLDS_PART = 0.4;

/** One law's predictions of held-out rows, and the fits behind them. */
export interface Judged extends Pick<
  LawScore,
  "parameters" | "aicc" | "bic" | "unconverged" | "unfinished"
> {
  readonly law: Law;
  /** By target. */
  readonly predicted: readonly Predicted[];
  /** Of the largest size, by fits to the smaller ones; null where it was not held out. */
  readonly beyond: readonly Predicted[] | null;
  /** See `curveErrors`; null without a learning curve. */
  readonly curve: readonly (readonly number[] | null)[] | null;
  /**
   * Searches on all the runs: one of all targets, or one for each target where the law has a form
   * for each.
   */
  readonly searches: readonly SearchedLaw[];
  /** By target; none where the law was not back-tested. */
  readonly backtests: readonly (Backtests | undefined)[];
}

/** How laws are judged. */
export interface Judging {
  /** With the largest size as a sample after the folds, where there is one. */
  readonly folds: Folds;
  /** Undefined where it is not held out. */
  readonly largest: LargestSize | undefined;
  /** Undefined without a learning curve. */
  readonly curve: Curve | undefined;
  readonly settings: FitSettings;
  readonly resources: Resources;
  readonly signal: AbortSignal | undefined;
}

/** Starts of all refits of a law to one target. */
export function refitStarts({
  folds,
  curve,
  settings: { restarts, starts },
}: Pick<Judging, "folds" | "curve" | "settings">): number {
  const of = (samples: Samples | undefined, most: number): number =>
    (samples?.count ?? 0) * (Math.min(restarts, most) + starts.length);
  return of(folds.samples, RANDOM.folds) + of(curve?.samples, RANDOM.curve);
}

/** The refits to folds and to samples of the learning curve, of so many targets. */
export function refitsOf(
  { folds, curve, settings }: Pick<Judging, "folds" | "curve" | "settings">,
  targets: number,
): Refits | undefined {
  const blocks = folds.samples ?? curve?.samples;
  if (blocks === undefined) return undefined;
  const iterations = (samples: Samples | undefined, most: number): number =>
    samples === undefined
      ? 0
      : refitIterations(targets, samples.count, Math.min(settings.restarts, most));
  return {
    blocks,
    iterations: iterations(folds.samples, RANDOM.folds) + iterations(curve?.samples, RANDOM.curve),
  };
}

/**
 * Judges one law. Gives the reason where it cannot be judged, and undefined after an abort and of a
 * shard, which has its own samples alone.
 */
export async function judge(
  searched: SearchedLaw,
  runs: Runs,
  judging: Judging,
  tick: (done: number) => void,
): Promise<Judged | { readonly why: string } | undefined> {
  const { folds, curve, settings, signal } = judging;
  const isStopped = (): boolean => signal?.aborted === true;
  if (isStopped()) return undefined;
  const { law, best, scales } = searched;
  const lost = best.indexOf(undefined);
  if (lost >= 0) return { why: nothingFound(law, runs, lost, scales[lost], settings).message };
  const end = curve === undefined ? 1 : FOLDS_PART;
  const folded = await refitTo(folds.samples, RANDOM.folds, searched, runs, judging, (done) =>
    tick(end * done),
  );
  if (isStopped()) return undefined;
  const isShard = judging.resources.pool.plan !== undefined;
  const predicted = isShard ? undefined : predictHeld(searched, runs, folds, folded);
  const gap = predicted && firstGap(predicted, scoredSet(runs, folds), folds);
  if (gap !== undefined)
    return {
      why: `fitted to the other rows it has no finite value at data row ${gap.row}, which was held out (${runs.targets[gap.target]}).`,
    };
  const learned = await refitTo(curve?.samples, RANDOM.curve, searched, runs, judging, (done) =>
    tick(end + done * (1 - end)),
  );
  const backtests = await backtestsOf(searched, runs, settings, judging.resources, signal);
  if (isStopped() || predicted === undefined) return undefined;
  return {
    ...fitToAll(searched, runs, settings),
    backtests,
    predicted,
    beyond: predictLargest(searched, runs, judging, folded),
    unconverged: (folded ?? [])
      .flatMap((refits) => refits.slice(0, folds.held.length))
      .filter(({ converged }) => !converged).length,
    curve: curve && learned ? curveErrors(searched, runs, curve, learned, settings) : null,
  };
}

/** See `Judged.beyond`: null too where the smaller sizes are too few, or predict no number. */
function predictLargest(
  searched: SearchedLaw,
  runs: Runs,
  { folds, largest, settings }: Judging,
  refits: readonly Refit[][] | undefined,
): readonly Predicted[] | null {
  const { samples } = folds;
  if (largest === undefined || refits === undefined || samples === undefined) return null;
  const last = folds.held.length;
  const needed = undrawnParameters(searched.law, settings.ridge);
  if (fewestRows(runs.train, samples, last).rows < needed) return null;
  const alone = asFolds(folds, largest);
  const predicted = predictHeld(
    searched,
    runs,
    alone,
    refits.map((ofTarget) => [ofTarget[last]]),
  );
  return firstGap(predicted, runs.train, alone) === undefined ? predicted : null;
}

/**
 * Starts are random, or the user's own, and nothing else: the fit to all the runs has seen what is
 * held out here, and where a fold leaves a direction of the law open, a refit that began at that
 * fit would keep it.
 */
async function refitTo(
  samples: Samples | undefined,
  most: number,
  searched: SearchedLaw,
  runs: Runs,
  judging: Judging,
  tick: (done: number) => void,
): Promise<Refit[][] | undefined> {
  if (samples === undefined) return undefined;
  const { settings, resources, signal } = judging;
  const own = resources.pool.plan?.deal(samples.count) ?? { from: 0, to: samples.count };
  const isChosen = isAutomatic(settings.ridge) && searched.problem.penalties !== undefined;
  if (!isChosen) return refitPart(samples, own, most, searched, searched.problem, judging, tick);
  const refits: Refit[][] = searched.scales.map(() => []);
  for (let sample = own.from; sample < own.to && signal?.aborted !== true; sample++) {
    const part = (done: number): void => tick((sample - own.from + done) / (own.to - own.from));
    const problem = await drawnWithout(samples, sample, searched, runs, judging);
    const alone = { from: sample, to: sample + 1 };
    const ofTargets = await refitPart(samples, alone, most, searched, problem, judging, part);
    for (const [target, ofSample] of ofTargets.entries()) refits[target].push(...ofSample);
  }
  return refits;
}

async function refitPart(
  samples: Samples,
  own: PieceRange,
  most: number,
  { law, scales, searcher, source }: SearchedLaw,
  problem: Problem,
  { settings, resources, signal }: Judging,
  tick: (done: number) => void,
): Promise<Refit[][]> {
  const given = settings.starts.map((values) => law.point(values));
  const task = {
    law,
    problem: { ...problem, samples },
    scales,
    anchors: scales.map(() => given),
    seed: settings.seed,
    random: Math.min(settings.restarts, most),
    source,
  };
  const watch = { signal, tick };
  const alone = await refit({ ...task, own }, searcher, resources.pool, watch);
  if (settings.common.length === 0) return alone;
  return joinRefits(task, settings.common, alone, own.from, resources.pool, watch);
}

/** The problem with the λ that the rows of a sample choose: those that it holds out have no say. */
async function drawnWithout(
  samples: Samples,
  sample: number,
  { problem, source, targets }: SearchedLaw,
  runs: Runs,
  { settings, resources, signal }: Judging,
): Promise<Problem> {
  const ofBlocks = sampleWeights(samples, sample);
  const counts = Uint32Array.from(samples.blockOf, (block) => ofBlocks[block]);
  const { losses } = runs.train;
  const task = { problem, targets, losses, blocks: errorBlocks(runs), counts, source, settings };
  const watch = { signal, tick: () => undefined };
  return withStrengths(problem, await chooseStrengths(task, resources.pool, watch));
}

/** What the fits to all the runs say of the law. */
function fitToAll(
  searched: SearchedLaw,
  runs: Runs,
  settings: FitSettings,
): Pick<Judged, "law" | "parameters" | "unfinished" | "searches" | "aicc" | "bic"> {
  const { targets, train } = runs;
  const { law, problem, best } = searched;
  // Of what targets have in common each has its part.
  const shared = commonCoordinates(law, settings.common).length;
  const spent = law.size - shared * (1 - 1 / targets.length);
  const each = best.flatMap((fit, target) => {
    if (fit === undefined) return [];
    const rows = problem.packed.weights[target].filter((w) => w > 0).length;
    const penalty = penaltyOf(problem.penalties, target);
    const loss = fit.objective - (penalty === undefined ? 0 : penaltyAt(penalty, fit.theta));
    return [criteria(loss, problem.losses[target], rows, spent)];
  });
  const isFinished = (target: number): boolean => {
    const fit = best[target];
    if (fit === undefined) return false;
    const sd = Math.sqrt(2 * fit.objective);
    const { residual } = settings;
    const at = { law, theta: fit.theta, runs: train, observed: train.losses[target], residual };
    return isStationary(fit.norm, at, sd);
  };
  return {
    law: law.law,
    parameters: law.size,
    unfinished: targets.filter((_, target) => !isFinished(target)),
    searches: [searched],
    // Rows that share errors say less than as many runs.
    ...(isSharingErrors(runs) ? { aicc: null, bic: null } : sumCriteria(each)),
  };
}

/** Over the targets; null where a target has none. */
function sumCriteria(
  each: readonly Pick<LawScore, "aicc" | "bic">[],
): Pick<LawScore, "aicc" | "bic"> {
  const sum = (values: readonly (number | null)[]): number | null =>
    values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);
  return { aicc: sum(each.map(({ aicc }) => aicc)), bic: sum(each.map(({ bic }) => bic)) };
}

/** A law that has a form for each target, put together from its judged forms. */
export function joinForms(law: Law, forms: readonly Judged[]): Judged {
  return {
    law,
    parameters: forms[0].parameters,
    predicted: forms.flatMap(({ predicted }) => predicted),
    beyond: forms.every(({ beyond }) => beyond !== null)
      ? forms.flatMap(({ beyond }) => beyond ?? [])
      : null,
    unconverged: forms.reduce((sum, { unconverged }) => sum + unconverged, 0),
    unfinished: forms.flatMap(({ unfinished }) => unfinished),
    curve:
      forms[0].curve?.map((_, s) => meanErrors(forms.map(({ curve }) => curve?.[s] ?? null))) ??
      null,
    searches: forms.flatMap(({ searches }) => searches),
    backtests: forms.flatMap(({ backtests }) => backtests),
    ...sumCriteria(forms),
  };
}

/** By repeat, the mean over targets; null where a target has none. */
function meanErrors(ofTargets: readonly (readonly number[] | null)[]): readonly number[] | null {
  const present = ofTargets.filter((errors) => errors !== null);
  return present.length < ofTargets.length
    ? null
    : present[0].map((_, repeat) => mean(present.map((errors) => errors[repeat])));
}
