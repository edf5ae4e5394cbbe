/**
 * How well laws predict runs that they were not fitted to. Each law is searched once on all the runs; then all folds and targets are refitted as one batch, from random starts and from the optima
 * of that search, of which those that know nothing of the rows held out are preferred: see `RefitTask.blind`.
 */
import type { Runs } from "../data/runset.ts";
import { AbortedError, InputError } from "../errors.ts";
import { checkData, nothingFound } from "../fit/check.ts";
import { bindAll, type Means, type Searched, searchAll } from "../fit/searchall.ts";
import { randomStarts } from "../fit/starts.ts";
import type { Law } from "../laws/define.ts";
import { checkSymbols } from "../laws/symbols.ts";
import { type FitOptions, type FitSettings, fitSettings } from "../options.ts";
import { conclude } from "./conclude.ts";
import { type By, curveOf, type Folds, foldsOf } from "./folds.ts";
import { type Judged, judge } from "./judge.ts";
import type { Validation } from "./result.ts";

export interface ValidateOptions extends Omit<FitOptions, "bootstrap" | "resampling" | "profile"> {
  /**
   * What is held out: folds of the runs' group column, the rows with its largest value, folds of the distinct mixtures, folds of rows, or the runs' own test rows.
   * Default: the test rows where there are some, else the group column where there is one, else mixtures where there are any, else rows.
   */
  readonly by?: By;
  /** Default 5. */
  readonly folds?: number;
  /** The error on unseen mixtures against the number of mixtures that are fitted. Default false. */
  readonly curve?: boolean;
}

/** Mixtures on the learning curve, and how often each number of them is drawn. */
const SIZES = [5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100] as const;
const REPEATS = 9;
/** The search's part of a law's progress. */
const SEARCH = 0.5;

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
  const by = options.by ?? usual(runs);
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
  const nothingDone = (): InputError =>
    new InputError(`no law can be validated on these runs. ${failed.map(({ law, why }) => `${law}: ${why}`).join(" ")}`, { flag: "--law" });
  if (fits.length === 0) throw nothingDone();
  const order = bindAll(fits, runs, settings);
  checkSymbols(order.filter(({ law }) => fits.includes(law)), settings); // prettier-ignore
  const judged: Judged[] = [];
  const known = new Map<string, Searched>();
  const timing: Record<string, number> = {};
  const searches = searchAll(order, fits, runs, settings, means, signal, (p, place) =>
    options.onProgress?.({ ...p, fraction: (place + SEARCH * p.fraction) / order.length }),
  );
  for await (const searched of searches) {
    if (signal?.aborted === true) break;
    const { law, best, scales, seconds } = searched;
    const { name } = law.law;
    known.set(name, searched);
    if (!fits.includes(law.law)) continue;
    const lost = best.indexOf(undefined);
    if (lost >= 0) {
      const starts = randomStarts(law, scales[lost], settings.seed, settings.restarts);
      failed.push({ law: name, why: nothingFound(law, runs, lost, starts).message });
      continue;
    }
    const started = performance.now();
    const one = await judge(searched, { runs, folds, curve, settings, means, signal }, (done) =>
      options.onProgress?.({
        law: name,
        stage: "validate",
        fraction: (order.indexOf(law) + SEARCH + done * (1 - SEARCH)) / order.length,
      }),
    );
    if (one === undefined) break;
    judged.push(one);
    timing[name] = seconds + (performance.now() - started) / 1000;
  }
  timing["total"] = (performance.now() - began) / 1000;
  const about = { by, folds, curve, failed, settings, timing, known };
  const result = judged.length === 0 ? undefined : conclude(judged, runs, about);
  if (signal?.aborted === true) throw new AbortedError(result);
  if (result === undefined) throw nothingDone();
  return result;
}

function usual({ test, train, domains }: Runs): By {
  if (test !== undefined) return "test";
  if (train.groups !== undefined) return "group";
  return domains.length > 0 ? "mixture" : "row";
}

/** Why a law cannot be validated on these runs; undefined where it can. */
function problemOf(law: Law, runs: Runs, { samples, held }: Folds, settings: FitSettings): string | undefined {
  if (law.forDomain !== undefined) return "it has a form for each target, which validate does not take.";
  try {
    const [bound] = bindAll([law], runs, settings).slice(-1);
    checkData(bound, runs, settings);
    if (samples === undefined) return undefined;
    for (const [t, losses] of runs.train.losses.entries()) {
      const [all, ...without] = [[], ...held].map((rows) => losses.length - rows.length - gaps(losses, rows));
      const least = Math.min(...without);
      if (least < bound.size)
        return `with ${all - least} rows held out, ${least} rows of ${runs.targets[t]} are left to fit its ${bound.size} parameters.`;
    }
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** How many rows that are not held out have no loss. */
function gaps(losses: Float64Array, held: ArrayLike<number>): number {
  const missing = (rows: Iterable<number>): number => [...rows].filter((row) => Number.isNaN(losses[row])).length;
  return missing(losses.keys()) - missing(Array.from(held));
}
