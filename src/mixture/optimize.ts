/**
 * The mixture that minimizes a goal over fitted losses at one (N, D), under constraints, with a
 * certificate, prices and how sharp it is.
 */
import { partialOf, ShardDoneError, withPartial } from "../base/errors.ts";
import { secondsOf } from "../records/duration.ts";
import { given } from "../base/objects.ts";
import { untilDeadline } from "../records/until-deadline.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { RisingProgress } from "../base/rising-progress.ts";
import { checkedFit } from "../fit/file/parse-fit-file.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import type { Pool } from "../fit/search/pool.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { candidatesOf } from "./certainty/candidates.ts";
import { optimumIntervals } from "./certainty/optimum-intervals.ts";
import { posedRobustly } from "./certainty/robust.ts";
import { describe, type Findings } from "./describe.ts";
import { type ConvexityProof, proveConvex } from "./goal/convexity.ts";
import type { Problem } from "./problem/pose-problem.ts";
import { optimizeOptions } from "./request/check-options.ts";
import type { OptimizeOptions } from "./request/optimize-options.ts";
import { withInputNames } from "./request/named-inputs.ts";
import { withSupply } from "./request/with-supply.ts";
import { recordedOptimum } from "./request/request-records.ts";
import type { Optimum } from "./request/optimum.ts";
import { isPredictedBy } from "./request/predicted-by.ts";
import { knownMixtures, recordedSearch, type Search, searchMixtures } from "./search-mixtures.ts";
import { taskerHere, type Tasker } from "./solver/solver-tasks.ts";
import { type Asked, isWorthThreads, taskerOfThreads } from "./threads/solving.ts";
import { bestOnLattice, type Rounded } from "./lattice/best-on-lattice.ts";

/** The part of the progress before there is an optimum. */
export const SEARCHED = 0.5;

/**
 * The mixture with the least predicted loss at N and D, by the fits of a file. Shares are of 1,
 * losses in the units of the loss columns.
 *
 * @throws InputError when the request does not match the file or its constraints cannot hold
 *   together (it names those that conflict).
 * @throws AbortedError when the signal fires. The `partial` of any error is the Optimum without
 *   what was not done: intervals, and the ranges of near-optimal shares.
 * @example (await optimize(file, { params: 7e9, tokens: 150e9, constraints: { caps: { web: 0.5 } }
 *   })).weights
 */
export function optimize(file: FitFile, options?: OptimizeOptions): Promise<Optimum>;
/** By more than this thread alone. @internal */
export function optimize(file: FitFile, options?: OptimizeOptions, by?: Helpers): Promise<Optimum>;
export async function optimize(
  fitFile: FitFile,
  asked: OptimizeOptions = {},
  by: Helpers = {},
): Promise<Optimum> {
  const file = checkedFit(fitFile);
  const options = withInputNames(file, withSupply(file, optimizeOptions(asked)));
  const drawnBy = drawnByOf(by);
  const solve = (signal: AbortSignal | undefined): Promise<Optimum> => {
    const stopped = { ...options, ...given({ signal }) };
    return recordedOptimum(file, stopped, drawnBy, () => solveRequest(file, stopped, by));
  };
  try {
    return await untilDeadline(secondsOf(options.deadline), options.signal, solve, (optimum) =>
      cutShort(file, optimum),
    );
  } catch (error) {
    // A shard has the optimum, and the intervals' own part is recorded.
    if (error instanceof ShardDoneError) return partialOf(error) as Optimum;
    throw error;
  }
}

/** What an optimum may be sought by besides this thread. @internal */
export interface Helpers {
  /** Draws the Monte Carlo mixtures, which otherwise are drawn here. */
  readonly gpu?: Gpu | undefined;
  /** Other threads, which share what is worth it. The optimum is the same. */
  readonly pool?: Pick<Pool, "threads" | "share"> | undefined;
}

/** What draws random mixtures. */
const drawnByOf = ({ gpu }: Helpers): string => gpu?.adapter ?? "float64";

/** What does the tasks of a problem: of one that is known to be convex there are few. */
function taskerOf(asked: Asked, { stationaryIsGlobal }: ConvexityProof, { pool }: Helpers): Tasker {
  const { problem, options } = asked;
  if (pool?.share === undefined || stationaryIsGlobal || !isWorthThreads(problem))
    return taskerHere(problem, options);
  return taskerOfThreads(asked, { share: pool.share.bind(pool), threads: pool.threads });
}

/** What an optimum of a file lacks since the deadline came: the near-optimal set is sought last. */
export function missingOf(file: FitFile, optimum: Optimum): Finding {
  const hasNone = optimum.interval === null && wouldHaveIntervals(file, optimum);
  const missing = [
    ...(hasNone ? ["no intervals"] : []),
    "no ranges of near-optimal shares",
    ...(optimum.otherLaws.length > 0 ? ["no best mixtures by the other laws"] : []),
  ];
  const [last = "", ...others] = missing.toReversed();
  const first = others.length === 0 ? "" : `${others.toReversed().join(", ")}, and `;
  return finding("deadline-passed", `the deadline came before the end: there are ${first}${last}`);
}

/** Whether an optimum would have intervals but for the deadline. */
const wouldHaveIntervals = ({ fits }: FitFile, optimum: Optimum): boolean =>
  optimum.request.intervals !== false &&
  fits.every((fit) => !isPredictedBy(optimum, fit) || fit.bootstrap !== null);

/** An optimum of a file that says what it lacks. */
export const cutShort = (file: FitFile, optimum: Optimum): Optimum => ({
  ...optimum,
  verdict: {
    ...optimum.verdict,
    findings: [...optimum.verdict.findings, missingOf(file, optimum)],
  },
});

/**
 * The same without near-optimal mixtures and the best ones by other laws, for those who ask one law
 * after the other. @internal
 */
export async function optimizeBriefly(file: FitFile, asked: OptimizeOptions): Promise<Optimum> {
  const options = withInputNames(file, withSupply(file, optimizeOptions(asked)));
  return solveRequest(checkedFit(file), options, {}, true);
}

async function solveRequest(
  file: FitFile,
  options: OptimizeOptions,
  by: Helpers,
  isBrief = false,
): Promise<Optimum> {
  const problem = posedRobustly(file, options);
  const convexity = proveConvex(problem);
  const tasker = taskerOf({ file, problem, options }, convexity, by);
  const candidates = candidatesOf(file, problem, options);
  const progress = new RisingProgress<{ fraction: number }>(({ fraction }) =>
    options.onProgress?.(fraction),
  );
  const search = await recordedSearch(file, problem, options, drawnByOf(by), () =>
    searchMixtures(problem, options, { gpu: by.gpu, tasker, convexity }, (share) =>
      progress.report({ fraction: SEARCHED * share }),
    ),
  ).catch((error: unknown) => {
    throw withPartial(error, undefined); // random mixtures so far are no optimum
  });
  const { best } = search;
  const lattice = onLattice(problem, search);
  const findings: Findings = { search, lattice, candidates, interval: null, isBrief };
  const chosen = lattice?.h ?? best.solution.h;
  const tick = (share: number): void =>
    progress.report({ fraction: SEARCHED + (1 - SEARCHED) * share });
  let interval: Findings["interval"] = null;
  try {
    const judged = { chosen, candidates };
    const known = knownMixtures(search);
    if (options.intervals !== false)
      interval = (await optimumIntervals(file, options, judged, known, tick)) ?? null;
    const optimum = await describe(file, options, problem, { ...findings, interval }, tasker);
    progress.report({ fraction: 1 });
    return optimum;
  } catch (error) {
    // What was found by then is kept.
    const { signal: _, ...others } = options;
    const brief = { ...findings, interval, isBrief: true };
    const here = taskerHere(problem, others);
    throw withPartial(error, await describe(file, others, problem, brief, here));
  }
}

/** The best mixture of the lattice that is asked for; null where none is. */
function onLattice(problem: Problem, { pieces }: Search): Rounded | null {
  const { lattice } = problem.region;
  if (lattice === undefined) return null;
  return bestOnLattice(
    problem,
    lattice,
    pieces.map(({ polytope, optima }) => ({
      polytope,
      near: optima.map(({ solution }) => solution.h),
    })),
  );
}
