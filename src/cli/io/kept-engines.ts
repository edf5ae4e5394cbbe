/** Engines that several commands of one process share: those of a job. */
import type { Engine } from "../../node.ts";
import { type EngineOptions, openEngine } from "../../node.ts";
import { quietly } from "./quiet-driver.ts";

/** Engines by their options; undefined where each command has its own. */
let kept: Map<string, Engine> | undefined;

/** An engine that a command uses, and what it calls when it is done. */
export interface UsedEngine {
  readonly engine: Engine;
  /** @param isSound whether it may be used again */
  readonly release: (isSound: boolean) => Promise<void>;
}

/** A new engine. It looks for the adapter at once, while the driver is kept quiet. */
const opened = (options: EngineOptions): Promise<Engine> =>
  quietly(async () => {
    const engine = await openEngine(options);
    if (options.backend !== "auto") return engine;
    try {
      await engine.look();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  });

/** An engine of some options: a new one, or the one that the job keeps. */
export async function useEngine(options: EngineOptions): Promise<UsedEngine> {
  const engines = kept;
  const { backend, threads, adapter, trace } = options;
  // What is traced has an engine of its own, whose kernels are all in the trace.
  if (engines === undefined || trace !== undefined) {
    const engine = await opened(options);
    return { engine, release: () => engine.close() };
  }
  const key = JSON.stringify([backend, threads, adapter]);
  const engine = engines.get(key) ?? (await opened(options));
  engines.set(key, engine);
  return {
    engine,
    async release(isSound) {
      if (isSound) return;
      engines.delete(key);
      await engine.close();
    },
  };
}

/** Does some work whose commands share engines. They are closed afterwards. */
export async function sharingEngines<T>(work: () => Promise<T>): Promise<T> {
  const engines = new Map<string, Engine>();
  kept = engines;
  try {
    return await work();
  } finally {
    kept = undefined;
    for (const engine of engines.values()) await engine.close();
  }
}
