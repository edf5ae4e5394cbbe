/**
 * The two primitives that all heavy work of fits goes through, with their ends recorded: a pool and
 * searchers that compute only what the store does not have. Results are those without a store, bit
 * for bit.
 */
import { itemAt } from "../../base/known.ts";
import type { RecordStore, WorkRecord } from "../../records/record-store.ts";
import { exactText } from "../../records/exact-text.ts";
import { ShardPlan } from "../../records/shard.ts";
import { float64Name } from "../../wasm/availability.ts";
import type { Pool, Resources } from "../search/pool.ts";
import type { Polished, Searcher, StartEnd } from "../search/problem.ts";
import { Pace, type RecordedStarts, recordedEnds, type SharedRecords } from "./recorded-starts.ts";
import { startKeys } from "./start-keys.ts";
import { wrappedSearcher } from "./wrapped-searcher.ts";

/**
 * Starts that a batch has at least: threads that wait for its last one are to wait for little of
 * it.
 */
const A_THREAD = 8;

/** A pool that computes what `records` does not have. Closing it is left to the pool's owner. */
export function recordedPool(pool: Pool, records: RecordStore): Pool {
  const pace = new Pace();
  return {
    threads: pool.threads,
    plan: records.shard && new ShardPlan(records.shard),
    trace: pool.trace,
    run(problem, starts, options, watch) {
      const computing = `${records.computedBy}; ${float64Name()}; ${exactText(options)}`;
      const work: RecordedStarts<Polished> = {
        starts,
        keys: startKeys(problem, computing, starts),
        iterations: options.iterations,
        least: A_THREAD * pool.threads,
        pace,
        compute: (some, part) => pool.run(problem, some, options, part),
      };
      return recordedEnds(work, records, watch);
    },
    draw: (drawings, watch) => pool.draw(drawings, watch),
    share: pool.share?.bind(pool),
    close: () => Promise.resolve(),
  };
}

/**
 * A searcher that computes what `records` does not have. It does no two stages at once, since what
 * each of them ends with is a record.
 */
export function recordedSearcher(searcher: Searcher, records: RecordStore): Searcher {
  const pace = new Pace();
  const computer = (): string => (searcher.kind === "cpu" ? float64Name() : searcher.name);
  return wrappedSearcher(searcher, {
    search(problem, starts, iterations, watch) {
      const before = computer();
      const keysBy = (name: string): string[] =>
        startKeys(problem, `${records.computedBy}; ${name}; search, ${iterations} iterations`, starts); // prettier-ignore
      const work: RecordedStarts<StartEnd> = {
        starts,
        keys: keysBy(before),
        iterations,
        least: 1,
        pace,
        compute: (some, part) => searcher.search(problem, some, iterations, part),
      };
      const keep: RecordStore["keep"] = async (ends) => {
        // What a search gives that was stopped is not what it usually gives.
        if (watch.signal?.aborted === true) return;
        const after = computer();
        // A search whose GPU was given up is made again, as a whole, by what goes on.
        await records.keep(after === before ? ends : renamed(ends, work.keys, keysBy(after)));
      };
      const usual: SharedRecords = {
        find: (keys) => records.find(keys),
        keep,
        refresh: () => records.refresh?.() ?? Promise.resolve(),
        shard: records.shard,
      };
      return recordedEnds(work, usual, watch);
    },
  });
}

/** Records with the other keys of the same places. */
function renamed(
  records: readonly WorkRecord[],
  keys: readonly string[],
  others: readonly string[],
): WorkRecord[] {
  const places = new Map(keys.map((key, i) => [key, i]));
  return records.flatMap(({ key, value }) => {
    const place = places.get(key);
    return place === undefined ? [] : [{ key: itemAt(others, place), value }];
  });
}

/** What searches and refits run on, recorded where there is a store. */
export const recordedResources = (
  resources: Resources,
  records: RecordStore | undefined,
): Resources =>
  records === undefined
    ? resources
    : {
        pool: recordedPool(resources.pool, records),
        searcherFor: async (problem, work) =>
          recordedSearcher(await resources.searcherFor(problem, work), records),
      };
