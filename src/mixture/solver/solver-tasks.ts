/**
 * What solving a problem is made of: tasks that depend on the problem alone, so that any thread can
 * do them, and that give the same bits in each.
 */
import { itemAt } from "../../base/known.ts";
import { paced } from "../../base/pauses.ts";
import { withoutTrainedLimits } from "../constraints/region.ts";
import type { Problem } from "../problem/pose-problem.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import type { Solution } from "./augmented-lagrangian.ts";
import type { Way } from "./descents.ts";
import { type Exchanged, type Exchanges, exchanges } from "./exchange.ts";
import { type Around, type End, endsOf } from "./near-optimal.ts";
import type { Polytope } from "./polytope.ts";
import { descentIn, feasiblePieces, heldGoal } from "./solve.ts";

/** A place in the list of pieces that the region has. */
interface InPiece {
  readonly piece: number;
  /** Whether it is the region without the limits to what was trained. Default no. */
  readonly isLifted?: boolean;
}

/** Tasks by their kind, and what comes of each. */
export interface Tasks {
  /** A descent from h. */
  readonly descend: {
    readonly task: InPiece & { readonly way: Way; readonly h: Float64Array };
    readonly result: Solution;
  };
  readonly exchanges: {
    readonly task: InPiece & Exchanges;
    readonly result: readonly Exchanged[];
  };
  /** The ends of some shares' ranges; see `endsOf`. */
  readonly ends: {
    readonly task: InPiece &
      Pick<Around, "from" | "base"> & {
        readonly epsilon: number;
        readonly shares: readonly [number, number];
      };
    readonly result: readonly End[];
  };
}

/** A task with its kind. */
export type AnyTask = {
  [K in keyof Tasks]: { readonly kind: K; readonly task: Tasks[K]["task"] };
}[keyof Tasks];

/** What does tasks of one problem. */
export interface Tasker {
  /** What is one task for a thread alone may as well be so many. */
  readonly parts: number;
  /**
   * What comes of each task, in order. Rejects with AbortedError when the request's signal fires.
   */
  readonly all: <K extends keyof Tasks>(
    kind: K,
    tasks: readonly Tasks[K]["task"][],
  ) => Promise<Tasks[K]["result"][]>;
}

/** Does the tasks of a problem; yields where others may have a turn. */
export function taskWork(
  problem: Problem,
): (asked: AnyTask) => Generator<undefined, Tasks[keyof Tasks]["result"]> {
  let [own, lifted]: (readonly PosedPiece[] | undefined)[] = [];
  const pieces = (isLifted: boolean): readonly PosedPiece[] =>
    isLifted
      ? (lifted ??= posedPieces({ ...problem, region: withoutTrainedLimits(problem.region) }))
      : (own ??= posedPieces(problem));
  return function* work({ kind, task }) {
    const { polytope, held } = itemAt(pieces(task.isLifted === true), task.piece);
    switch (kind) {
      case "descend":
        return descentIn(held, polytope, task.way)(task.h);
      case "exchanges":
        return exchanges(held, polytope, task);
      case "ends": {
        const { from, base, epsilon, shares } = task;
        const { goal, region } = problem;
        const around = { goal, curved: region.curved, set: polytope, from, base };
        return yield* endsOf(around, epsilon, shares);
      }
    }
  };
}

/** A piece, and the problem on it. */
interface PosedPiece {
  readonly polytope: Polytope;
  /** With the shares that have no room there held. */
  readonly held: Problem;
}

const posedPieces = (problem: Problem): PosedPiece[] =>
  feasiblePieces(problem.region).map((polytope) => ({
    polytope,
    held: { ...problem, goal: heldGoal(problem.goal, polytope) },
  }));

/** In this thread, with pauses. */
export const taskerHere = (problem: Problem, options: OptimizeOptions): Tasker =>
  taskerBy(1, tasksHere(problem, options));

/** Does tasks in this thread, one after the other, with pauses. */
export function tasksHere(
  problem: Problem,
  { signal }: OptimizeOptions,
): (tasks: readonly AnyTask[]) => Promise<unknown[]> {
  const work = taskWork(problem);
  function* each(tasks: readonly AnyTask[]): Generator<undefined, unknown[]> {
    const results: unknown[] = [];
    for (const task of tasks) {
      yield;
      results.push(yield* work(task));
    }
    return results;
  }
  return (tasks) => paced(each(tasks), signal);
}

/** A tasker that has tasks done, whatever their kind: what comes of one is of its kind. */
export const taskerBy = (
  parts: number,
  results: (tasks: readonly AnyTask[]) => Promise<unknown[]>,
): Tasker => ({
  parts,
  all: <K extends keyof Tasks>(kind: K, tasks: readonly Tasks[K]["task"][]) =>
    results(tasks.map((task) => ({ kind, task }) as AnyTask)) as Promise<Tasks[K]["result"][]>,
});

/** The numbers from 0 on to an end as ranges, one a part: the first, and the first after. */
export function rangesOf(end: number, parts: number): (readonly [number, number])[] {
  const size = Math.max(1, Math.ceil(end / parts));
  return Array.from({ length: Math.ceil(end / size) }, (_, n) => [
    n * size,
    Math.min(end, (n + 1) * size),
  ]);
}
