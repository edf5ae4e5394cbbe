/** The first calls of a method, which take longer: its code is not optimized yet. */
import type { Trace } from "./trace.ts";

/** Calls that count as warm-up, and calls that are recorded: the later ones are to compare with. */
export const CALLS = { first: 50, recorded: 200 } as const;

/** An object with a method that computes. */
interface Evaluating<Args extends readonly unknown[]> {
  evaluate(...args: Args): number;
}

/** Records the first evaluations of some objects that share their code. */
export class FirstCalls {
  readonly #trace: Trace;
  #count = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Has the object's evaluations recorded, until there were enough. */
  record<Args extends readonly unknown[]>(object: Evaluating<Args>): void {
    const evaluate = object.evaluate.bind(object);
    object.evaluate = (...args) => {
      if (this.#count >= CALLS.recorded) {
        object.evaluate = evaluate;
        return evaluate(...args);
      }
      const call = ++this.#count;
      const begin = this.#trace.now();
      const result = evaluate(...args);
      const end = this.#trace.now();
      const kind = call <= CALLS.first ? "warm-up" : "task";
      this.#trace.add({ name: "evaluation", kind, begin, end, details: { call } });
      return result;
    };
  }
}
