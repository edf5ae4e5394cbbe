/** mixlaw for Node: Dawn's WebGPU, worker threads, files. */

import { availableParallelism, tmpdir } from "node:os";
import { create, globals } from "webgpu";
import * as v from "valibot";
import {
  type Engine,
  ENGINE_ENTRIES,
  type EngineOptions as CommonOptions,
  openWith,
} from "./api.ts";
import { anObject, aWhole, type EntriesOf, readOptions } from "./options/option-schema.ts";
import { keepDevice } from "./node/kept-devices.ts";
import { rest } from "./node/sleep.ts";
import { threadPool } from "./node/thread-pool.ts";

export * from "./index.ts";
export { readRuns, readTable } from "./node/read-file.ts";
export { openRecords, type RecordFolder } from "./node/record-folder.ts";

/** Where an engine computes. */
export interface EngineOptions extends CommonOptions {
  /** Worker threads for float64 work; default: all cores. */
  readonly threads?: number;
}

const ENGINE = anObject({
  ...ENGINE_ENTRIES,
  threads: v.optional(aWhole(1), availableParallelism),
} satisfies EntriesOf<EngineOptions>);

/** Dawn's instance, one a process: it must stay reachable as long as a device lives. */
let dawn: GPU | undefined;

/** `navigator.gpu` for Node. */
function nodeGpu(): Promise<GPU | undefined> {
  process.env["XDG_RUNTIME_DIR"] ??= tmpdir(); // lavapipe wants one
  Object.assign(globalThis, globals);
  dawn ??= create([]);
  return Promise.resolve(dawn);
}

/**
 * An engine for this process. Close it when done: it may hold a GPU device and worker threads.
 * Rejects with NoAdapterError when `backend` is "webgpu" and there is no adapter.
 *
 * @example
 * const engine = await openEngine();
 * const file = await engine.fit(laws.additive, await readRuns("runs.csv"));
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend, threads, onNotice } = readOptions("openEngine", ENGINE, options);
  const here = new URL(import.meta.url);
  // From the sources (tests), the bundled worker is the one to run.
  const script = new URL(here.pathname.endsWith(".ts") ? "../dist/worker.js" : "./worker.js", here);
  return openWith({
    backend,
    gpu: nodeGpu,
    host: { rest, letGo: keepDevice },
    pool: threadPool(script, threads),
    notice: onNotice,
  });
}
