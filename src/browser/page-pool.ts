/** The pool over the workers of a page, or of a worker, which may have workers of its own. */
import { inlinePool, type Pool } from "../fit/search/pool.ts";
import { workerPool } from "../fit/workers/worker-pool.ts";
import type { Trace } from "../trace/trace.ts";
import { ModuleWorker } from "./module-worker.ts";

/** What to do where no worker can be started, for the end of a sentence. */
const REMEDY =
  "serve browser-worker.js beside the module that has mixlaw, from the page's own origin, and allow it in the content security policy (worker-src 'self')";

/** A pool, and what the policies that its workers' script came with let them do. */
export interface PagePool {
  readonly pool: Pool;
  /** Whether all compile JavaScript. */
  readonly compiles: boolean;
  /** Why one has no float64 in WebAssembly, to end a sentence; undefined where all have. */
  readonly refusal: string | undefined;
}

/**
 * A pool of `threads` module workers, started at once, or as many of them as load. Where none does
 * (a page from file://, a browser without workers in workers, a policy that forbids them, no script
 * there), it is the inline pool, and `notice` is told why.
 *
 * @param script where the worker's script is; without it, beside this module.
 */
export async function pagePool(
  script: URL | string | undefined,
  threads: number,
  notice: (sentence: string) => void,
  trace?: Trace,
): Promise<PagePool> {
  const begun = await Promise.allSettled(
    Array.from({ length: threads }, async () => {
      const worker = new ModuleWorker(script);
      return { worker, ready: await worker.ready };
    }),
  );
  const loaded = begun.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  const refused = begun.find((end) => end.status === "rejected");
  if (loaded.length === 0) {
    const reason = refused?.reason instanceof Error ? refused.reason.message : "no reason is known";
    notice(
      `No worker could be started (${reason}): float64 work takes one core, in the thread that asks for it, with pauses. For more cores, ${REMEDY}.`,
    );
    return { pool: inlinePool(trace), compiles: true, refusal: undefined };
  }
  const waiting = loaded.map(({ worker }) => worker);
  const start = (gone: () => void): ModuleWorker => {
    const worker = waiting.pop() ?? new ModuleWorker(script);
    worker.onEnd(gone);
    return worker;
  };
  const pool = workerPool(start, loaded.length, trace);
  // The pool knows only those that it has asked for something.
  const close = async (): Promise<void> => {
    await Promise.all([pool.close(), ...waiting.splice(0).map((worker) => worker.end())]);
  };
  return {
    pool: {
      threads: pool.threads,
      run: (...task) => pool.run(...task),
      draw: (...task) => pool.draw(...task),
      share: pool.share?.bind(pool),
      close,
    },
    compiles: loaded.every(({ ready }) => ready.compiles),
    refusal: loaded.find(({ ready }) => ready.refusal !== undefined)?.ready.refusal,
  };
}
