/** Solving a request by several threads, which give the bits of one. */
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { Share, SharedWork } from "../../fit/search/shared-work.ts";
import { AbortedError } from "../../base/errors.ts";
import { pause } from "../../base/pauses.ts";
import { finish } from "../../solve/iterate.ts";
import { posedRobustly } from "../certainty/robust.ts";
import type { Problem } from "../problem/pose-problem.ts";
import { requestOf } from "../request/request-records.ts";
import type { OptimizeOptions, OptimizeRequest } from "../request/optimize-options.ts";
import { workOf } from "../solver/solve.ts";
import {
  type AnyTask,
  type Tasker,
  taskerBy,
  tasksHere,
  taskWork,
} from "../solver/solver-tasks.ts";

/** A request, in plain data. */
interface PosedRequest {
  readonly file: FitFile;
  readonly request: OptimizeRequest;
}

/** A thread poses the request, and keeps the problem. */
export const solving: SharedWork<PosedRequest, AnyTask, unknown> = {
  name: "solve a request",
  begin: ({ file, request }) => {
    const work = taskWork(posedRobustly(file, request));
    return (task) => finish(work(task));
  },
};

/** A request as it was asked, and as it was posed. */
export interface Asked {
  readonly file: FitFile;
  readonly problem: Problem;
  readonly options: OptimizeOptions;
}

/**
 * Domains × work of a descent from which it is worth that threads start and pose the request: at 64
 * domains × 8 joint laws (32 768) a second one costs half a second, at the worst of 10 joint laws
 * of 12 domains (34 560) it saves as much.
 */
const LEAST = 34_000;
/** Parts of what is one task for a thread alone, for each thread. */
const PARTS = 4;

/** Whether a problem, of which convexity is not proved, is worth several threads. */
export const isWorthThreads = (problem: Problem): boolean =>
  problem.domains.length * workOf(problem) >= LEAST;

/** A tasker of this thread and others, which begin to pose the request at once. */
export function taskerOfThreads(
  { file, problem, options }: Asked,
  { share, threads }: { readonly share: Share; readonly threads: number },
): Tasker {
  const { signal } = options;
  const { rows: _, ...read } = file;
  const alone = tasksHere(problem, options);
  const here = async (task: AnyTask): Promise<unknown> => {
    await pause(); // others have answered
    const [result] = await alone([task]);
    return result;
  };
  const common = { subject: { file: read, request: requestOf(options) }, here, signal };
  let isLost = false;
  const done = async (tasks: readonly AnyTask[]): Promise<unknown[]> => {
    if (!isLost)
      try {
        return await share(solving, common, tasks);
      } catch (error) {
        // This thread goes on without one that fails, and meets what is wrong with a task itself.
        if (error instanceof AbortedError) throw error;
        isLost = true;
      }
    return alone(tasks);
  };
  done([]).catch(() => undefined); // the first task says what is wrong
  return taskerBy(PARTS * threads, done);
}
