/** What a pool asks of its workers, and what a worker does: the same in Node and in browsers. */
import { firstOf } from "../../base/known.ts";
import { given } from "../../base/objects.ts";
import type { Recorded } from "../../trace/span.ts";
import { Trace, tracedSync } from "../../trace/trace.ts";
import type { LossKind } from "../../expr/loss.ts";
import { Drawer, type LawDraws, type Numbers, type TargetDraws } from "../starts/draws.ts";
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import { interrupted, Runner } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";
import type { AnySharedWork } from "../search/shared-work.ts";
import { type Float64Order, float64Order, followFloat64 } from "../../wasm/availability.ts";
import {
  adoptModule,
  type CompiledProgram,
  moduleFor,
} from "../../wasm/program/module-of-program.ts";
import { onFallback } from "../../wasm/fallback.ts";

/**
 * A message to a worker: the problem that it is to keep, or starts of it to run; the law that it is
 * to keep, or starts of it to draw; the subject of a shared work on that problem that it is to
 * keep, or an item of it to do; that it is to record what it does from now on, or to say what it
 * has recorded.
 */
export type Request =
  | { readonly kind: "collect" }
  | {
      readonly kind: "trace";
      /** When the worker was begun, in milliseconds since 1970. */
      readonly begun: number;
    }
  | {
      readonly kind: "problem";
      readonly problem: Omit<Problem, keyof Tables>;
      /** Left out where they are those of the problem before. */
      readonly tables?: Tables;
      /** What is to compute it. */
      readonly float64: Float64Order;
      /** The problem's program, compiled; where float64 is WebAssembly's. */
      readonly module?: CompiledProgram;
    }
  | {
      readonly kind: "draws";
      readonly law: LawDraws;
      /** What is to compute them. */
      readonly float64: Float64Order;
    }
  | {
      readonly kind: "subject";
      readonly work: string;
      readonly subject: unknown;
      /** What is to compute it. */
      readonly float64: Float64Order;
    }
  | { readonly kind: "item"; readonly item: unknown }
  | {
      readonly kind: "draw";
      readonly drawings: readonly { readonly target: TargetDraws; readonly numbers: Numbers }[];
    }
  | {
      readonly kind: "run";
      readonly starts: readonly Start[];
      readonly options: LmOptions;
      /** Its one number, which threads share, becomes 1 when the work is to stop. */
      readonly stop?: Int32Array;
    };

/** What of a problem is large: its program, and its runs. */
type Tables = Pick<Problem, "program" | "packed">;

/** The request of a kind. */
type RequestOf<Kind extends Request["kind"]> = Extract<Request, { readonly kind: Kind }>;

/** What a worker says of starts that it was asked to run, or when it is asked what it has done. */
export interface Answer {
  /** One result a start that was run. */
  readonly ends: Polished[];
  /** Starts that were drawn, one after the other: thousands of short lists take long to send. */
  readonly points?: Float64Array;
  /** What came of an item. */
  readonly made?: unknown;
  /** What it did since its last answer, where it records that. */
  readonly recorded?: Recorded;
  /** Why JavaScript did some of its work in WebAssembly's place, to end a sentence. */
  readonly fallback?: string;
}

/**
 * The request that teaches a worker a problem.
 *
 * @param lane the worker's, see regions.ts
 * @param before the problem that it has: of the same runs a sample, or with other penalties, is
 *   soon sent, and what has been compiled stays in use
 */
export function problemRequest(
  { program, packed, ...problem }: Problem,
  lane: number | undefined,
  before: Problem | undefined,
): Request {
  const tables = program === before?.program && packed === before.packed ? undefined : { program, packed }; // prettier-ignore
  // Compiled here, once: threads share the code, and what it has been optimized to.
  const module = moduleFor(program, lossOfProblem(problem));
  return { kind: "problem", problem, float64: float64Order(lane), ...given({ tables, module }) };
}

/** The loss of all of a problem's targets. */
const lossOfProblem = ({ losses }: Pick<Problem, "losses">): LossKind => firstOf(losses).name;

/**
 * What a worker answers requests with. It keeps the problem, the subject and the law that it was
 * sent last. These have no answer.
 *
 * @param works what it can do beside fits and draws, by name
 * @param recording is called when the worker is to record what it does
 */
export function answering(
  works: ReadonlyMap<string, AnySharedWork>,
  recording: (trace: Trace) => void = () => undefined,
): (request: Request) => Answer | undefined {
  const tasks = new WorkerTasks(works, recording);
  return (request) => tasks.answer(request);
}

/** What a worker keeps, and what it does with it. */
class WorkerTasks {
  readonly #works: ReadonlyMap<string, AnySharedWork>;
  readonly #recording: (trace: Trace) => void;
  #runner: Runner | undefined;
  /** Does an item of the subject. */
  #doing: { readonly work: string; readonly item: (item: never) => unknown } | undefined;
  #law: LawDraws | undefined;
  #trace: Trace | undefined;
  #fallback: string | undefined;

  constructor(works: ReadonlyMap<string, AnySharedWork>, recording: (trace: Trace) => void) {
    this.#works = works;
    this.#recording = recording;
    onFallback((why) => (this.#fallback = why));
  }

  answer(request: Request): Answer | undefined {
    switch (request.kind) {
      case "trace":
        return this.#record(request);
      case "collect":
        return this.#answered({ ends: [] });
      case "problem":
        return this.#keepProblem(request);
      case "subject":
        return this.#keepSubject(request);
      case "item":
        return this.#answered({ ends: [], made: this.#made(request) });
      case "draws":
        followFloat64(request.float64);
        this.#law = request.law;
        return undefined;
      case "draw":
        return this.#answered({ ends: [], points: this.#drawn(request) });
      case "run":
        return this.#answered({ ends: this.#ran(request) });
    }
  }

  #answered(answer: Answer): Answer {
    const recorded = this.#trace?.drain();
    return { ...answer, ...given({ recorded, fallback: this.#fallback }) };
  }

  #record({ begun }: RequestOf<"trace">): undefined {
    this.#trace = new Trace();
    const [begin, end] = [begun - performance.timeOrigin, this.#trace.now()];
    this.#trace.add({ name: "start of the thread", kind: "warm-up", begin, end });
    this.#recording(this.#trace);
  }

  #keepProblem({ problem, tables, float64, module }: RequestOf<"problem">): undefined {
    followFloat64(float64);
    const { program, packed } = tables ?? this.#current().problem;
    if (module !== undefined) adoptModule(program, lossOfProblem(problem), module);
    this.#runner = new Runner({ ...problem, program, packed }, this.#trace);
  }

  #keepSubject({ work: name, subject, float64 }: RequestOf<"subject">): undefined {
    const work = this.#works.get(name);
    if (work === undefined) throw new Error(`a worker knows no work ${name}`);
    followFloat64(float64);
    this.#doing = { work: name, item: work.begin(subject as never, () => this.#current().problem) };
  }

  #made({ item }: RequestOf<"item">): unknown {
    const doing = this.#doing;
    if (doing === undefined) throw new Error("a worker was sent an item before its subject");
    return tracedSync(this.#trace, { name: doing.work, kind: "task" }, () =>
      doing.item(item as never),
    );
  }

  #drawn({ drawings }: RequestOf<"draw">): Float64Array {
    const law = this.#law;
    if (law === undefined) throw new Error("a worker was asked for starts before their law");
    return tracedSync(this.#trace, { name: "draw starts", kind: "task" }, () => {
      const points = drawings.flatMap(({ target, numbers }) => new Drawer(law, target).draw(numbers)); // prettier-ignore
      const size = law.sized.length;
      const all = new Float64Array(size * points.length);
      for (const [n, point] of points.entries()) all.set(point, n * size);
      return all;
    });
  }

  #ran({ starts, options, stop }: RequestOf<"run">): Polished[] {
    const runner = this.#current();
    const signal = {
      get aborted(): boolean {
        return stop !== undefined && Atomics.load(stop, 0) === 1;
      },
    };
    const what = { name: "fits", kind: "task", details: { starts: starts.length } } as const;
    return tracedSync(this.#trace, what, () =>
      starts.map((start) =>
        signal.aborted ? interrupted(start) : runner.run(start, { ...options, signal }),
      ),
    );
  }

  #current(): Runner {
    if (this.#runner !== undefined) return this.#runner;
    throw new Error("a worker was sent starts before their problem");
  }
}
