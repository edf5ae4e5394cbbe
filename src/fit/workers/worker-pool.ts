/** The pool over several workers: threads of Node, or workers of a page. */
import { AbortedError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { given } from "../../base/objects.ts";
import type { Watch } from "../../base/watch.ts";
import { within } from "../../gpu/watchdog.ts";
import type { Trace } from "../../trace/trace.ts";
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import type { LawDraws } from "../starts/draws.ts";
import { threadSeconds } from "../search/choose-backend.ts";
import { type Drawing, interrupted, piecesOf, type Pool } from "../search/pool.ts";
import type { Problem, Start } from "../search/problem.ts";
import type { Common, SharedWork } from "../search/shared-work.ts";
import { float64Order, releaseLane, takeLane } from "../../wasm/availability.ts";
import { tellFallback } from "../../wasm/fallback.ts";
import { Turns } from "./turns.ts";
import { ahead, emptied, Queue, type Taker } from "./work-queue.ts";
import { type Answer, problemRequest, type Request } from "./worker-task.ts";

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

/**
 * Starts a message carries: enough to hide its cost, few enough to share out evenly and to stop
 * soon. Short fits go together until they take about `seconds`, where a thread still has `turns`.
 */
const BATCH = { least: 4, most: 64, seconds: 2e-3, turns: 8 } as const;

/** Starts of a batch; @param share how many there are for each thread, several batches */
function batchSize(problem: Problem, share: number, { iterations }: LmOptions): number {
  const short = Math.floor(BATCH.seconds / (iterations * threadSeconds(problem)));
  const most = Math.min(short, BATCH.most, Math.ceil(share / BATCH.turns));
  return Math.max(1, Math.min(Math.max(BATCH.least, most), Math.ceil(share)));
}

/**
 * Starts that a message asks for: of small targets several, since a message takes as long as some
 * tens of starts; few enough to share out evenly.
 */
const DRAWN = { most: 256, turns: 8 } as const;

/** Pieces of a message. */
function drawnAtOnce(pieces: readonly Drawing[], threads: number): number {
  const all = pieces.reduce((sum, { numbers }) => sum + numbers.count, 0);
  const fitting = Math.floor((DRAWN.most * pieces.length) / all);
  return Math.max(1, Math.min(fitting, Math.floor(pieces.length / (threads * DRAWN.turns))));
}

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
  readonly beside: Pool | undefined;
  readonly #start: StartWorker;
  readonly #trace: Trace | undefined;
  /** The track of the trace that each worker has. */
  readonly #tracks = new Map<PoolWorker, string>();
  #workers: PoolWorker[] = [];
  /** The problem that a worker was sent last: it keeps that one. */
  readonly #taught = new WeakMap<PoolWorker, Problem>();
  /** The subject that it was sent last, which it keeps with the problem that it had then. */
  readonly #subjectOf = new WeakMap<PoolWorker, unknown>();
  /** The law of which it is to draw starts. */
  readonly #lawOf = new WeakMap<PoolWorker, LawDraws>();
  /** The lane of each worker that has one. */
  readonly #lanes = new Map<PoolWorker, number>();
  readonly #turns: Turns;

  constructor(start: StartWorker, threads: number, trace: Trace | undefined) {
    this.#start = start;
    this.threads = threads;
    this.#trace = trace;
    this.#turns = new Turns(threads);
    // One thread is left to what computes elsewhere, and to who gives it work.
    this.beside = threads > 1 ? this.#inTurns(new Turns(threads - 1, this.#turns)) : undefined;
  }

  run(problem: Problem, starts: readonly Start[], options: LmOptions, watch: Watch) {
    return this.#run(this.#turns, problem, starts, options, watch);
  }

  draw(drawings: readonly Drawing[], watch: Watch) {
    return this.#draw(this.#turns, drawings, watch);
  }

  share<Subject, Item, Result>(
    work: SharedWork<Subject, Item, Result>,
    common: Common<Subject, Item, Result>,
    items: readonly Item[],
  ): Promise<Result[]> {
    return this.#share(this.#turns, work, common, items);
  }

  /** The pool with other turns. */
  #inTurns(turns: Turns): Pool {
    const trace = this.#trace;
    return {
      threads: turns.workers,
      trace,
      run: (problem, starts, options, watch) => this.#run(turns, problem, starts, options, watch),
      draw: (drawings, watch) => this.#draw(turns, drawings, watch),
      share: (work, common, items) => this.#share(turns, work, common, items),
      close: () => Promise.resolve(),
    };
  }

  #run(turns: Turns, problem: Problem, starts: readonly Start[], options: LmOptions, watch: Watch) {
    const size = batchSize(problem, starts.length / turns.workers, options);
    const queue = new Queue(starts, starts.map(interrupted), size, watch);
    return this.#emptied(turns, queue, async (worker, batch, stop) => {
      this.#teach(worker, problem);
      const request = { kind: "run", starts: batch, options, ...given({ stop }) } as const;
      return (await this.#ask(worker, request)).ends;
    });
  }

  async #draw(turns: Turns, drawings: readonly Drawing[], watch: Watch): Promise<Float64Array[][]> {
    const pieces = piecesOf(drawings);
    const size = drawnAtOnce(pieces, turns.workers);
    const queue = new Queue(pieces, pieces.map((): Float64Array[] => []), size, watch); // prettier-ignore
    const drawn = await this.#emptied(turns, queue, (worker, batch) => this.#drawn(worker, batch));
    const byDrawing = drawings.map((): Float64Array[] => []);
    for (const [i, points] of drawn.entries())
      itemAt(byDrawing, itemAt(pieces, i).place).push(...points);
    return byDrawing;
  }

  /** The points of each piece, which a worker draws. */
  async #drawn(worker: PoolWorker, pieces: readonly Drawing[]): Promise<Float64Array[][]> {
    const { law } = itemAt(pieces, 0).drawer;
    if (this.#lawOf.get(worker) !== law) {
      const float64 = float64Order(this.#lanes.get(worker));
      worker.send({ kind: "draws", law, float64 });
      this.#lawOf.set(worker, law);
    }
    const drawings = pieces.map(({ drawer: { target }, numbers }) => ({ target, numbers }));
    const { points = new Float64Array() } = await this.#ask(worker, { kind: "draw", drawings });
    const size = law.sized.length;
    let at = 0;
    return pieces.map(({ numbers }) =>
      Array.from({ length: numbers.count }, () => points.slice(at, (at += size))),
    );
  }

  #share<Subject, Item, Result>(
    turns: Turns,
    work: SharedWork<Subject, Item, Result>,
    { subject, problem, here, signal }: Common<Subject, Item, Result>,
    items: readonly Item[],
  ): Promise<Result[]> {
    const watch = { signal, tick: () => undefined };
    const queue = new Queue<Item, Result | undefined>(items, items.map(() => undefined), 1, watch); // prettier-ignore
    const begin = (worker: PoolWorker): void => {
      if (this.#subjectOf.get(worker) === subject) return;
      if (problem !== undefined) this.#teach(worker, problem);
      const float64 = float64Order(this.#lanes.get(worker));
      worker.send({ kind: "subject", work: work.name, subject, float64 });
      this.#subjectOf.set(worker, subject);
    };
    const send = async (worker: PoolWorker, batch: readonly Item[]): Promise<Result[]> => {
      await turns.wait();
      begin(worker);
      const answer = await this.#ask(worker, { kind: "item", item: itemAt(batch, 0) });
      return [answer.made as Result];
    };
    return turns.take(async () => {
      const workers = this.#hired(here === undefined ? turns.workers : turns.workers - 1);
      if (items.length === 0) for (const worker of workers) begin(worker);
      const takers = workers.map((worker): Taker<Item, Result> => ({
        work: (batch) => send(worker, batch),
      }));
      const own = here && {
        work: async (batch: readonly Item[]) => [await here(itemAt(batch, 0))],
      };
      const made = await emptied(queue, ahead(takers, own));
      if (signal?.aborted === true) throw new AbortedError();
      return made as Result[]; // to the end, or it has thrown
    });
  }

  hire(): void {
    this.#hired(this.threads);
  }

  async close(): Promise<void> {
    const ended = this.#workers;
    this.#workers = [];
    if (this.#trace !== undefined) await this.#collect(ended);
    await Promise.all(ended.map((worker) => worker.end()));
  }

  /** Sends a worker a problem, unless it is the one that it has. */
  #teach(worker: PoolWorker, problem: Problem): void {
    const known = this.#taught.get(worker);
    if (known === problem) return;
    worker.send(problemRequest(problem, this.#lanes.get(worker), known));
    this.#taught.set(worker, problem);
  }

  /** What workers make of a queue, in turn. */
  #emptied<Item, Result>(
    turns: Turns,
    queue: Queue<Item, Result>,
    work: (
      worker: PoolWorker,
      batch: readonly Item[],
      stop: Int32Array | undefined,
    ) => Promise<readonly Result[]>,
  ): Promise<Result[]> {
    return turns.take(async () => {
      if (queue.batches === 0) return queue.results;
      const stop = new StopFlag(queue.watch.signal);
      const takers = this.#hired(turns.workers).map((worker): Taker<Item, Result> => ({
        work: async (batch) => {
          await turns.wait();
          return work(worker, batch, stop.flag);
        },
      }));
      return emptied(queue, ahead(takers)).finally(() => stop.release());
    });
  }

  /** Workers, of which as many are started as are missing. */
  #hired(count: number): PoolWorker[] {
    while (this.#workers.length < count) this.#workers.push(this.#hire());
    return this.#workers.slice(0, count);
  }

  async #ask(worker: PoolWorker, request: Request): Promise<Answer> {
    const answer = await worker.ask(request);
    const track = this.#tracks.get(worker);
    if (answer.recorded !== undefined && track !== undefined)
      this.#trace?.absorb(answer.recorded, track);
    if (answer.fallback !== undefined) tellFallback(answer.fallback);
    return answer;
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
      const ended = this.#lanes.get(worker);
      if (this.#lanes.delete(worker) && ended !== undefined) releaseLane(ended);
    });
    const lane = takeLane();
    if (lane !== undefined) this.#lanes.set(worker, lane);
    if (this.#trace !== undefined) {
      this.#tracks.set(worker, `worker ${this.#tracks.size + 1}`);
      worker.send({ kind: "trace", begun });
    }
    return worker;
  }
}
