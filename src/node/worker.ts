/**
 * A worker thread of `threadPool`: keeps the problem it was sent last, runs the starts it is given.
 */
import { parentPort } from "node:worker_threads";
import type { LmOptions } from "../solve/levenberg-marquardt.ts";
import { Runner } from "../fit/search/pool.ts";
import type { Problem, Start } from "../fit/search/problem.ts";

export type Request =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "run"; readonly starts: readonly Start[]; readonly options: LmOptions };

let runner: Runner | undefined;

parentPort?.on("message", (request: Request) => {
  if (request.kind === "problem") {
    runner = new Runner(request.problem);
    return;
  }
  if (runner === undefined) throw new Error("a worker was sent starts before their problem");
  const current = runner;
  parentPort?.postMessage(request.starts.map((start) => current.run(start, request.options)));
});
