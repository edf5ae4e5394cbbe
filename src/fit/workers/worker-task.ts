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
import { type Float64Order, float64Order, followFloat64 } from "../../wasm/availability.ts";
import {
  adoptModule,
  type CompiledProgram,
  moduleFor,
} from "../../wasm/program/module-of-program.ts";
import { onFallback } from "../../wasm/fallback.ts";

/**
 * A message to a worker: the problem that it is to keep, or starts of it to run; the law that it is
 * to keep, or starts of it to draw; that it is to record what it does from now on, or to say what
 * it has recorded.
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
      readonly problem: Problem;
      /** What is to compute it. */
      readonly float64: Float64Order;
      /** The problem's program, compiled; where float64 is WebAssembly's. */
      readonly module?: CompiledProgram;
    }
  | { readonly kind: "draws"; readonly law: LawDraws }
  | { readonly kind: "draw"; readonly target: TargetDraws; readonly numbers: Numbers }
  | {
      readonly kind: "run";
      readonly starts: readonly Start[];
      readonly options: LmOptions;
      /** Its one number, which threads share, becomes 1 when the work is to stop. */
      readonly stop?: Int32Array;
    };

/** What a worker says of starts that it was asked to run, or when it is asked what it has done. */
export interface Answer {
  /** One result a start that was run. */
  readonly ends: Polished[];
  /** Starts that were drawn. */
  readonly points?: Float64Array[];
  /** What it did since its last answer, where it records that. */
  readonly recorded?: Recorded;
  /** Why JavaScript did some of its work in WebAssembly's place, to end a sentence. */
  readonly fallback?: string;
}

/** The request that teaches a worker a problem. @param lane the worker's, see regions.ts */
export function problemRequest(problem: Problem, lane: number | undefined): Request {
  // Compiled here, once: threads share the code, and what it has been optimized to.
  const module = moduleFor(problem.program, lossOfProblem(problem));
  return { kind: "problem", problem, float64: float64Order(lane), ...given({ module }) };
}

/** The loss of all of a problem's targets. */
const lossOfProblem = ({ losses }: Problem): LossKind => firstOf(losses).name;

/**
 * What a worker answers requests with. It keeps the problem and the law that it was sent last.
 * These have no answer.
 *
 * @param recording is called when the worker is to record what it does
 */
export function answering(
  recording: (trace: Trace) => void = () => undefined,
): (request: Request) => Answer | undefined {
  let runner: Runner | undefined;
  let law: LawDraws | undefined;
  let trace: Trace | undefined;
  let fallback: string | undefined;
  onFallback((why) => (fallback = why));
  return (request) => {
    if (request.kind === "trace") {
      trace = new Trace();
      const begin = request.begun - performance.timeOrigin;
      trace.add({ name: "start of the thread", kind: "warm-up", begin, end: trace.now() });
      recording(trace);
      return undefined;
    }
    if (request.kind === "collect") return { ends: [], ...recorded(trace) };
    if (request.kind === "problem") {
      const { problem, float64, module } = request;
      followFloat64(float64);
      if (module !== undefined) adoptModule(problem.program, lossOfProblem(problem), module);
      runner = new Runner(problem, trace);
      return undefined;
    }
    if (request.kind === "draws") {
      ({ law } = request);
      return undefined;
    }
    if (request.kind === "draw") {
      if (law === undefined) throw new Error("a worker was asked for starts before their law");
      const drawer = new Drawer(law, request.target);
      const points = tracedSync(trace, { name: "draw starts", kind: "task" }, () =>
        drawer.draw(request.numbers),
      );
      return { ends: [], points, ...recorded(trace) };
    }
    if (runner === undefined) throw new Error("a worker was sent starts before their problem");
    const current = runner;
    const { starts, options, stop } = request;
    const signal = {
      get aborted(): boolean {
        return stop !== undefined && Atomics.load(stop, 0) === 1;
      },
    };
    const what = { name: "fits", kind: "task", details: { starts: starts.length } } as const;
    const ends = tracedSync(trace, what, () =>
      starts.map((start) =>
        signal.aborted ? interrupted(start) : current.run(start, { ...options, signal }),
      ),
    );
    return { ends, ...recorded(trace), ...given({ fallback }) };
  };
}

const recorded = (trace: Trace | undefined): Pick<Answer, "recorded"> =>
  given({ recorded: trace?.drain() });
