/** The pool over several workers: threads of Node, or workers of a page. */
import { given } from "../../base/objects.ts";
import type { Watch } from "../../base/watch.ts";
import { within } from "../../gpu/watchdog.ts";
import type { Trace } from "../../trace/trace.ts";
import { interrupted, type Pool } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";
import type { Answer, Request } from "./worker-task.ts";

/** A worker as a pool sees it; it answers requests as `answering` does, in their order. */
export interface PoolWorker {
  /** Sends a request that has no answer. */
  send(request: Request): void;
  /** Sends a request. Rejects when the worker fails, or ends before it answers. */
  ask(request: Request): Promise<Answer>;
  /** Ends it. */
  end(): Promise<void>;
}

/** Starts a worker. It calls `gone` when the worker is of no more use: it failed or ended. */
export type StartWorker = (gone: () => void) => PoolWorker;

type Task = Parameters<Pool["run"]>;

/**
 * Starts a message carries: enough to hide its cost, few enough to share out evenly and to stop
 * soon.
 */
const BATCH = 4;

/** Milliseconds in which an idle worker says what it has recorded. */
const COLLECTING = 500;

/** What tells workers to stop, which hear of no message while they compute; see `Request`. */
class StopFlag {
  readonly flag: Int32Array | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = (): void => {
    if (this.flag !== undefined) Atomics.store(this.flag, 0, 1);
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal === undefined || typeof SharedArrayBuffer === "undefined") return;
    this.flag = new Int32Array(new SharedArrayBuffer(4));
    signal.addEventListener("abort", this.#stop);
    if (signal.aborted) this.#stop();
  }

  /** Listens no more. */
  release(): void {
    this.#signal?.removeEventListener("abort", this.#stop);
  }
}

/**
 * A pool of `threads` workers, which are started at the first use; `trace` records what they do.
 */
export const workerPool = (start: StartWorker, threads: number, trace?: Trace): Pool =>
  new WorkerPool(start, threads, trace);

class WorkerPool implements Pool {
  readonly threads: number;
  readonly #start: StartWorker;
  readonly #trace: Trace | undefined;
  /** The track of the trace that each worker has. */
  readonly #tracks = new Map<PoolWorker, string>();
  #workers: PoolWorker[] = [];
  /** The problem that a worker was sent last: it keeps that one. */
  readonly #taught = new WeakMap<PoolWorker, Problem>();
  /** Ends when the run before has: a worker answers one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(start: StartWorker, threads: number, trace: Trace | undefined) {
    this.#start = start;
    this.threads = threads;
    this.#trace = trace;
  }

  run(...task: Task): Promise<Polished[]> {
    const result = this.#turn.then(() => this.#share(...task));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    const ended = this.#workers;
    this.#workers = [];
    if (this.#trace !== undefined) await this.#collect(ended);
    await Promise.all(ended.map((worker) => worker.end()));
  }

  /** The workers take batches from one queue until it is empty, or a worker fails. */
  async #share(...[problem, starts, options, watch]: Task): Promise<Polished[]> {
    if (starts.length === 0 || watch.signal?.aborted === true) return starts.map(interrupted);
    while (this.#workers.length < this.threads) this.#workers.push(this.#hire());
    const size = Math.max(1, Math.min(BATCH, Math.ceil(starts.length / this.threads)));
    const queue = new Queue(starts, watch, size);
    const stop = new StopFlag(watch.signal);
    const work = async (worker: PoolWorker): Promise<void> => {
      this.#teach(worker, problem);
      for (let batch = queue.take(); batch !== undefined; batch = queue.take())
        queue.put(
          batch,
          await this.#ask(worker, {
            kind: "run",
            starts: batch.starts,
            options,
            ...given({ stop: stop.flag }),
          }),
        );
    };
    const fail = (error: unknown): never => {
      queue.end();
      throw error;
    };
    const busy = this.#workers.slice(0, Math.ceil(starts.length / size));
    const ends = await Promise.allSettled(busy.map((worker) => work(worker).catch(fail)));
    stop.release();
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return queue.results;
  }

  async #ask(worker: PoolWorker, request: Request): Promise<Polished[]> {
    const { ends, recorded } = await worker.ask(request);
    const track = this.#tracks.get(worker);
    if (recorded !== undefined && track !== undefined) this.#trace?.absorb(recorded, track);
    return ends;
  }

  /** Gets what workers recorded since their last answer, but of one that does not answer soon. */
  async #collect(workers: readonly PoolWorker[]): Promise<void> {
    const asked = workers.map((worker) => this.#ask(worker, { kind: "collect" }));
    await Promise.allSettled(asked.map((answer) => within(answer, COLLECTING)));
  }

  #hire(): PoolWorker {
    const begun = performance.timeOrigin + performance.now();
    const worker = this.#start(() => {
      this.#workers = this.#workers.filter((other) => other !== worker);
    });
    if (this.#trace !== undefined) {
      this.#tracks.set(worker, `worker ${this.#tracks.size + 1}`);
      worker.send({ kind: "trace", begun });
    }
    return worker;
  }

  #teach(worker: PoolWorker, problem: Problem): void {
    if (this.#taught.get(worker) === problem) return;
    worker.send({ kind: "problem", problem });
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
  /** Starts of a batch. */
  readonly #size: number;
  #next = 0;
  #done = 0;
  #ended = false;

  constructor(starts: readonly Start[], watch: Watch, size: number) {
    this.results = starts.map(interrupted);
    this.#starts = starts;
    this.#watch = watch;
    this.#size = size;
  }

  /** The next batch; undefined where there is none, or an end was put to it. */
  take(): Batch | undefined {
    const from = this.#next;
    if (from >= this.#starts.length || this.#ended || this.#watch.signal?.aborted === true)
      return undefined;
    const starts = this.#starts.slice(from, from + this.#size);
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
