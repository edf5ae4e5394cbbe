/** mixlaw for browsers: `navigator.gpu`, float64 work in the page's own thread. */
import { type Engine, openWith } from "./api.ts";
import type { Backend } from "./fit/backends.ts";
import { inlinePool } from "./fit/search/pool.ts";

export * from "./index.ts";

/** Where an engine computes. */
export interface EngineOptions {
  /**
   * "auto" (default): whichever finishes first. "webgpu" insists on an adapter. "cpu" is float64
   * throughout.
   */
  readonly backend?: Backend;
  /**
   * Told in a sentence when something about the backend matters, such as a missing adapter.
   * Default: nobody.
   */
  readonly onNotice?: (sentence: string) => void;
}

/**
 * An engine for this page. Rejects with NoAdapterError when `backend` is "webgpu" and there is no
 * adapter.
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return openWith({
    backend: options.backend ?? "auto",
    gpu: () => Promise.resolve("gpu" in navigator ? navigator.gpu : undefined),
    pool: inlinePool(),
    notice: options.onNotice ?? (() => undefined),
  });
}
