/** An engine for tests that need no GPU and no worker. */
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";

export const cpuEngine = (): Promise<Engine> =>
  makeEngine({
    backend: "cpu",
    gpu: () => Promise.resolve(undefined),
    pool: inlinePool(),
    notice: () => undefined,
  });
