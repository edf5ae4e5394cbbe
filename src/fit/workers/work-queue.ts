/** Work in batches, which workers take from one queue as they come to be free. */
import type { Watch } from "../../base/watch.ts";

/** Who takes batches from a queue. */
export interface Taker<Item, Result> {
  /** What becomes of a batch: a result an item. */
  readonly work: (batch: readonly Item[]) => Promise<readonly Result[]>;
  /** So many batches are left to others, at the end. Default 0. */
  readonly leaves?: number;
}

/**
 * Workers, each twice, and this thread: a worker has its next batch already when it answers, since
 * an answer takes time, and while this thread works it hears of none. Of the last batches it has
 * none ahead: they go to whoever is free.
 */
export function ahead<Item, Result>(
  workers: readonly Taker<Item, Result>[],
  here?: Taker<Item, Result>,
): Taker<Item, Result>[] {
  const each = here === undefined ? workers : [...workers, here];
  return [...each, ...workers.map(({ work }) => ({ work, leaves: each.length }))];
}

/** Batches are taken from one queue until it is empty, or some work fails. */
export async function emptied<Item, Result>(
  queue: Queue<Item, Result>,
  takers: readonly Taker<Item, Result>[],
): Promise<Result[]> {
  const taking = async ({ work, leaves = 0 }: Taker<Item, Result>): Promise<void> => {
    while (queue.batches > leaves) {
      const batch = queue.take();
      if (batch !== undefined) queue.put(batch, await work(batch.items));
    }
  };
  const fail = (error: unknown): never => {
    queue.end();
    throw error;
  };
  const busy = takers.slice(0, queue.batches);
  const ends = await Promise.allSettled(busy.map((taker) => taking(taker).catch(fail)));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return queue.results;
}

/** Items to work on. */
interface Batch<Item> {
  readonly items: readonly Item[];
  /** Position of the first one. */
  readonly from: number;
}

/** Work to do, and what came of that which is done. */
export class Queue<Item, Result> {
  readonly #items: readonly Item[];
  /** Items of a batch. */
  readonly #size: number;
  #next = 0;
  #done = 0;
  #ended = false;

  constructor(
    items: readonly Item[],
    /** A result an item: what an item has that is not done, until it is. */
    readonly results: Result[],
    size: number,
    readonly watch: Watch,
  ) {
    this.#items = items;
    this.#size = size;
  }

  /** How many batches are left to take. */
  get batches(): number {
    const isOver = this.#ended || this.watch.signal?.aborted === true;
    return isOver ? 0 : Math.ceil((this.#items.length - this.#next) / this.#size);
  }

  /** The next batch; undefined where there is none, or an end was put to it. */
  take(): Batch<Item> | undefined {
    if (this.batches === 0) return undefined;
    const from = this.#next;
    const items = this.#items.slice(from, from + this.#size);
    this.#next += items.length;
    return { items, from };
  }

  put({ from }: Batch<Item>, results: readonly Result[]): void {
    for (const [i, result] of results.entries()) this.results[from + i] = result;
    this.#done += results.length;
    this.watch.tick(this.#done / this.#items.length);
  }

  /** Nothing more is given out. */
  end(): void {
    this.#ended = true;
  }
}
