/** What a pool asks of its workers, and what a worker does: the same in Node and in browsers. */
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import { Runner } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";

/** A message to a worker: the problem that it is to keep, or starts of it to run. */
export type Request =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "run"; readonly starts: readonly Start[]; readonly options: LmOptions };

/**
 * What a worker answers requests with. It keeps the problem that it was sent last; what became of
 * starts is its answer, one result a start, and a problem has none.
 */
export function answering(): (request: Request) => Polished[] | undefined {
  let runner: Runner | undefined;
  return (request) => {
    if (request.kind === "problem") {
      runner = new Runner(request.problem);
      return undefined;
    }
    if (runner === undefined) throw new Error("a worker was sent starts before their problem");
    const current = runner;
    return request.starts.map((start) => current.run(start, request.options));
  };
}
