/** The pool over all cores, for Node. */
import type { Watch } from "../base/watch.ts";
import { Worker } from "node:worker_threads";
import { inlinePool, interrupted, type Pool } from "../fit/search/pool.ts";
import type { Polished, Problem, Start } from "../fit/search/problem.ts";
import type { Request } from "./worker.ts";

type Task = Parameters<Pool["run"]>;

/**
 * Starts a message carries: enough to hide its cost, few enough to share out evenly and to stop
 * soon.
 */
const BATCH = 4;

/** Worker threads running `script` (the bundled worker.ts). They are started at the first use. */
export const threadPool = (script: URL, threads: number): Pool =>
  threads <= 1 ? inlinePool() : new ThreadPool(script, threads);

class ThreadPool implements Pool {
  readonly threads: number;
  readonly #script: URL;
  #workers: Worker[] = [];
  /** The problem that a worker was sent last: it keeps that one. */
  readonly #taught = new WeakMap<Worker, Problem>();
  /** Ends when the run before has: a worker answers one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(script: URL, threads: number) {
    this.#script = script;
    this.threads = threads;
  }

  run(...task: Task): Promise<Polished[]> {
    const result = this.#turn.then(() => this.#share(...task));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    const ended = this.#workers;
    this.#workers = [];
    await Promise.all(ended.map((worker) => worker.terminate()));
  }

  /** The workers take batches from one queue until it is empty, or a worker fails. */
  async #share(...[problem, starts, options, watch]: Task): Promise<Polished[]> {
    while (this.#workers.length < this.threads) this.#workers.push(this.#hire());
    const queue = new Queue(starts, watch);
    const work = async (worker: Worker): Promise<void> => {
      this.#teach(worker, problem);
      for (let batch = queue.take(); batch !== undefined; batch = queue.take())
        queue.put(batch, await ask(worker, { kind: "run", starts: batch.starts, options }));
    };
    const stop = (error: unknown): never => {
      queue.end();
      throw error;
    };
    const busy = this.#workers.slice(0, Math.ceil(starts.length / BATCH));
    const ends = await Promise.allSettled(busy.map((worker) => work(worker).catch(stop)));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return queue.results;
  }

  #hire(): Worker {
    const worker = new Worker(this.#script);
    worker.once("exit", () => (this.#workers = this.#workers.filter((other) => other !== worker)));
    return worker;
  }

  #teach(worker: Worker, problem: Problem): void {
    if (this.#taught.get(worker) === problem) return;
    worker.postMessage({ kind: "problem", problem } satisfies Request);
    this.#taught.set(worker, problem);
  }
}

interface Batch {
  readonly starts: readonly Start[];
  /** Position of the first one. */
  readonly from: number;
}

/** Starts to run, and what came of those that are done. */
class Queue {
  /** In the order of the starts; "interrupted" until they are done. */
  readonly results: Polished[];
  readonly #starts: readonly Start[];
  readonly #watch: Watch;
  #next = 0;
  #done = 0;
  #ended = false;

  constructor(starts: readonly Start[], watch: Watch) {
    this.results = starts.map(interrupted);
    this.#starts = starts;
    this.#watch = watch;
  }

  /** The next batch; undefined where there is none, or an end was put to it. */
  take(): Batch | undefined {
    const from = this.#next;
    if (from >= this.#starts.length || this.#ended || this.#watch.signal?.aborted === true)
      return undefined;
    const starts = this.#starts.slice(from, from + BATCH);
    this.#next += starts.length;
    return { starts, from };
  }

  put({ from }: Batch, results: readonly Polished[]): void {
    for (const [i, result] of results.entries()) this.results[from + i] = result;
    this.#done += results.length;
    this.#watch.tick(this.#done / this.#starts.length);
  }

  /** Nothing more is given out. */
  end(): void {
    this.#ended = true;
  }
}

/** Asks a worker to run starts. Rejects when it fails, or ends before it answers. */
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
