/** mixlaw for browsers: `navigator.gpu`, and a page's workers for float64. */
import * as v from "valibot";
import {
  type Engine,
  ENGINE_ENTRIES,
  type EngineOptions as CommonOptions,
  openWith,
} from "./api.ts";
import { pagePool } from "./browser/page-pool.ts";
import { forbidWasm } from "./wasm/availability.ts";
import { canCompile } from "./expr/javascript.ts";
import {
  anObject,
  anything,
  aWhole,
  type EntriesOf,
  readOptions,
} from "./options/option-schema.ts";

export * from "./index.ts";

/** Where an engine computes. */
export interface EngineOptions extends CommonOptions {
  /** Workers for float64 work; default: a worker a core, up to 16. */
  readonly threads?: number;
  /**
   * Where the workers' script is, which is `browser-worker.js` of this package. Default: beside the
   * module that has mixlaw, where bundlers that know `new URL(…, import.meta.url)` put it.
   */
  readonly workerScript?: URL | string;
}

/** Workers by default at most: each has a copy of the runs. */
const MOST_THREADS = 16;

const ENGINE = anObject({
  ...ENGINE_ENTRIES,
  threads: v.optional(aWhole(1), () => Math.min(navigator.hardwareConcurrency, MOST_THREADS)),
  workerScript: v.optional(anything<URL | string>()),
} satisfies EntriesOf<EngineOptions>);

/** Why a browser has no adapter, as far as it can be known, and what to do. */
function adapterRemedy(): string {
  if (!globalThis.isSecureContext)
    return "This page came by plain http, where browsers have no WebGPU: open it by https, or from localhost.";
  if (!("gpu" in navigator))
    return "This browser has no WebGPU: a current Chrome, Edge, Firefox or Safari has, on most machines.";
  return "The browser has WebGPU and no adapter for it: see whether hardware acceleration is on in its settings (in Chrome, chrome://gpu says more).";
}

/**
 * An engine for this page or worker. Close it when done: it may hold a GPU device and workers.
 * Rejects with NoAdapterError when `backend` is "webgpu" and there is no adapter.
 *
 * @example
 * const engine = await openEngine({ onNotice: (sentence) => console.info(sentence) });
 * const table = await parseTable(new Uint8Array(await file.arrayBuffer()), "csv", file.name);
 * const fit = await engine.fit(laws.additive, toRuns(table));
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend, threads, workerScript, onNotice, trace } = readOptions(
    "openEngine",
    ENGINE,
    options,
  );
  const { pool, compiles, refusal } = await pagePool(workerScript, threads, onNotice, trace);
  // The page and its workers have to be alike.
  if (refusal !== undefined) forbidWasm(refusal);
  return openWith({
    backend,
    gpu: () => Promise.resolve("gpu" in navigator ? navigator.gpu : undefined),
    adapterRemedy: adapterRemedy(),
    pool,
    compiles: compiles && canCompile(),
    notice: onNotice,
    trace,
  });
}
