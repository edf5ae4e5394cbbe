/**
 * How well laws predict runs that they were not fitted to. Each law is searched once on all the runs; then all folds and targets are refitted as one batch, from the optima of
 * that search, from one of them moved and from random starts, so that a fold ends in its own best fit.
 */
import type { RunSet, Runs } from "../data/runset.ts";
import type { Samples } from "../data/samples.ts";
import { AbortedError, InputError } from "../errors.ts";
import { checkData } from "../fit/check.ts";
import { bootstrapIterations } from "../fit/choose.ts";
import { predictor } from "../fit/predictor.ts";
import { refit } from "../fit/refit.ts";
import { bindAll, type Means, type Searched, searchAll } from "../fit/searchall.ts";
import type { BoundLaw, Law } from "../laws/define.ts";
import { corner } from "../laws/objective.ts";
import { checkSymbols } from "../laws/symbols.ts";
import { type FitOptions, type FitSettings, fitSettings } from "../options.ts";
import { quantile } from "../stats/interval.ts";
import { mean } from "../stats/moments.ts";
import { VERSION } from "../version.ts";
import { type By, curveOf, type Folds, foldsOf } from "./folds.ts";
import { criteria } from "./information.ts";
import type { CurvePoint, HeldScore, LawScore, Nested, Validation } from "./result.ts";
import { compare, heldScore, meanScore, type Predicted } from "./scores.ts";

export interface ValidateOptions extends Omit<FitOptions, "bootstrap" | "resampling" | "profile"> {
  /**
   * What is held out: folds of the runs' group column, the rows with its largest value, folds of the distinct mixtures, or the runs' own test rows.
   * Default: the test rows where there are some, else the group column where there is one, else mixtures.
   */
  readonly by?: By;
  /** Default 5. */
  readonly folds?: number;
  /** The error on unseen mixtures against the number of mixtures that are fitted. Default false. */
  readonly curve?: boolean;
}

/** Random starts a fold and target. */
const RANDOM = 16;
/** Mixtures on the learning curve, and how often each number of them is drawn. */
const SIZES = [5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100] as const;
const REPEATS = 9;
/** Parts of a law's progress: its search, then its folds, then its curve. */
const PARTS = { search: 0.5, folds: 0.8 } as const;

/** One law's answers. */
interface Judged {
  readonly searched: Searched;
  /** By target. */
  readonly predicted: readonly Predicted[];
  readonly unconverged: number;
  /** By point of the curve and repeat: the mean relative error, in percent. */
  readonly curve: readonly (readonly number[] | null)[] | null;
}

/**
 * Throws InputError for runs or options that cannot be validated; a law alone that the runs do not suffice for is among `failed`. Rejects with AbortedError when the signal
 * fires: its `partial` is the Validation of the laws that were done.
 * @example (await validate(engine.means, [laws.simple, laws.additive], runs, { by: "mixture" })).laws[0].law // the law that predicts best
 */
export async function validate(means: Means, laws: readonly Law[], runs: Runs, options: ValidateOptions = {}): Promise<Validation> {
  const settings = fitSettings(options);
  const { signal, folds: count = 5 } = options;
  if (!(Number.isInteger(count) && count >= 2))
    throw new InputError(`--folds is ${count}; it must be a whole number of at least 2.`, { flag: "--folds" });
  const by = options.by ?? (runs.test !== undefined ? "test" : runs.train.groups !== undefined ? "group" : "mixture");
  const folds = foldsOf(runs, by, count, settings.seed);
  const curve = options.curve === true ? curveOf(runs, SIZES, REPEATS, settings.seed) : undefined;
  const began = performance.now();
  const failed: { law: string; why: string }[] = [];
  const fits: Law[] = [];
  for (const law of new Set(laws)) {
    const why = problemOf(law, runs, folds, settings);
    if (why === undefined) fits.push(law);
    else failed.push({ law: law.name, why });
  }
  if (fits.length === 0) throw new InputError(`no law can be validated on these runs. ${failed.map(({ law, why }) => `${law}: ${why}`).join(" ")}`, { flag: "--law" }); // prettier-ignore
  const judged: Judged[] = [];
  const timing: Record<string, number> = {};
  const order = bindAll(fits, runs, settings);
  const report = (law: BoundLaw, from: number, to: number) => (fraction: number) =>
    options.onProgress?.({
      law: law.law.name,
      stage: "validate",
      fraction: (order.indexOf(law) + from + fraction * (to - from)) / order.length,
    });
  const searches = searchAll(order, fits, runs, settings, means, signal, (p, place) =>
    options.onProgress?.({ ...p, fraction: (place + PARTS.search * p.fraction) / order.length }),
  );
  for await (const searched of searches) {
    const { law } = searched;
    if (signal?.aborted === true) break;
    if (!fits.includes(law.law)) continue;
    const started = performance.now();
    const one = await judge(
      searched,
      runs,
      folds,
      curve,
      settings,
      means,
      signal,
      report(law, PARTS.search, PARTS.folds),
      report(law, PARTS.folds, 1),
    );
    if (one === undefined) break;
    judged.push(one);
    timing[law.law.name] = searched.seconds + (performance.now() - started) / 1000;
  }
  timing["total"] = (performance.now() - began) / 1000;
  const result = judged.length === 0 ? undefined : conclude(judged, runs, { by, folds, curve, failed, settings, timing });
  if (signal?.aborted === true) throw new AbortedError(result);
  return result as Validation;
}

/** Why a law cannot be validated on these runs; undefined where it can. */
function problemOf(law: Law, runs: Runs, { samples, held }: Folds, settings: FitSettings): string | undefined {
  if (law.forDomain !== undefined) return "it has a form for each target, which validate does not take.";
  try {
    const [bound] = bindAll([law], runs, settings).slice(-1);
    checkSymbols([bound], { ...settings, fix: {}, tie: {}, bounds: {}, ranges: {} });
    checkData(bound, runs, settings);
    if (samples === undefined) return undefined;
    const most = Math.max(...held.map((fold) => fold.length));
    if (runs.train.rows - most < bound.size)
      return `with ${most} rows held out ${runs.train.rows - most} are left to fit its ${bound.size} parameters.`;
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Undefined after an abort. */
async function judge(
  searched: Searched,
  runs: Runs,
  folds: Folds,
  curve: ReturnType<typeof curveOf> | undefined,
  settings: FitSettings,
  means: Means,
  signal: AbortSignal | undefined,
  tickFolds: (done: number) => void,
  tickCurve: (done: number) => void,
): Promise<Judged | undefined> {
  const { law, problem, scales, best } = searched;
  const anchors = best.map((b) => b?.optima ?? []);
  const run = async (samples: Samples, random: number, tick: (done: number) => void) => {
    const searcher = await means.searcherFor(problem, bootstrapIterations(scales.length, { ...settings, bootstrap: samples.count }) * 4);
    return refit({ law, problem: { ...problem, samples }, scales, anchors, seed: settings.seed, random, blind: true }, searcher, means.pool, {
      signal,
      tick,
    });
  };
  if (folds.samples === undefined) {
    const predict = predictor(law, runs.test as RunSet);
    const predicted = best.map((b) => (b === undefined ? new Float64Array((runs.test as RunSet).rows).fill(NaN) : predict(b.theta)));
    return signal?.aborted === true ? undefined : { searched, predicted, unconverged: 0, curve: await learn() };
  }
  const refits = await run(folds.samples, RANDOM, tickFolds);
  if (signal?.aborted === true) return undefined;
  const predict = predictor(law, runs.train);
  const predicted = refits.map((of) => {
    const out = new Float64Array(runs.train.rows).fill(NaN);
    for (const [fold, { theta }] of of.entries()) {
      const all = predict(theta);
      for (const row of folds.held[fold]) out[row] = all[row];
    }
    return out;
  });
  return { searched, predicted, unconverged: refits.flat().filter((r) => !r.converged).length, curve: await learn() };

  async function learn(): Promise<Judged["curve"]> {
    if (curve === undefined) return null;
    const refitted = await run(curve.samples, RANDOM / 2, tickCurve);
    if (refitted.some((of) => of.length < curve.samples.count)) return null;
    const valueAt = predictor(law, runs.train);
    return curve.sizes.map((size, s) => {
      const needed = Math.ceil((law.size * curve.samples.blocks) / runs.train.rows);
      if (size < needed) return null;
      return Array.from({ length: curve.repeats }, (_, repeat) => {
        const sample = repeat * curve.sizes.length + s;
        const errors = refitted.map((of, t) => {
          const [all, y] = [valueAt(of[sample].theta), runs.train.losses[t]];
          const rows = [...curve.held[sample]].filter((row) => !Number.isNaN(y[row]) && y[row] !== 0);
          return mean(rows.map((row) => (100 * Math.abs(all[row] - y[row])) / Math.abs(y[row])));
        });
        return mean(errors);
      });
    });
  }
}

interface Concluding {
  readonly by: By;
  readonly folds: Folds;
  readonly curve: ReturnType<typeof curveOf> | undefined;
  readonly failed: Validation["failed"];
  readonly settings: FitSettings;
  readonly timing: Validation["timing"];
}

function conclude(judged: readonly Judged[], runs: Runs, { by, folds, curve, failed, settings, timing }: Concluding): Validation {
  const set = by === "test" && runs.test !== undefined ? runs.test : runs.train;
  const { level, seed } = settings;
  const scored = judged.map(({ searched, predicted, unconverged }) => {
    const targets = runs.targets.map((_, t) => heldScore(predicted[t], set.losses[t], set, runs.domains.length, folds.held));
    return { searched, predicted, unconverged, targets, mean: meanScore(targets.filter((s) => s !== undefined)) };
  });
  const ranked = scored.toSorted((a, b) => (a.mean.mrePercent ?? a.mean.rmse) - (b.mean.mrePercent ?? b.mean.rmse));
  const laws = ranked.map(({ searched, predicted, unconverged, targets, mean: over }, place): LawScore => {
    const { difference, interval } = compare(predicted, ranked[0].predicted, set.losses, folds, level, seed);
    return {
      law: searched.law.law.name,
      parameters: searched.law.size,
      mean: over,
      behind: place === 0 ? null : { difference, interval },
      ...told(searched, settings),
      targets: Object.fromEntries(
        runs.targets.flatMap((name, t): [string, HeldScore][] => (targets[t] === undefined ? [] : [[name, targets[t]]])),
      ),
      unconverged,
    };
  });
  return {
    schema: "mixlaw/validation@1",
    version: VERSION,
    data: { source: runs.source, sha256: runs.sha256, rows: runs.train.rows, targets: runs.targets },
    by,
    column: by === "group" || by === "largest" ? (runs.group ?? null) : null,
    held: folds.title,
    folds: folds.held.length,
    seed,
    level,
    laws,
    failed,
    nested: nestedGains(scored, set, folds, level, seed),
    curve: curve === undefined ? null : curvePoints(judged, curve),
    backend: { kind: judged[0].searched.searcher.kind, adapter: judged[0].searched.searcher.name },
    timing,
  };
}

/** Information criteria summed over the targets. */
function told({ law, problem, best }: Searched, settings: FitSettings): { aicc: number | null; bic: number } {
  const each = best.flatMap((b, t) => {
    if (b === undefined) return [];
    const rows = problem.packed.weights[t].filter((w) => w > 0).length;
    return [criteria(b.objective, corner(settings), rows, law.size)];
  });
  return {
    aicc: each.reduce<number | null>((sum, { aicc }) => (sum === null || aicc === null ? null : sum + aicc), 0),
    bic: each.reduce((sum, { bic }) => sum + bic, 0),
  };
}

/** For each law that contains another of those asked for, directly or through others. */
function nestedGains(
  scored: readonly { searched: Searched; predicted: readonly Predicted[] }[],
  set: RunSet,
  folds: Folds,
  level: number,
  seed: number,
): Nested[] {
  const contains = (larger: Law, name: string): boolean =>
    Object.keys(larger.contains).some((inner) => {
      const law = scored.find(({ searched }) => searched.law.law.name === inner)?.searched.law.law;
      return inner === name || (law !== undefined && contains(law, name));
    });
  return scored.flatMap((larger) =>
    scored
      .filter((smaller) => contains(larger.searched.law.law, smaller.searched.law.law.name))
      .map((smaller): Nested => {
        const { difference, interval, p } = compare(smaller.predicted, larger.predicted, set.losses, folds, level, seed);
        return { smaller: smaller.searched.law.law.name, larger: larger.searched.law.law.name, gain: difference, interval, p };
      }),
  );
}

const curvePoints = (judged: readonly Judged[], { sizes }: ReturnType<typeof curveOf>): CurvePoint[] =>
  sizes.map((mixtures, s) => ({
    mixtures,
    laws: Object.fromEntries(
      judged.map(({ searched, curve }) => {
        const errors = curve?.[s] ?? null;
        const sorted = Float64Array.from(errors ?? []).sort();
        const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
        return [searched.law.law.name, errors === null ? null : { mrePercent: middle, quartiles: [low, high] as const }];
      }),
    ),
  }));
