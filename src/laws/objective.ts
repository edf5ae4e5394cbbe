/** What is minimized: the mean over a target's runs of a loss of a residual. */
import { div, log, type Node, input, sub } from "../expr/graph.ts";
import { compile } from "../expr/compile.ts";
import type { LossKind, ScaledLoss } from "../expr/loss.ts";
import type { ResidualKind } from "../options/fit-options.ts";
import { type Program, RESPONSE } from "../expr/program.ts";
import type { BoundLaw } from "./bind.ts";

export interface Objective {
  readonly loss: LossKind;
  /** δ of the loss, in units of the residual. */
  readonly delta: number;
  /**
   * raw: predicted − observed. log: ln predicted − ln observed. relative: predicted/observed − 1.
   */
  readonly residual: ResidualKind;
}

/** The loss of an objective, or of a fit's settings. */
export const scaledLoss = ({ loss, delta }: Pick<Objective, "loss" | "delta">): ScaledLoss => ({
  name: loss,
  delta,
});

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
