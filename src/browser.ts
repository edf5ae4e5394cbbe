/** mixlaw for browsers: `navigator.gpu`, float64 work in the page's own thread. */
import { type Engine, ENGINE_ENTRIES, type EngineOptions, openWith } from "./api.ts";
import { anObject, readOptions } from "./options/option-schema.ts";
import { inlinePool } from "./fit/search/pool.ts";

export * from "./index.ts";
export type { EngineOptions } from "./api.ts";

const ENGINE = anObject(ENGINE_ENTRIES);

/**
 * An engine for this page. Rejects with NoAdapterError when `backend` is "webgpu" and there is no
 * adapter.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend, onNotice } = readOptions("openEngine", ENGINE, options);
  return openWith({
    backend,
    gpu: () => Promise.resolve("gpu" in navigator ? navigator.gpu : undefined),
    pool: inlinePool(),
    notice: onNotice,
  });
}
