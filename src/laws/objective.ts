/** What is minimized: the mean over a target's runs of a loss of a residual. */
import { div, log, type Node, input, sub } from "../expr/graph.ts";
import { type Program, compile, RESPONSE } from "../expr/program.ts";
import type { BoundLaw } from "./bind.ts";

export interface Objective {
  /** huber: r²/2 up to δ, δ(|r| − δ/2) beyond. squared: r²/2 everywhere. */
  readonly loss: "huber" | "squared";
  readonly delta: number;
  /**
   * raw: predicted − observed. log: ln predicted − ln observed. relative: predicted/observed − 1.
   */
  readonly residual: "raw" | "log" | "relative";
}

/** "Everywhere": no residual of a float32 or float64 run reaches it. */
const NO_CORNER = 1e30;

/**
 * δ of the Huber loss that the kernels use; squared loss is Huber with a corner nothing reaches.
 */
export const corner = (objective: Objective): number =>
  objective.loss === "huber" ? objective.delta : NO_CORNER;

/** The residual as an expression: differentiated with the law. */
export function residual(predicted: Node, kind: Objective["residual"]): Node {
  const observed = input(RESPONSE);
  switch (kind) {
    case "raw":
      return sub(predicted, observed);
    case "log":
      return sub(log(predicted), log(observed));
    case "relative":
      return sub(div(predicted, observed), 1);
  }
}

/** The program that the search and the polish evaluate: the residual of a bound law. */
export const residualProgram = (law: BoundLaw, kind: Objective["residual"]): Program =>
  compile(residual(law.loss, kind), law.size, true);
