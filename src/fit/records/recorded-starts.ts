/**
 * Starts whose ends are kept: those that were recorded before are looked up, the others are
 * computed in *batches* of about two seconds, each recorded when it is done. An end does not depend
 * on the batch that its start is in, so batches may follow the clock.
 */
import { itemAt } from "../../base/known.ts";
import { portion, type Watch } from "../../base/watch.ts";
import type { RecordStore, WorkRecord } from "../../records/record-store.ts";
import { blockOf } from "../../records/shard.ts";
import type { Polished, Start, StartEnd } from "../search/problem.ts";
import { endOf, valueOf } from "./end-values.ts";

/** Seconds that a batch takes: what is lost at most when the process is killed. */
const SECONDS = 2;
/** Iterations of the first batch, all starts together, and how much larger the next may be. */
const FIRST = 2 ** 14;
const GROWTH = 8;
/** What a shard computes of others' starts before it looks again, as a part of a batch. */
const SHARED = 1 / 8;

/** How fast starts are done: the size of the next batch. */
export class Pace {
  #iterations = FIRST;

  /** How many starts of so many iterations each make a batch. */
  batch(iterations: number, least: number): number {
    return Math.max(least, Math.floor(this.#iterations / iterations));
  }

  took(seconds: number, starts: number, iterations: number): void {
    const inTime = (starts * iterations * SECONDS) / Math.max(seconds, 1e-3);
    const most = GROWTH * Math.max(this.#iterations, starts * iterations);
    this.#iterations = Math.max(1, Math.min(inTime, most));
  }
}

/** Starts, what computes them, and where their ends are kept. */
export interface RecordedStarts<E extends StartEnd> {
  readonly starts: readonly Start[];
  readonly keys: readonly string[];
  /** Iterations of a start, at most. */
  readonly iterations: number;
  /** Starts that a batch has at least, as far as there are so many. */
  readonly least: number;
  readonly pace: Pace;
  readonly compute: (starts: readonly Start[], watch: Watch) => Promise<readonly E[]>;
}

/** What of a store the ends of starts need. */
export type SharedRecords = Pick<RecordStore, "find" | "keep" | "refresh" | "shard">;

/**
 * What becomes of the starts, in their order. A shard begins with its own block of them. Then it
 * looks again and again for what other shards have recorded by now, and computes what is still
 * missing: shards that run at the same time divide the work, one that runs alone does it all.
 */
export async function recordedEnds<E extends StartEnd>(
  work: RecordedStarts<E>,
  records: SharedRecords,
  watch: Watch,
): Promise<(E | Polished)[]> {
  const { starts, keys, iterations, least, pace, compute } = work;
  const ends: (E | Polished | undefined)[] = starts.map(() => undefined);
  let missing = await lookUp(work, records, ends, [...starts.keys()]);
  if (missing.length < starts.length) watch.tick(1 - missing.length / starts.length);
  let own = missing.length;
  if (isShared(work, records, missing)) ({ missing, own } = ownFirst(work, records, missing));
  while (missing.length > 0) {
    if (own <= 0 && records.refresh !== undefined) {
      await records.refresh();
      missing = await lookUp(work, records, ends, missing);
      if (missing.length === 0) break;
    }
    const most = pace.batch(iterations, least);
    const shared = Math.max(blockSize(work, records), Math.ceil(most * SHARED));
    const size = own > 0 ? Math.min(own, most) : Math.min(shared, most);
    const batch = missing.slice(0, watch.signal?.aborted === true ? missing.length : size);
    const part = portion(watch, starts.length - missing.length, batch.length, starts.length);
    const began = performance.now();
    const computed = await compute(
      batch.map((i) => itemAt(starts, i)),
      part,
    );
    pace.took((performance.now() - began) / 1000, batch.length, iterations);
    for (const [n, i] of batch.entries()) ends[i] = computed[n];
    await records.keep(recordsOf(batch, keys, computed));
    missing = missing.slice(batch.length);
    own -= batch.length;
  }
  return ends as (E | Polished)[];
}

/** Gives `ends` those that are recorded; of the places `among`, those that are not. */
async function lookUp<E extends StartEnd>(
  { starts, keys }: RecordedStarts<E>,
  records: SharedRecords,
  ends: (E | Polished | undefined)[],
  among: readonly number[],
): Promise<number[]> {
  const found = await records.find(among.map((i) => itemAt(keys, i)));
  return among.filter((i, n) => {
    const value = found[n];
    ends[i] = value === undefined ? undefined : endOf(value, itemAt(starts, i).theta.length);
    return ends[i] === undefined;
  });
}

/** Whether it is worth the trouble to divide what is missing: it takes more than a moment. */
const isShared = (
  { iterations, least, pace }: RecordedStarts<StartEnd>,
  { shard }: SharedRecords,
  missing: readonly number[],
): boolean =>
  shard !== undefined && missing.length > Math.ceil(pace.batch(iterations, least) * SHARED);

/** How many starts are a shard's own. */
const blockSize = ({ starts }: RecordedStarts<StartEnd>, { shard }: SharedRecords): number =>
  Math.ceil(starts.length / (shard?.count ?? 1));

/** What is missing of a shard's own block of all starts, then of the blocks after it. */
function ownFirst(
  { starts }: RecordedStarts<StartEnd>,
  { shard = { index: 0, count: 1 } }: SharedRecords,
  missing: readonly number[],
): { readonly missing: number[]; readonly own: number } {
  const { from, to } = blockOf(starts.length, shard);
  const own = missing.filter((i) => i >= from && i < to);
  const after = missing.filter((i) => i >= to);
  const before = missing.filter((i) => i < from);
  return { missing: [...own, ...after, ...before], own: own.length };
}

const recordsOf = (
  batch: readonly number[],
  keys: readonly string[],
  ends: readonly StartEnd[],
): WorkRecord[] =>
  batch.flatMap((i, n) => {
    const value = valueOf(itemAt(ends, n));
    return value === undefined ? [] : [{ key: itemAt(keys, i), value }];
  });
