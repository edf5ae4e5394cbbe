/** What a pool asks of its workers, and what a worker does: the same in Node and in browsers. */
import type { LmOptions } from "../../solve/levenberg-marquardt.ts";
import { interrupted, Runner } from "../search/pool.ts";
import type { Polished, Problem, Start } from "../search/problem.ts";

/** A message to a worker: the problem that it is to keep, or starts of it to run. */
export type Request =
  | { readonly kind: "problem"; readonly problem: Problem }
  | {
      readonly kind: "run";
      readonly starts: readonly Start[];
      readonly options: LmOptions;
      /** Its one number, which threads share, becomes 1 when the work is to stop. */
      readonly stop?: Int32Array;
    };

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
    const { starts, options, stop } = request;
    const signal = {
      get aborted(): boolean {
        return stop !== undefined && Atomics.load(stop, 0) === 1;
      },
    };
    return starts.map((start) =>
      signal.aborted ? interrupted(start) : current.run(start, { ...options, signal }),
    );
  };
}
