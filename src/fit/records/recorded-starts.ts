/**
 * Starts whose ends are kept: those that were recorded before are looked up, the others are
 * computed in *batches* of about two seconds, each recorded when it is done. An end does not depend
 * on the batch that its start is in, so batches may follow the clock.
 */
import { itemAt } from "../../base/known.ts";
import { portion, type Watch } from "../../base/watch.ts";
import type { RecordStore, WorkRecord } from "../../records/record-store.ts";
import type { Polished, Start, StartEnd } from "../search/problem.ts";
import { endOf, valueOf } from "./end-values.ts";

/** Seconds that a batch takes: what is lost at most when the process is killed. */
const SECONDS = 2;
/** Iterations of the first batch, all starts together, and how much larger the next may be. */
const FIRST = 2 ** 14;
const GROWTH = 8;

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

/** What becomes of the starts, in their order. */
export async function recordedEnds<E extends StartEnd>(
  { starts, keys, iterations, least, pace, compute }: RecordedStarts<E>,
  records: Pick<RecordStore, "find" | "keep">,
  watch: Watch,
): Promise<(E | Polished)[]> {
  const found = await records.find(keys);
  const ends = starts.map(({ theta }, i) => {
    const value = found[i];
    return value === undefined ? undefined : endOf(value, theta.length);
  }) as (E | Polished | undefined)[];
  const missing = [...ends.keys()].filter((i) => ends[i] === undefined);
  const known = starts.length - missing.length;
  if (known > 0) watch.tick(known / starts.length);
  for (let at = 0; at < missing.length;) {
    const isStopped = watch.signal?.aborted === true;
    const size = isStopped ? missing.length : pace.batch(iterations, least);
    const batch = missing.slice(at, at + size);
    const part = portion(watch, known + at, batch.length, starts.length);
    const began = performance.now();
    const computed = await compute(
      batch.map((i) => itemAt(starts, i)),
      part,
    );
    pace.took((performance.now() - began) / 1000, batch.length, iterations);
    for (const [n, i] of batch.entries()) ends[i] = computed[n];
    await records.keep(recordsOf(batch, keys, computed));
    at += batch.length;
  }
  return ends as (E | Polished)[];
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
