/**
 * The two primitives that all heavy work of fits goes through, with their ends recorded: a pool and
 * searchers that compute only what the store does not have. Results are those without a store, bit
 * for bit.
 */
import type { RecordStore } from "../../records/record-store.ts";
import { exactText } from "../../records/exact-text.ts";
import { ShardPlan } from "../../records/shard.ts";
import type { Pool, Resources } from "../search/pool.ts";
import type { Polished, Searcher, StartEnd } from "../search/problem.ts";
import { Pace, type RecordedStarts, recordedEnds, type SharedRecords } from "./recorded-starts.ts";
import { startKeys } from "./start-keys.ts";

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
      const computing = `${records.computedBy}; float64; ${exactText(options)}`;
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
    close: () => Promise.resolve(),
  };
}

/** A searcher that computes what `records` does not have. */
export function recordedSearcher(searcher: Searcher, records: RecordStore): Searcher {
  const pace = new Pace();
  const computer = (): string => (searcher.kind === "cpu" ? "float64" : searcher.name);
  return {
    get kind() {
      return searcher.kind;
    },
    get name() {
      return searcher.name;
    },
    get faults() {
      return searcher.faults ?? [];
    },
    prepare: (problem) => searcher.prepare?.(problem) ?? Promise.resolve(),
    search(problem, starts, iterations, watch) {
      const before = computer();
      const computing = `${records.computedBy}; ${before}; search, ${iterations} iterations`;
      const work: RecordedStarts<StartEnd> = {
        starts,
        keys: startKeys(problem, computing, starts),
        iterations,
        least: 1,
        pace,
        compute: (some, part) => searcher.search(problem, some, iterations, part),
      };
      // What a searcher gives that was stopped, or went on elsewhere, is not what it usually gives.
      const isUsual = (): boolean => computer() === before && watch.signal?.aborted !== true;
      const keep: RecordStore["keep"] = async (ends) => {
        if (isUsual()) await records.keep(ends);
      };
      const usual: SharedRecords = {
        find: (keys) => records.find(keys),
        keep,
        refresh: () => records.refresh?.() ?? Promise.resolve(),
        shard: records.shard,
      };
      return recordedEnds(work, usual, watch);
    },
  };
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
        searcherFor: async (problem, iterations) =>
          recordedSearcher(await resources.searcherFor(problem, iterations), records),
      };
