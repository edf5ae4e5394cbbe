/** mixlaw for Node: Dawn's WebGPU, worker threads, files. */

import { availableParallelism } from "node:os";
import * as v from "valibot";
import {
  type Engine,
  ENGINE_ENTRIES,
  type EngineOptions as CommonOptions,
  openWith,
} from "./api.ts";
import { LIMITS } from "./options/limits.ts";
import { anObject, aText, aWhole, type EntriesOf, readOptions } from "./options/option-schema.ts";
import { nodeGpu } from "./node/dawn.ts";
import { recordGarbage } from "./node/garbage.ts";
import { keepDevice } from "./node/kept-devices.ts";
import { settleFloat64 } from "./node/settle-float64.ts";
import { rest } from "./node/sleep.ts";
import { threadPool } from "./node/thread-pool.ts";

export * from "./index.ts";
export { type ListedAdapter, listAdapters } from "./node/dawn.ts";
export { readRuns, readTable, readTables } from "./node/read-file.ts";
export { openRecords, type RecordFolder } from "./node/record-folder.ts";

/** Where an engine computes. */
export interface EngineOptions extends CommonOptions {
  /** Worker threads for float64 work; default: all cores. */
  readonly threads?: number;
  /**
   * The adapter to use where there are several: a part of its name, or its number in the list of
   * `mixlaw doctor`. Default: the fastest.
   */
  readonly adapter?: string | number;
}

const ENGINE = anObject({
  ...ENGINE_ENTRIES,
  threads: v.optional(aWhole(1, LIMITS.threads.most), availableParallelism),
  adapter: v.optional(v.union([aText, aWhole(0)], "it must be a name or a number")),
} satisfies EntriesOf<EngineOptions>);

/**
 * An engine for this process. Close it when done: it may hold a GPU device and worker threads.
 * Rejects with NoAdapterError when `backend` is "webgpu" and there is no adapter.
 *
 * @example
 * const engine = await openEngine();
 * const file = await engine.fit(laws.additive, await readRuns("runs.csv"));
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend, threads, adapter, onNotice, trace } = readOptions("openEngine", ENGINE, options);
  settleFloat64(threads);
  const here = new URL(import.meta.url);
  // From the sources (tests), the bundled worker is the one to run.
  const script = new URL(here.pathname.endsWith(".ts") ? "../dist/worker.js" : "./worker.js", here);
  const endGarbage = trace && recordGarbage(trace);
  const engine = await openWith({
    backend,
    gpu: () => nodeGpu(adapter),
    host: { rest, letGo: keepDevice },
    pool: threadPool(script, threads, trace),
    notice: onNotice,
    trace,
  });
  const close = async (): Promise<void> => {
    await engine.close();
    endGarbage?.();
  };
  return { ...engine, close };
}
