/**
 * The search of several laws on the same runs, smaller laws before those that contain them; what a
 * fit and a validation begin with.
 */
import type { InputError } from "../base/errors.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { errorBlocks } from "../data/runs/shared-errors.ts";
import { isAutomatic } from "../options/ridge-option.ts";
import { fitJointly } from "./common/fit-jointly.ts";
import { type ChosenStrength, chooseStrengths, withStrengths } from "./ridge/choose-strength.ts";
import { type Blocks, whole } from "../random/resampling.ts";
import type { BoundLaw } from "../laws/bind.ts";
import type { Law } from "../laws/law.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import type { FitSettings, Progress } from "../options/fit-options.ts";
import { given } from "../base/objects.ts";
import { polishAllRows, sampleSizes } from "./large/polish-all-rows.ts";
import { sampleOf } from "./large/row-sample.ts";
import { lossScale } from "./starts/loss-scale.ts";
import { refusal, refusalsOf } from "./checks/check-data.ts";
import { checkColumns } from "./checks/check-values.ts";
import { asStage, type Resources } from "./search/pool.ts";
import { poseProblem } from "./search/pose-problem.ts";
import type { Problem, Searcher } from "./search/problem.ts";
import { type Best, expectedIterations, searchLaw } from "./search/search.ts";
import type { StartSource } from "./starts/draws.ts";
import { startSource } from "./starts/start-source.ts";

/** Fits to samples of the runs that follow the search of a law. */
export interface Refits {
  /** Which runs stay together in samples. */
  readonly blocks: Blocks;
  /** Estimated iterations of all these fits together. */
  readonly iterations: number;
}

/** The laws to search, and how. */
export interface SearchRequest {
  /** In the order of `bindAll`: laws after those they contain. */
  readonly order: readonly BoundLaw[];
  /** Laws for which the user's own starts are meant, and that are refitted. */
  readonly asked: readonly Law[];
  readonly runs: Runs;
  readonly settings: FitSettings;
  /** Undefined where nothing is refitted. */
  readonly refits: Refits | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called with each law's progress and its place in the order. */
  readonly report: (progress: Progress, place: number) => void;
  /** Called when the search of a law has begun: what needs no fit of it can be done beside it. */
  readonly begun?: (law: SearchingLaw) => void;
  /** Called for a law and a target that the data refuse: the law is not searched there. */
  readonly refuse: (law: BoundLaw, target: number, error: InputError) => void;
}

/** One law that is being searched on all the runs. */
export interface SearchingLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** One a target, and so on. */
  readonly scales: readonly LossScale[];
  /** The targets that the data do not refuse. */
  readonly targets: readonly number[];
  readonly searcher: Searcher;
  readonly source: StartSource;
  /** What was searched in place of a large table; back-tests take it too. */
  readonly sample?: Sample;
  /** λ of the ridge by target, where it was found by cross-validation. */
  readonly chosen?: readonly (ChosenStrength | undefined)[];
}

/** One law, searched. */
export interface SearchedLaw extends SearchingLaw {
  /** One a target; undefined for a target at which nothing was found, or looked for. */
  readonly best: readonly (Best | undefined)[];
  readonly seconds: number;
}

/** A sample of the runs to fit, and the law's problem on it. */
export interface Sample {
  readonly runs: Runs;
  readonly problem: Problem;
}

/** A law ready to be searched. */
interface PosedLaw {
  readonly law: BoundLaw;
  readonly problem: Problem;
  /** The targets that it can be fitted to. */
  readonly targets: readonly number[];
  /** Samples of ever more rows; none where all rows are searched. */
  readonly samples: readonly Sample[];
  readonly searcher: Promise<Searcher>;
}

/**
 * Searches the laws one after the other: each starts from the fits of those it contains. Stops
 * between two when the signal fires. A law that the data refuse at every target is left out.
 */
export async function* searchAll(
  request: SearchRequest,
  resources: Resources,
): AsyncGenerator<SearchedLaw> {
  const { runs, signal, report } = request;
  const scales = runs.train.losses.map(lossScale);
  const done = new Map<string, SearchedLaw>();
  const { pool } = resources;
  const isStopped = (): boolean => signal?.aborted === true;
  const problems = await asStage(pool, "problems", () => poseAll(request, resources));
  for (const posed of problems) {
    if (isStopped()) return;
    const started = performance.now();
    const { law, targets } = posed;
    const place = request.order.indexOf(law);
    const endSearch = pool.trace?.begin({ name: `search ${law.law.name}`, kind: "stage" });
    const searcher = await asStage(pool, "backend", () => posed.searcher);
    const source = startSource(law, runs, scales, request.settings);
    const { nested, given: own } = startsOf(request, law, done);
    const { settings } = request;
    const chosen = await chosenStrengths(request, posed, source, resources);
    if (isStopped()) return;
    const [problem, samples] = chosen === undefined ? [posed.problem, posed.samples] : drawn(posed, chosen); // prettier-ignore
    const [sample] = samples;
    const searching = { law, problem, scales, targets, searcher, source, ...given({ sample, chosen }) }; // prettier-ignore
    const tell = (progress: Progress): void => report(progress, place);
    const searchedProblem = sample?.problem ?? problem;
    const isForStarts = isOnlyForStarts(request, law);
    const task = { ...searching, problem: searchedProblem, nested, given: own, settings, isForStarts }; // prettier-ignore
    const searches = searchLaw(task, searcher, pool, signal, tell);
    request.begun?.(searching);
    const found = await searches;
    const larger = [...samples.slice(1).map((other) => other.problem), problem];
    const watch = {
      signal,
      tick: () => tell({ law: law.law.name, stage: "polish", fraction: 1 }),
    };
    const alone =
      sample === undefined
        ? found
        : await asStage(pool, "polish on all rows", () =>
            polishAllRows({ best: found, problems: larger, besides: nested }, pool, watch),
          );
    const best =
      settings.common.length === 0 || !request.asked.includes(law.law)
        ? alone
        : await asStage(pool, "common parameters", () =>
            fitJointly({ law, problem, best: alone }, settings.common, pool, watch),
          );
    endSearch?.();
    const seconds = (performance.now() - started) / 1000;
    const searched = { ...searching, best, seconds };
    done.set(law.law.name, searched);
    yield searched;
  }
}

/**
 * Whether a law is searched only for a larger one, which starts from its fits: nobody asked for it,
 * nor for a number of starts.
 */
const isOnlyForStarts = (
  { asked, settings }: Pick<SearchRequest, "asked" | "settings">,
  { law }: BoundLaw,
): boolean => settings.adaptiveRestarts && !asked.includes(law);

/** λ of the ridge of each target, where it is to be found; on the sample of a large table. */
async function chosenStrengths(
  { runs, settings, signal, report, order }: SearchRequest,
  { law, problem, targets, samples }: PosedLaw,
  source: StartSource,
  { pool }: Resources,
): Promise<readonly (ChosenStrength | undefined)[] | undefined> {
  if (!isAutomatic(settings.ridge) || problem.penalties === undefined) return undefined;
  const own = samples[0] ?? { runs, problem };
  const task = {
    problem: own.problem,
    targets,
    losses: own.runs.train.losses,
    blocks: errorBlocks(own.runs),
    source,
    settings,
  };
  const tick = (): void =>
    report({ law: law.law.name, stage: "validate", fraction: 0 }, order.indexOf(law));
  return asStage(pool, "ridge", () => chooseStrengths(task, pool, { signal, tick }));
}

/** The problem and its samples with what was chosen. */
const drawn = (
  { problem, samples }: PosedLaw,
  chosen: readonly (ChosenStrength | undefined)[],
): readonly [Problem, readonly Sample[]] => [
  withStrengths(problem, chosen),
  samples.map((sample) => ({ ...sample, problem: withStrengths(sample.problem, chosen) })),
];

/** Problems of the laws that the data do not refuse, each with its searcher. */
function poseAll(request: SearchRequest, { pool, searcherFor }: Resources): PosedLaw[] {
  const { order, asked, settings, refits } = request;
  const posed = order.flatMap((law) => {
    const possible = pose(request, law);
    if (possible === undefined) return [];
    pool.hire?.(); // whatever searches, the polish is theirs: they start while the GPU is opened
    const { problem, targets } = possible;
    const samples = samplesOf(request, law, problem);
    const [sample] = samples;
    const isRefitted = sample === undefined && asked.includes(law.law);
    const more = isRefitted ? (refits?.iterations ?? 0) : 0;
    const searcher = searcherFor(sample?.problem ?? problem, {
      iterations:
        expectedIterations(targets.length, settings, isOnlyForStarts(request, law)) + more,
    });
    return [{ law, problem, targets, samples, searcher }];
  });
  // The kernels of later laws compile while earlier laws are searched. An error here occurs again
  // where the kernel is needed, and is reported there.
  for (const { problem, samples, searcher } of posed)
    searcher
      .then((ready) => ready.prepare?.(samples[0]?.problem ?? problem))
      .catch(() => undefined);
  return posed;
}

/** Samples of a large table, with the δ of all its losses. */
function samplesOf(
  { runs, settings }: SearchRequest,
  law: BoundLaw,
  { losses }: Problem,
): readonly Sample[] {
  return sampleSizes(runs.train.rows, law.size).map((size) => {
    const sample = sampleOf(runs, size, settings.seed);
    return { runs: sample, problem: { ...poseProblem(law, sample.train, settings), losses } };
  });
}

/** A law's problem and the targets that it can be fitted to; undefined where there are none. */
function pose(
  { asked, runs, settings, refits, refuse }: SearchRequest,
  law: BoundLaw,
): Pick<PosedLaw, "problem" | "targets"> | undefined {
  const refusals = refusalsOf(law, runs, settings);
  const targets = [...refusals.keys()].filter((target) => refusals[target] === undefined);
  for (const [target, error] of refusals.entries())
    if (error !== undefined) refuse(law, target, error);
  if (targets.length === 0) return undefined;
  const problem = poseProblem(law, runs.train, settings);
  const error = refusal(() => checkColumns(problem.program, problem.packed, runs, law.law.name));
  if (error !== undefined) {
    for (const target of targets) refuse(law, target, error);
    return undefined;
  }
  const isRefitted = refits !== undefined && asked.includes(law.law);
  return {
    problem: isRefitted ? { ...problem, samples: whole(refits.blocks) } : problem,
    targets,
  };
}

/**
 * A law's starts that are not random: fits of laws that it contains, by target, and the user's own.
 */
function startsOf(
  { asked, runs, settings }: SearchRequest,
  law: BoundLaw,
  done: ReadonlyMap<string, SearchedLaw>,
): { readonly nested: Float64Array[][]; readonly given: Float64Array[] } {
  const nested = runs.targets.map((_, target) =>
    Object.entries(law.law.contains).flatMap(([name, embed]) => {
      const smaller = done.get(name);
      const best = smaller?.best[target];
      return smaller === undefined || best === undefined
        ? []
        : [law.vector(embed(smaller.law.valuesAt(best.theta)))];
    }),
  );
  const own = asked.includes(law.law) ? settings.starts.map((values) => law.point(values)) : [];
  return { nested, given: own };
}
