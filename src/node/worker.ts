/**
 * A worker thread of `threadPool`: keeps the problems it has been sent, runs the starts it is
 * given.
 */
import { parentPort } from "node:worker_threads";
import type { LmOptions } from "../solve/levenberg-marquardt.ts";
import { Runner } from "../fit/search/pool.ts";
import type { Problem, Start } from "../fit/search/problem.ts";

export type Request =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "forget"; readonly id: number }
  | {
      readonly kind: "run";
      readonly id: number;
      readonly starts: readonly Start[];
      readonly options: LmOptions;
    };

const runners = new Map<number, Runner>();

parentPort?.on("message", (request: Request) => {
  if (request.kind === "problem") runners.set(request.problem.id, new Runner(request.problem));
  else if (request.kind === "forget") runners.delete(request.id);
  else {
    const runner = runners.get(request.id);
    if (runner === undefined) throw new Error(`worker has no problem ${request.id}`);
    parentPort?.postMessage(request.starts.map((start) => runner.run(start, request.options)));
  }
});
