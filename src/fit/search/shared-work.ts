/**
 * Work on a law's fits, item by item, that worker threads do as well as the main one: the same
 * functions on the same numbers, so that it gives the same bits wherever an item is worked on.
 */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Problem } from "./problem.ts";

/** What is done with each item. Subjects, items and results are plain data: threads get copies. */
export interface SharedWork<Subject, Item, Result> {
  /** What workers know it by, and traces. */
  readonly name: string;
  /** What does an item, once the problem and the subject of all items have been read. */
  readonly begin: (problem: Problem, subject: Subject) => (item: Item) => Result;
}

/** What comes of each item, in order. */
export type Share = <Subject, Item, Result>(
  work: SharedWork<Subject, Item, Result>,
  problem: Problem,
  subject: Subject,
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
