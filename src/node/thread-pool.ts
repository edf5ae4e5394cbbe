/** The pool over all cores, for Node. */
import { Worker } from "node:worker_threads";
import { inlinePool, interrupted, type Pool } from "../fit/search/pool.ts";
import type { Polished, Problem } from "../fit/search/problem.ts";
import type { Request } from "./worker.ts";

/**
 * Starts a message carries: enough to hide its cost, few enough to share out evenly and to stop
 * soon.
 */
const BATCH = 4;

/** Worker threads running `script` (the bundled worker.ts). They are started at the first use. */
export function threadPool(script: URL, threads: number): Pool {
  if (threads <= 1) return inlinePool();
  let workers: Worker[] = [];
  const sent = new WeakMap<Worker, Problem>();
  /** Ends when the run before has: a worker answers one at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  const hire = (): Worker => {
    const worker = new Worker(script);
    worker.once("exit", () => (workers = workers.filter((other) => other !== worker)));
    return worker;
  };
  const run: Pool["run"] = async (problem, starts, options, { signal, tick }) => {
    const found: Polished[] = starts.map(interrupted);
    let next = 0;
    let done = 0;
    let broken = false;
    while (workers.length < threads) workers.push(hire());
    const work = async (worker: Worker): Promise<void> => {
      teach(worker, problem, sent);
      while (next < starts.length && !broken && signal?.aborted !== true) {
        const from = next;
        const batch = starts.slice(from, from + BATCH);
        next += batch.length;
        const results = await ask(worker, { kind: "run", starts: batch, options });
        for (const [i, result] of results.entries()) found[from + i] = result;
        done += batch.length;
        tick(done / starts.length);
      }
    };
    const stop = (error: unknown): never => {
      broken = true;
      throw error;
    };
    const ends = await Promise.allSettled(
      workers.slice(0, Math.ceil(starts.length / BATCH)).map((worker) => work(worker).catch(stop)),
    );
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return found;
  };
  return {
    threads,
    run(...task) {
      const result = turn.then(() => run(...task));
      turn = result.catch(() => undefined);
      return result;
    },
    async close() {
      const ended = workers;
      workers = [];
      await Promise.all(ended.map((worker) => worker.terminate()));
    },
  };
}

/** Sends the problem, unless it is the last that this worker was sent: it keeps that one. */
function teach(worker: Worker, problem: Problem, sent: WeakMap<Worker, Problem>): void {
  if (sent.get(worker) === problem) return;
  const request: Request = { kind: "problem", problem };
  worker.postMessage(request);
  sent.set(worker, problem);
}

function ask(worker: Worker, request: Request): Promise<Polished[]> {
  worker.ref();
  return new Promise<Polished[]>((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", answered);
      worker.off("error", failed);
      worker.off("exit", gone);
      worker.unref(); // idle workers do not keep the process alive
      finish();
    };
    const answered = (results: Polished[]) => settle(() => resolve(results));
    const failed = (error: Error) => settle(() => reject(error));
    const gone = (code: number) =>
      settle(() => reject(new Error(`a worker thread ended with code ${code}`)));
    worker.on("message", answered);
    worker.on("error", failed);
    worker.on("exit", gone);
    worker.postMessage(request);
  });
}
