/** An evaluation of a fit from plain numbers, in Node or, bundled, in a page. */
import type { ScaledLoss } from "../../src/expr/loss.ts";
import type { Program } from "../../src/expr/program.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import type { Packed } from "../../src/solve/pack-tables.ts";
import { float64Choice } from "../../src/wasm/availability.ts";

/** What is evaluated; lists of numbers, since it comes as JSON. */
export interface EvaluationTask {
  readonly program: Program;
  readonly loss: ScaledLoss;
  readonly packed: { readonly [name in "start" | "order" | "mix" | "run" | "response" | "weights"]: readonly number[] }; // prettier-ignore
  readonly theta: readonly number[];
}

/** What computed, and the objective, the gradient and H. */
export function evaluated({ program, loss, packed, theta }: EvaluationTask): {
  float64: string;
  numbers: number[];
} {
  const { start, order, mix, run, response, weights } = packed;
  const tables: Packed = {
    start: Int32Array.from(start),
    order: Int32Array.from(order),
    mix: Float64Array.from(mix),
    run: Float64Array.from(run),
    responses: [Float64Array.from(response)],
    weights: [Float64Array.from(weights)],
  };
  const normal = new NormalEquations(program, tables, 0, loss);
  const objective = normal.evaluate(Float64Array.from(theta), 0.5);
  const { kind } = float64Choice();
  return { float64: kind, numbers: [objective, ...normal.gradient, ...normal.H] };
}
