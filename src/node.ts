/** mixlaw for Node: Dawn's WebGPU, worker threads, files. */

import { availableParallelism, tmpdir } from "node:os";
import { create, globals } from "webgpu";
import { type Engine, openWith } from "./api.ts";
import type { Backend } from "./fit/backends.ts";
import { rest } from "./node/sleep.ts";
import { threadPool } from "./node/thread-pool.ts";

export * from "./index.ts";
export { readRuns, readTable } from "./node/read-file.ts";

/** Where an engine computes. */
export interface EngineOptions {
  /**
   * "auto" (default): whichever finishes first. "webgpu" insists on an adapter. "cpu" is float64
   * throughout.
   */
  readonly backend?: Backend;
  /** Worker threads for float64 work; default: all cores. */
  readonly threads?: number;
  /**
   * Told in a sentence when something about the backend matters, such as a missing adapter.
   * Default: nobody.
   */
  readonly onNotice?: (sentence: string) => void;
}

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
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const here = new URL(import.meta.url);
  // From the sources (tests), the bundled worker is the one to run.
  const script = new URL(here.pathname.endsWith(".ts") ? "../dist/worker.js" : "./worker.js", here);
  return openWith({
    backend: options.backend ?? "auto",
    gpu: nodeGpu,
    rest,
    pool: threadPool(script, options.threads ?? availableParallelism()),
    notice: options.onNotice ?? (() => undefined),
  });
}
