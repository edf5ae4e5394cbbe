/**
 * A fit of some laws to all targets of the runs: each law is searched, then its profiles and its
 * bootstrap are made, then a report of every target.
 */
import { backendUsed } from "./backends.ts";
import { pause } from "../base/pauses.ts";
import { RisingProgress } from "../base/rising-progress.ts";
import type { Watch } from "../base/watch.ts";
import { itemAt } from "../base/known.ts";
import { given } from "../base/objects.ts";
import type { Claim } from "../base/claims.ts";
import { AbortedError, type InputError, withPartial } from "../base/errors.ts";
import { finding } from "../base/verdict.ts";
import {
  type FitOptions,
  type FitSettings,
  fitSettings,
  type Progress,
} from "../options/fit-options.ts";
import { VERSION } from "../base/version.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { errorBlocks } from "../data/runs/shared-errors.ts";
import type { BoundLaw } from "../laws/bind.ts";
import { checkSymbols } from "../laws/check-symbols.ts";
import type { Law } from "../laws/law.ts";
import { bindAll } from "./bind-to-runs.ts";
import { examineFits } from "./examine-fits.ts";
import { reportFit } from "./fit-report.ts";
import {
  bootstrapIterations,
  bootstrapLaw,
  checkBlocks,
  type Replicates,
} from "./inference/bootstrap.ts";
import { sampleSizes } from "./large/polish-all-rows.ts";
import { sampleOf } from "./large/row-sample.ts";
import { chooseLaw } from "./backtest/choose-law.ts";
import {
  type BacktestTask,
  beginBacktests,
  type BegunBacktests,
  plannedLadder,
  runBacktests,
} from "./backtest/run-backtests.ts";
import { profileFits } from "./profile/profile-fits.ts";
import { checkCommon } from "./common/check-common.ts";
import { checkProfiled } from "./profile/profiled-parameters.ts";
import type { Profiles } from "./profile/summary.ts";
import { nothingFound } from "./checks/check-data.ts";
import { dataSection } from "./result/data-section.ts";
import type { FailedFit, Fit, FitFile } from "./result/fit-file.ts";
import type { Backtests } from "./result/backtests.ts";
import { type Pool, asStage, type Resources } from "./search/pool.ts";
import { searchAll, type SearchedLaw, type SearchingLaw } from "./search-laws.ts";

/** A fit under way. */
interface FitWork {
  /** The laws that were asked for. `order` also has the laws that these contain. */
  readonly laws: readonly Law[];
  readonly order: readonly BoundLaw[];
  readonly runs: Runs;
  readonly options: FitOptions;
  readonly progress: RisingProgress<Progress>;
  readonly settings: FitSettings;
  /** Parameters to profile. */
  readonly names: readonly string[];
  readonly fits: Fit[];
  readonly failed: FailedFit[];
  /** Why the data refuse laws that were asked for. */
  readonly refusals: InputError[];
  /** `stageEnds` by law: progress asks for them often. */
  readonly ends: Map<BoundLaw, StageEnds>;
  /** Back-tests that were begun beside the search, by law. */
  readonly begun: Map<BoundLaw, BegunBacktests>;
  readonly timing: Record<string, number>;
  /** The file's section on the runs. */
  readonly data: FitFile["data"];
  backend: FitFile["backend"] | undefined;
}

/** What became of a fit of some laws. */
export interface FitOutcome {
  readonly file: FitFile;
  /** Why the data refuse some of the laws and targets; these are among the file's `failed` too. */
  readonly refusals: readonly InputError[];
}

/**
 * The fit file. A law that fails at a target costs the others nothing. Rejects with InputError for
 * options that cannot be used, and with AbortedError when the signal fires. The `partial` of any
 * error is the file of what was found.
 */
export async function fitLaws(
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
  resources: Resources,
): Promise<FitOutcome> {
  const began = performance.now();
  const work = beginFit(laws, runs, options);
  const found = (): FitFile | undefined => {
    work.timing["total"] = (performance.now() - began) / 1000;
    return work.fits.length > 0 ? fileOf(work) : undefined;
  };
  try {
    await fitAll(work, resources);
  } catch (error) {
    throw withPartial(error, found());
  }
  if (isStopped(work)) throw new AbortedError(found());
  return { file: found() ?? fileOf(work), refusals: work.refusals };
}

/** Fits law after law. */
async function fitAll(work: FitWork, resources: Resources): Promise<void> {
  const { laws, runs, options, order, settings, timing } = work;
  const iterations = bootstrapIterations(runs.targets.length, settings);
  const refits = settings.bootstrap > 0 ? { blocks: errorBlocks(runs), iterations } : undefined;
  const report = (progress: Progress, place: number): void =>
    tell(work, progress, place, 0, stageEnds(work, itemAt(order, place)).search);
  const refuse = (law: BoundLaw, target: number, error: InputError): void =>
    noteRefusal(work, law, target, error);
  const { signal } = options;
  const begun = (law: SearchingLaw): void => beginTests(work, law, resources);
  const request = { order, asked: laws, runs, settings, refits, signal, report, refuse, begun };
  for await (const searched of searchAll(request, resources)) {
    const { law, searcher, seconds } = searched;
    timing[law.law.name] = seconds;
    if (work.backend?.kind !== "webgpu") work.backend = backendUsed(searcher);
    if (laws.includes(law.law)) await addFits(work, searched, resources);
    if (!isStopped(work)) work.progress.reach((order.indexOf(law) + 1) / order.length);
  }
}

/** What the data refuse of a law that was asked for is a failure. */
function noteRefusal(work: FitWork, { law }: BoundLaw, target: number, error: InputError): void {
  if (!work.laws.includes(law)) return;
  work.refusals.push(error);
  work.failed.push(failedFit(work, law.name, target, "data-refused", error));
}

const failedFit = (
  { runs }: FitWork,
  law: string,
  target: number,
  code: Claim,
  { message }: InputError,
): FailedFit => ({
  law,
  target: itemAt(runs.targets, target),
  findings: [finding(code, message)],
});

/** Checks everything before the first law is fitted. */
function beginFit(laws: readonly Law[], runs: Runs, options: FitOptions): FitWork {
  const settings = fitSettings(options);
  const { profile: names = [] } = options;
  const order = bindAll(laws, runs, settings);
  const asked = order.filter((bound) => laws.includes(bound.law));
  checkSymbols(asked, settings);
  checkProfiled(asked, names);
  checkCommon(asked, runs, settings, names);
  if (settings.bootstrap > 0) checkBlocks(runs);
  const data = dataSection(runs);
  const empty = { fits: [], failed: [], refusals: [], timing: {}, backend: undefined };
  const progress = new RisingProgress(options.onProgress);
  return {
    laws,
    order,
    runs,
    options,
    settings,
    names,
    progress,
    ends: new Map(),
    begun: new Map(),
    data,
    ...empty,
  };
}

const isStopped = ({ options }: FitWork): boolean => options.signal?.aborted === true;

/** What is asked for beside the fits of a law, each by target, as far as it came. */
interface Inference {
  profiles?: readonly (Profiles | undefined)[];
  backtests?: readonly (Backtests | undefined)[];
  replicates?: readonly Replicates[] | undefined;
}

/**
 * Adds a searched law's fits, by target, with the profiles and the bootstrap that were asked for.
 * They are added too where one of these fails, without it.
 */
async function addFits(work: FitWork, searched: SearchedLaw, resources: Resources): Promise<void> {
  const { pool } = resources;
  const { runs, settings } = work;
  const { law, scales, best, targets } = searched;
  for (const target of isStopped(work) ? [] : targets) {
    if (best[target] !== undefined) continue;
    const error = nothingFound(law, runs, target, itemAt(scales, target), settings);
    work.failed.push(failedFit(work, law.law.name, target, "nothing-finite", error));
  }
  const inference: Inference = {};
  // A shard has parts of them, and nothing to report.
  const examined =
    pool.plan === undefined
      ? await asStage(pool, "inference", () =>
          examineFits(searched, runs, settings, pool, work.options.signal),
        )
      : [];
  try {
    if (!isStopped(work)) await infer(inference, work, searched, resources);
  } finally {
    for (const fit of examined) {
      await pause(); // a report of many parameters takes long
      const { target } = fit.fit;
      const { faults = [] } = searched.searcher;
      const inferred = {
        profiles: inference.profiles?.[target],
        backtests: inference.backtests?.[target],
        replicates: inference.replicates?.[target],
        faults,
      };
      work.fits.push(await asStage(pool, "inference", () => reportFit(fit, inferred)));
    }
  }
}

async function infer(
  inference: Inference,
  work: FitWork,
  searched: SearchedLaw,
  resources: Resources,
): Promise<void> {
  const { pool } = resources;
  inference.profiles = await profilesOf(work, searched, pool);
  inference.backtests = await backtestsOf(work, searched, resources);
  inference.replicates = await replicatesOf(work, searched, pool);
}

async function profilesOf(
  work: FitWork,
  { law, best, scales, problem }: SearchedLaw,
  pool: Pool,
): Promise<readonly (Profiles | undefined)[]> {
  const { names, runs, settings } = work;
  if (names.length === 0) return [];
  const thetas = best.map((fit) => fit?.theta);
  const ends = stageEnds(work, law);
  const watch = watchOf(work, law, "profile", ends.search, ends.profile);
  const strengths = problem.penalties?.strengths;
  const asked = { law, thetas, scales, names, runs, settings, strengths };
  return asStage(pool, "profiles", () => profileFits(asked, pool, watch));
}

/** What back-tests of a law will be made with: a sample where the law is searched on one. */
function testedRuns({ runs, settings }: FitWork, { size }: BoundLaw): Runs {
  const [rows] = sampleSizes(runs.train.rows, size);
  return rows === undefined ? runs : sampleOf(runs, rows, settings.seed);
}

/** What a law's back-tests are; undefined where there are none. */
function backtestTask(work: FitWork, searching: SearchingLaw): BacktestTask | undefined {
  const { settings } = work;
  const { runs, problem } = searching.sample ?? { runs: work.runs, problem: searching.problem };
  const ladder = plannedLadder(searching.law, runs, settings);
  return ladder && { tested: { ...searching, problem }, ladder, runs, settings };
}

/** Begins the back-tests of a law that was asked for, where they can be made beside its search. */
function beginTests(work: FitWork, searching: SearchingLaw, resources: Resources): void {
  if (!work.laws.includes(searching.law.law)) return;
  const task = backtestTask(work, searching);
  const begun = task && beginBacktests(task, resources, work.options.signal);
  if (begun !== undefined) work.begun.set(searching.law, begun);
}

async function backtestsOf(
  work: FitWork,
  searched: SearchedLaw,
  resources: Resources,
): Promise<readonly (Backtests | undefined)[]> {
  const { timing, begun } = work;
  const { law, best } = searched;
  const task = backtestTask(work, searched);
  if (task === undefined) return [];
  const started = performance.now();
  const ends = stageEnds(work, law);
  const watch = watchOf(work, law, "backtest", ends.profile, ends.backtest);
  const backtests = await asStage(resources.pool, "back-tests", () =>
    runBacktests(task, best, resources, watch, begun.get(law)),
  );
  timing[`${law.law.name} back-tests`] = (performance.now() - started) / 1000;
  return backtests;
}

async function replicatesOf(
  work: FitWork,
  searched: SearchedLaw,
  pool: Pool,
): Promise<readonly Replicates[] | undefined> {
  const { runs, settings, timing } = work;
  if (settings.bootstrap === 0) return undefined;
  const started = performance.now();
  const { law } = searched;
  const watch = watchOf(work, law, "bootstrap", stageEnds(work, law).backtest, 1);
  const replicates = await asStage(pool, "bootstrap", () =>
    bootstrapLaw(searched, runs, settings, pool, watch),
  );
  timing[`${law.law.name} bootstrap`] = (performance.now() - started) / 1000;
  return replicates;
}

/** The parts of a law's progress, where it has them. */
const PARTS = { search: 0.7, profile: 0.3, backtest: 0.2, bootstrap: 2 } as const;

/** Up to where in a law's progress its stages go; the bootstrap has the rest. */
type StageEnds = Readonly<Record<"search" | "profile" | "backtest", number>>;

function stageEnds(work: FitWork, bound: BoundLaw): StageEnds {
  const { laws, names, settings, ends } = work;
  const known = ends.get(bound);
  if (known !== undefined) return known;
  const isAsked = laws.includes(bound.law);
  const isTested = isAsked && plannedLadder(bound, testedRuns(work, bound), settings) !== undefined;
  const search = PARTS.search;
  const profile = search + (isAsked && names.length > 0 ? PARTS.profile : 0);
  const backtest = profile + (isTested ? PARTS.backtest : 0);
  const all = backtest + (isAsked && settings.bootstrap > 0 ? PARTS.bootstrap : 0);
  const shares = { search: search / all, profile: profile / all, backtest: backtest / all };
  ends.set(bound, shares);
  return shares;
}

/** Reports progress of a stage that is the part of a law's from `from` to `to`. */
function tell(work: FitWork, progress: Progress, place: number, from: number, to: number): void {
  const share = from + progress.fraction * (to - from);
  work.progress.report({ ...progress, fraction: (place + share) / work.order.length });
}

function watchOf(
  work: FitWork,
  law: BoundLaw,
  stage: Progress["stage"],
  from: number,
  to: number,
): Watch {
  const place = work.order.indexOf(law);
  return {
    signal: work.options.signal,
    tick: (fraction) => tell(work, { law: law.law.name, stage, fraction }, place, from, to),
  };
}

function fileOf(work: FitWork): FitFile {
  const { laws, data, settings, backend, failed, timing } = work;
  const fits = [...new Set(laws)].flatMap((law) => work.fits.filter((fit) => fit.law === law.name));
  return {
    schema: "mixlaw/fit@2",
    version: VERSION,
    data,
    settings,
    backend: backend ?? backendUsed({ kind: "cpu", name: "" }),
    fits,
    ...(failed.length === 0 ? {} : { failed }),
    ...given({ chosen: chooseLaw(fits) }),
    ...definitionsOf(laws),
    timing,
  };
}

/** The formulas that laws beyond the catalog were made of. */
function definitionsOf(laws: readonly Law[]): Pick<FitFile, "definitions"> {
  const definitions = laws.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [[name, definition] as const],
  );
  return definitions.length === 0 ? {} : { definitions: Object.fromEntries(definitions) };
}
