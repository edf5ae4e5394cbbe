/** Calls from the page to its worker: a message each way, progress in between, a way to stop. */
import { AbortedError, InputError, MixlawError } from "../../base/errors.ts";
import type { Following, MethodName, Problem, WorkProgress, Workshop } from "./workshop.ts";

/** To the worker. */
export type Order =
  | { readonly id: number; readonly method: MethodName; readonly args: readonly unknown[] }
  | { readonly id: number; readonly method: "stop" };

/** From the worker. */
export type Answer =
  | { readonly id: number; readonly progress: WorkProgress }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly problem: Problem }
  | { readonly id: number; readonly stopped: true }
  | { readonly id: number; readonly fault: string };

/** What a call rejects with where something that the visitor gave cannot be used. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** What a call rejects with that was stopped before there was anything to show. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: WorkProgress) => void) | undefined;
}

const isFollowing = (value: unknown): value is Following =>
  typeof value === "object" && value !== null && ("onProgress" in value || "signal" in value);

/** The workshop in a worker. `onFault` is told when the worker itself fails. */
export function remoteWorkshop(worker: Worker, onFault: (message: string) => void): Workshop {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const call = waiting.get(data.id);
    if ("progress" in data) return call?.onProgress?.(data.progress);
    waiting.delete(data.id);
    if ("value" in data) call?.resolve(data.value);
    else call?.reject(errorOf(data));
  });
  worker.addEventListener("error", ({ message }) => onFault(message || "its script did not load"));
  const call = (method: MethodName, all: readonly unknown[]): Promise<unknown> => {
    const id = ++last;
    const { signal, onProgress } = all.find(isFollowing) ?? {};
    const args = all.filter((arg) => !isFollowing(arg));
    const buffers = args.filter((arg) => arg instanceof ArrayBuffer);
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, onProgress });
      worker.postMessage({ id, method, args } satisfies Order, buffers);
      const stop = (): void => worker.postMessage({ id, method: "stop" } satisfies Order);
      if (signal?.aborted === true) stop();
      signal?.addEventListener("abort", stop, { once: true });
    });
  };
  const method =
    (name: MethodName) =>
    (...args: unknown[]): Promise<unknown> =>
      call(name, args);
  return Object.fromEntries(METHODS.map((name) => [name, method(name)])) as unknown as Workshop;
}

const METHODS: readonly MethodName[] = ["machine", "open", "check", "fit", "views", "optimize", "fitFile", "optimumFile", "report"]; // prettier-ignore

function errorOf(answer: Exclude<Answer, { progress: unknown } | { value: unknown }>): Error {
  if ("problem" in answer) return new Refusal(answer.problem);
  return "stopped" in answer ? new Stopped("stopped") : new Error(answer.fault);
}

/** A worker's own end of its channel. */
export interface Port {
  postMessage(answer: Answer): void;
  addEventListener(type: "message", heard: (event: MessageEvent<Order>) => void): void;
}

/** Answers the calls that come to this worker. */
export function answerCalls(workshop: Workshop, port: Port): void {
  const running = new Map<number, AbortController>();
  const send = (answer: Answer): void => port.postMessage(answer);
  port.addEventListener("message", ({ data: order }) => {
    const { id, method } = order;
    if (method === "stop") return running.get(id)?.abort();
    const controller = new AbortController();
    running.set(id, controller);
    const following: Following = {
      signal: controller.signal,
      onProgress: (progress) => send({ id, progress }),
    };
    const run = workshop[method] as (...args: unknown[]) => Promise<unknown>;
    run
      .apply(workshop, [...order.args, following])
      .then((value) => send({ id, value }))
      .catch((error: unknown) => send(failure(id, error)))
      .finally(() => running.delete(id));
  });
}

function failure(id: number, error: unknown): Answer {
  if (error instanceof AbortedError) return { id, stopped: true };
  if (!(error instanceof MixlawError)) {
    console.error(error);
    return { id, fault: error instanceof Error ? error.message : String(error) };
  }
  return { id, problem: problemIn(error) };
}

/** What the page shows of an error of the library. */
export function problemIn(error: MixlawError): Problem {
  const { column, option } = error instanceof InputError ? error.where : {};
  return {
    message: error.message,
    ...(column === undefined ? {} : { column }),
    ...(option === undefined ? {} : { option }),
  };
}
