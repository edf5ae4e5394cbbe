/**
 * Work, item by item, that worker threads do as well as the main one: the same functions on the
 * same numbers, so that it gives the same bits wherever an item is worked on.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Problem } from "./problem.ts";

/** What is done with each item. Subjects, items and results are plain data: threads get copies. */
export interface SharedWork<Subject, Item, Result> {
  /** What workers know it by, and traces. */
  readonly name: string;
  /**
   * What does an item, once the subject of all items has been read. `problem` is that of the fits
   * that are worked on; of other work there is none.
   */
  readonly begin: (subject: Subject, problem: () => Problem) => (item: Item) => Result;
}

/** What all items of some work have in common. */
export interface Common<Subject, Item, Result> {
  readonly subject: Subject;
  /** The problem, where it is work on fits. */
  readonly problem?: Problem;
  /**
   * Does an item in the calling thread, which takes the place of one of the others, and which has
   * to pause before each so that it hears of their answers.
   */
  readonly here?: (item: Item) => Promise<Result>;
  /** Ends the work: it rejects with AbortedError then. Default: it goes on to its end. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What comes of each item, in order. A thread keeps the subject that it had last: the same object
 * is not sent again. Where there are no items, threads only read the subject, for those to come.
 */
export type Share = <Subject, Item, Result>(
  work: SharedWork<Subject, Item, Result>,
  common: Common<Subject, Item, Result>,
  items: readonly Item[],
) => Promise<Result[]>;

/** Any such work, for who is told its name. */
export type AnySharedWork = SharedWork<never, never, unknown>;

/** The numbers of runs that each thread may have a copy of, at most: 8 MiB. */
const MOST_COPIED = 2 ** 20;

const numbersIn = ({ inputs, weights, losses, sigmas = [] }: RunSet): number =>
  [...Object.values(inputs), weights, ...losses, ...sigmas].reduce((sum, { length }) => sum + length, 0); // prettier-ignore

/** Items × rows × coordinates that are worth it: in each thread the code has to get warm first. */
const LEAST = 2 ** 14;

/**
 * Whether items of so many coordinates each are worth sending, and what they are of not too much to
 * be sent. @param train the rows that each item is worked on with
 */
export function isShareable(items: number, size: number, train: RunSet, test?: RunSet): boolean {
  const numbers = numbersIn(train) + (test === undefined ? 0 : numbersIn(test));
  return items > 1 && items * train.rows * size >= LEAST && numbers <= MOST_COPIED;
}
