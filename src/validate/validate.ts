/**
 * How well laws predict runs that they were not fitted to. Each law is searched once on all the
 * runs, for its information criteria; then it is refitted to all folds and targets as one batch,
 * from random starts that know nothing of that search.
 */
import { LIMITS } from "../options/limits.ts";
import * as v from "valibot";
import { secondsOf } from "../records/duration.ts";
import { given } from "../base/objects.ts";
import { untilDeadline } from "../records/until-deadline.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { listed } from "../base/wording.ts";
import { AbortedError, InputError, ShardDoneError, withPartial } from "../base/errors.ts";
import { RisingProgress } from "../base/rising-progress.ts";
import {
  FIT_ENTRIES,
  type FitOptions,
  fitSettings,
  type Progress,
} from "../options/fit-options.ts";
import {
  anObject,
  aRunSize,
  aSwitch,
  aWhole,
  type EntriesOf,
  oneOf,
  readOptions,
} from "../options/option-schema.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { bindAll } from "../fit/bind-to-runs.ts";
import { checkCommon } from "../fit/common/check-common.ts";
import { recordedResources } from "../fit/records/recorded-resources.ts";
import { jobOfRuns } from "../fit/records/runs-job.ts";
import { formsOf } from "../fit/per-target-laws.ts";
import type { Resources } from "../fit/search/pool.ts";
import type { SearchedLaw } from "../fit/search-laws.ts";
import { checkSymbols } from "../laws/check-symbols.ts";
import type { Law } from "../laws/law.ts";
import type { TargetScale } from "./backtests.ts";
import { conclude } from "./conclude.ts";
import { type By, BY, curveOf, foldsOf, usual } from "./folds.ts";
import { withLargestSize } from "./largest-size.ts";
import { checkCost } from "../fit/checks/check-cost.ts";
import { type Judged, type Judging, refitStarts } from "./judge.ts";
import {
  judgeAll,
  judgeForms,
  obstacleOf,
  type Outcome,
  type ReportedJudging,
} from "./judge-laws.ts";
import type { Validation } from "./validation.ts";

/** How laws are validated. Each option says its default. */
export interface ValidateOptions extends Omit<
  FitOptions,
  "bootstrap" | "resampling" | "profile" | "rows"
> {
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
  /**
   * The run to plan: the error to expect there is told, from back-tests. Default: as far out as the
   * runs' own test rows.
   */
  readonly at?: TargetScale;
}

const VALIDATE = anObject({
  ...v.omit(v.object(FIT_ENTRIES), ["bootstrap", "resampling", "profile", "rows"]).entries,
  by: v.optional(oneOf(BY)),
  folds: v.optional(aWhole(2, LIMITS.folds.most), 5),
  curve: v.optional(aSwitch, false),
  at: v.optional(anObject({ params: v.optional(aRunSize), tokens: v.optional(aRunSize) })),
} satisfies EntriesOf<ValidateOptions>);

/** Mixtures on the learning curve, and how often each number of them is drawn. */
const SIZES = [5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100] as const;
const REPEATS = 9;

/** A validation under way. */
interface Work {
  readonly runs: Runs;
  readonly by: By;
  readonly at: TargetScale | undefined;
  readonly judging: Judging;
  readonly progress: RisingProgress<Progress>;
  readonly judged: Judged[];
  readonly failed: { law: string; why: string }[];
  /** Every law that was searched, by name; but for those with a form for each target. */
  readonly known: Map<string, SearchedLaw>;
  readonly timing: Record<string, number>;
}

/**
 * Throws InputError for runs or options that cannot be validated; a law alone that the runs do not
 * suffice for is among `failed`. Rejects with AbortedError when the signal fires. The `partial` of
 * any error is the Validation of the laws that were done.
 * @example (await validate(engine.resources, [laws.simple, laws.additive], runs, { by: "mixture"
 *   })).laws[0].law // the law that predicts best
 */
export async function validate(
  resources: Resources,
  laws: readonly Law[],
  runs: Runs,
  options: ValidateOptions = {},
): Promise<Validation> {
  return untilDeadline(
    secondsOf(options.deadline),
    options.signal,
    (signal) => validateLaws(resources, laws, runs, { ...options, ...given({ signal }) }),
    (partial) => ({ ...partial, ...given({ unfinished: unfinishedValidation(partial, laws) }) }),
  );
}

/** What the deadline left undone: nothing, where it came after the last law. */
function unfinishedValidation(
  { laws, failed }: Validation,
  asked: readonly Law[],
): Finding | undefined {
  const done = new Set([...laws, ...failed].map(({ law }) => law));
  const missing = [...new Set(asked.map(({ name }) => name))].filter((name) => !done.has(name));
  if (missing.length === 0) return undefined;
  const verb = missing.length === 1 ? "was" : "were";
  return finding(
    "deadline-passed",
    `the deadline came before ${listed(missing)} ${verb} validated`,
    missing,
  );
}

async function validateLaws(
  resources: Resources,
  laws: readonly Law[],
  runs: Runs,
  options: ValidateOptions,
): Promise<Validation> {
  const work = beginValidation(recordedResources(resources, options.records), runs, options);
  const refits = { starts: refitStarts(work.judging), option: "folds" };
  checkCost(laws, runs, work.judging.settings, refits);
  const { by, at } = work;
  const { folds, curve } = options;
  const how = { ...work.judging.settings, by, at, folds, curve };
  await options.records?.begin(jobOfRuns("validate", laws, runs, how));
  const { judging, judged, failed, timing } = work;
  const began = performance.now();
  const found = (): Validation | undefined => {
    timing["total"] = (performance.now() - began) / 1000;
    return judged.length === 0 ? undefined : conclude({ ...work, ...judging });
  };
  try {
    await judgeLaws(work, checkedLaws(work, laws));
  } catch (error) {
    throw withPartial(error, found());
  }
  const result = found();
  if (judging.signal?.aborted === true) throw new AbortedError(result);
  if (options.records?.shard !== undefined) throw new ShardDoneError();
  work.progress.reach(1);
  if (result === undefined) throw noneLeft(failed);
  return result;
}

/** Reads the options and decides what is held out. */
function beginValidation(resources: Resources, runs: Runs, options: ValidateOptions): Work {
  const read = readOptions("validate", VALIDATE, options);
  const { by = usual(runs), folds: count, curve: isCurved, at, ...fitting } = read;
  const settings = fitSettings(fitting);
  const { signal, onProgress } = options;
  const asked = foldsOf(runs, by, count, settings.seed);
  const { folds, largest } = withLargestSize(runs, by, asked);
  const curve = isCurved ? curveOf(runs, SIZES, REPEATS, settings.seed) : undefined;
  const judging = { folds, largest, curve, settings, resources, signal };
  return {
    runs,
    by,
    at,
    judging,
    progress: new RisingProgress(onProgress),
    judged: [],
    failed: [],
    known: new Map(),
    timing: {},
  };
}

/**
 * The laws that can be validated; the others are noted as failed. Throws InputError where none can,
 * and for parameters that none has.
 */
function checkedLaws({ runs, judging, failed }: Work, laws: readonly Law[]): Law[] {
  const { folds, settings } = judging;
  const able = [...new Set(laws)].filter((law) => {
    const why = obstacleOf(law, runs, folds, settings);
    if (why !== undefined) failed.push({ law: law.name, why });
    return why === undefined;
  });
  if (able.length === 0) throw noneLeft(failed);
  const forms = able.map((law) => formsOf(law, runs)[0].law);
  const bound = bindAll(forms, runs, settings).filter(({ law }) => forms.includes(law));
  checkSymbols(bound, settings);
  checkCommon(bound, runs, settings, []);
  return able;
}

/** Judges laws with one form for all targets together, then those with a form for each. */
async function judgeLaws(work: Work, laws: readonly Law[]): Promise<void> {
  const { runs, judging, progress, known } = work;
  /** How the laws are judged whose progress is `share` laws of all, from the `from`-th on. */
  const partOf = (from: number, share: number): ReportedJudging => ({
    ...judging,
    report: (part) =>
      progress.report({ ...part, fraction: (from + share * part.fraction) / laws.length }),
  });
  const plain = laws.filter((law) => law.forDomain === undefined);
  const families = laws.filter((law) => law.forDomain !== undefined);
  if (plain.length > 0)
    for await (const outcome of judgeAll(plain, runs, partOf(0, plain.length), known))
      take(work, outcome);
  for (const [n, law] of families.entries()) {
    if (judging.signal?.aborted === true) break;
    take(work, await judgeForms(law, runs, partOf(plain.length + n, 1)));
  }
}

function take({ judged, failed, timing }: Work, outcome: Outcome): void {
  const { law, seconds, why } = outcome;
  if (outcome.judged !== undefined) judged.push(outcome.judged);
  if (why !== undefined) failed.push({ law: law.name, why });
  timing[law.name] = seconds;
}

const noneLeft = (failed: readonly { readonly law: string; readonly why: string }[]): InputError =>
  new InputError(
    `no law can be validated on these runs. ${failed.map(({ law, why }) => `${law}: ${why}`).join(" ")}`,
    { option: "law" },
  );
