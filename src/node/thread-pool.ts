/** The pool over all cores, for Node. */
import { Worker } from "node:worker_threads";
import { inlinePool, type Pool } from "../fit/search/pool.ts";
import { type PoolWorker, workerPool } from "../fit/workers/worker-pool.ts";
import type { Answer, Request } from "../fit/workers/worker-task.ts";
import type { Trace } from "../trace/trace.ts";

/** Worker threads running `script` (the bundled worker.ts). They are started at the first use. */
export const threadPool = (script: URL, threads: number, trace?: Trace): Pool =>
  threads <= 1
    ? inlinePool(trace)
    : workerPool((gone) => startThread(script, gone), threads, trace);

function startThread(script: URL, gone: () => void): PoolWorker {
  // Flags of this process, such as --input-type, need not be any of a worker's.
  const worker = new Worker(script, { execArgv: [] });
  worker.unref(); // only an answer that is waited for keeps the process alive
  worker.once("exit", gone);
  return {
    send: (request) => worker.postMessage(request),
    ask: (request) => ask(worker, request),
    end: async () => void (await worker.terminate()),
  };
}

/** Asks a worker to run starts. Rejects when it fails, or ends before it answers. */
function ask(worker: Worker, request: Request): Promise<Answer> {
  worker.ref();
  return new Promise<Answer>((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", answered);
      worker.off("error", failed);
      worker.off("exit", gone);
      worker.unref();
      finish();
    };
    const answered = (answer: Answer) => settle(() => resolve(answer));
    const failed = (error: Error) => settle(() => reject(error));
    const gone = (code: number) =>
      settle(() => reject(new Error(`a worker thread ended with code ${code}`)));
    worker.on("message", answered);
    worker.on("error", failed);
    worker.on("exit", gone);
    worker.postMessage(request);
  });
}
