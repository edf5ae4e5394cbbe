/**
 * How well laws predict runs that they were not fitted to. Each law is searched once on all the
 * runs, for what is said of all of them; then all folds and targets are refitted as one batch, from
 * random starts that know nothing of that search.
 */
import * as v from "valibot";
import type { Runs } from "../data/runs/run-set.ts";
import { AbortedError, InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import {
  anObject,
  aSwitch,
  aWhole,
  type EntriesOf,
  oneOf,
  readOptions,
} from "../base/option-schema.ts";
import { checkData } from "../fit/result/check-data.ts";
import { only } from "../fit/per-target-laws.ts";
import { bindAll } from "../fit/bind-to-runs.ts";
import { type Resources, searchAll, type SearchedLaw } from "../fit/search-laws.ts";
import type { Law } from "../laws/law.ts";
import { lawFor } from "../laws/family.ts";
import { checkSymbols } from "../laws/check-symbols.ts";
import {
  FIT_ENTRIES,
  type FitOptions,
  type FitSettings,
  fitSettings,
  type Progress,
} from "../base/fit-options.ts";
import { conclude } from "./conclude.ts";
import { type By, BY, curveOf, type Folds, foldsOf, usual } from "./folds.ts";
import { fewestRows, judge, type Judged, type Judging, refitsOf, together } from "./judge.ts";
import type { Validation } from "./validation.ts";

/** How laws are validated; what is left out has the default that is named. */
export interface ValidateOptions extends Omit<FitOptions, "bootstrap" | "resampling" | "profile"> {
  /**
   * What is held out: folds of the runs' group column, the rows with its largest value, folds of
   * the distinct mixtures, folds of rows, or the runs' own test rows. Default: the test rows where
   * there are some, else the group column where there is one, else mixtures where there are any,
   * else rows.
   */
  readonly by?: By;
  /** Number of folds. Default 5. */
  readonly folds?: number;
  /** The error on unseen mixtures against the number of mixtures that are fitted. Default false. */
  readonly curve?: boolean;
}

const VALIDATE = anObject({
  ...v.omit(v.object(FIT_ENTRIES), ["bootstrap", "resampling", "profile"]).entries,
  by: v.optional(oneOf(BY)),
  folds: v.optional(aWhole(2), 5),
  curve: v.optional(aSwitch, false),
} satisfies EntriesOf<ValidateOptions>);

/** Mixtures on the learning curve, and how often each number of them is drawn. */
const SIZES = [5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100] as const;
const REPEATS = 9;
/** The search's part of a law's progress. */
const SEARCH = 0.5;

interface Work extends Judging {
  readonly report: (progress: Progress) => void;
}

/** Without `judged` and `why`: interrupted. */
interface Outcome {
  readonly law: Law;
  readonly seconds: number;
  readonly judged?: Judged;
  readonly why?: string;
}

/**
 * Throws InputError for runs or options that cannot be validated; a law alone that the runs do not
 * suffice for is among `failed`. Rejects with AbortedError when the signal fires: its `partial` is
 * the Validation of the laws that were done.
 * @example (await validate(engine.resources, [laws.simple, laws.additive], runs, { by: "mixture"
 *   })).laws[0].law // the law that predicts best
 */
export async function validate(
  resources: Resources,
  laws: readonly Law[],
  runs: Runs,
  options: ValidateOptions = {},
): Promise<Validation> {
  const {
    by = usual(runs),
    folds: count,
    curve: curved,
    ...fitting
  } = readOptions("validate", VALIDATE, options);
  const settings = fitSettings(fitting);
  const { signal } = options;
  const folds = foldsOf(runs, by, count, settings.seed);
  const curve = curved ? curveOf(runs, SIZES, REPEATS, settings.seed) : undefined;
  const began = performance.now();
  const failed: { law: string; why: string }[] = [];
  const fits = [...new Set(laws)].filter((law) => {
    const why = problemOf(law, runs, folds, settings);
    if (why !== undefined) failed.push({ law: law.name, why });
    return why === undefined;
  });
  if (fits.length === 0) throw noneLeft(failed);
  const forms = fits.map((law) => formsOf(law, runs)[0].law);
  checkSymbols(
    bindAll(forms, runs, settings).filter(({ law }) => forms.includes(law)),
    settings,
  );
  const plain = fits.filter((law) => law.forDomain === undefined);
  const families = fits.filter((law) => law.forDomain !== undefined);
  const judged: Judged[] = [];
  const known = new Map<string, SearchedLaw>();
  const timing: Record<string, number> = {};
  const part = (from: number, share: number): Work => {
    const report = (p: Progress): void =>
      options.onProgress?.({ ...p, fraction: (from + share * p.fraction) / fits.length });
    return { folds, curve, settings, resources, signal, report };
  };
  const take = ({ law, seconds, judged: one, why }: Outcome): void => {
    if (one !== undefined) judged.push(one);
    if (why !== undefined) failed.push({ law: law.name, why });
    timing[law.name] = seconds;
  };
  if (plain.length > 0)
    for await (const outcome of judgeAll(plain, runs, part(0, plain.length), known)) take(outcome);
  for (const [n, law] of families.entries()) {
    if (signal?.aborted === true) break;
    take(await judgeForms(law, runs, part(plain.length + n, 1)));
  }
  timing["total"] = (performance.now() - began) / 1000;
  const about = { by, folds, curve, failed, settings, timing, known };
  const result = judged.length === 0 ? undefined : conclude(judged, runs, about);
  if (signal?.aborted === true) throw new AbortedError(result);
  if (result === undefined) throw noneLeft(failed);
  return result;
}

const noneLeft = (failed: readonly { readonly law: string; readonly why: string }[]): InputError =>
  new InputError(
    `no law can be validated on these runs. ${failed.map(({ law, why }) => `${law}: ${why}`).join(" ")}`,
    { option: "law" },
  );

/** What a law is fitted as: itself to all targets, or its form for a target to each. */
function formsOf(law: Law, runs: Runs): readonly { readonly law: Law; readonly runs: Runs }[] {
  if (law.forDomain === undefined) return [{ law, runs }];
  return runs.targets.map((target, t) => ({
    law: lawFor(law, target, runs.domains),
    runs: only(runs, t),
  }));
}

/** Why a law cannot be validated on these runs; undefined where it can. */
function problemOf(
  law: Law,
  runs: Runs,
  { samples }: Folds,
  settings: FitSettings,
): string | undefined {
  try {
    for (const form of formsOf(law, runs)) {
      const [bound] = bindAll([form.law], form.runs, settings).slice(-1);
      checkData(bound, form.runs, settings);
      for (let fold = 0; fold < (samples?.count ?? 0); fold++) {
        const { rows, target } = fewestRows(
          form.runs.train,
          samples as NonNullable<typeof samples>,
          fold,
        );
        if (rows < bound.size)
          return `in a fold, ${rows} rows of ${form.runs.targets[target]} are left to fit its ${bound.size} parameters. Hold out less (${option("folds")}, ${option("by")}), or choose a smaller law.`;
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/**
 * Laws with one form for all targets, those that they contain searched first. `known` gets every
 * law that was searched, by name.
 */
async function* judgeAll(
  laws: readonly Law[],
  runs: Runs,
  work: Work,
  known: Map<string, SearchedLaw>,
): AsyncGenerator<Outcome> {
  const { settings, resources, signal, report } = work;
  const order = bindAll(laws, runs, settings);
  const at = (p: Progress, place: number): void =>
    report({ ...p, fraction: (place + p.fraction) / order.length });
  const refits = refitsOf(work, runs.targets.length);
  const tell = (p: Progress, place: number): void =>
    at({ ...p, fraction: SEARCH * p.fraction }, place);
  const searches = searchAll(
    { order, asked: laws, runs, settings, refits, signal, report: tell },
    resources,
  );
  for await (const searched of searches) {
    const { law } = searched.law;
    known.set(law.name, searched);
    if (!laws.includes(law)) continue;
    const started = performance.now();
    const place = order.indexOf(searched.law);
    const answer = await judge(searched, runs, work, (done) =>
      at({ law: law.name, stage: "validate", fraction: SEARCH + done * (1 - SEARCH) }, place),
    );
    const seconds = searched.seconds + (performance.now() - started) / 1000;
    if (answer === undefined) return;
    yield { law, seconds, ...("why" in answer ? answer : { judged: answer }) };
  }
}

/** A law with a form for each target. */
async function judgeForms(law: Law, runs: Runs, work: Work): Promise<Outcome> {
  const forms = formsOf(law, runs);
  const found: Judged[] = [];
  let seconds = 0;
  for (const [t, form] of forms.entries()) {
    const report = (p: Progress): void =>
      work.report({ ...p, fraction: (t + p.fraction) / forms.length });
    for await (const outcome of judgeAll([form.law], form.runs, { ...work, report }, new Map())) {
      seconds += outcome.seconds;
      if (outcome.why !== undefined) return { law, seconds, why: outcome.why };
      if (outcome.judged !== undefined) found.push(outcome.judged);
    }
  }
  return { law, seconds, ...(found.length < forms.length ? {} : { judged: together(law, found) }) };
}
