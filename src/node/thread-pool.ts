/** The pool over all cores, for Node. */
import { Worker } from "node:worker_threads";
import { inlinePool, type Pool } from "../fit/search/pool.ts";
import { type PoolWorker, workerPool } from "../fit/workers/worker-pool.ts";
import type { Answer } from "../fit/workers/worker-task.ts";
import type { Trace } from "../trace/trace.ts";

/** Worker threads running `script` (the bundled worker.ts). They are started at the first use. */
export const threadPool = (script: URL, threads: number, trace?: Trace): Pool =>
  threads <= 1
    ? inlinePool(trace)
    : workerPool((gone) => startThread(script, gone), threads, trace);

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

/** A thread answers in the order of the requests. They reject when it fails, or ends before. */
function startThread(script: URL, gone: () => void): PoolWorker {
  // Flags of this process, such as --input-type, need not be any of a worker's.
  const worker = new Worker(script, { execArgv: [] });
  worker.unref(); // only an answer that is waited for keeps the process alive
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  const fail = (reason: Error): void => {
    failure ??= reason;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on("message", (answer: Answer) => {
    waiting.shift()?.resolve(answer);
    if (waiting.length === 0) worker.unref();
  });
  worker.on("error", fail);
  worker.once("exit", (code) => {
    fail(new Error(`a worker thread ended with code ${code}`));
    gone();
  });
  return {
    send: (request) => worker.postMessage(request),
    ask: (request) =>
      new Promise<Answer>((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        waiting.push({ resolve, reject });
        worker.ref();
        worker.postMessage(request);
      }),
    end: async () => void (await worker.terminate()),
  };
}
