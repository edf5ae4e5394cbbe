/** What is minimized: the mean over a target's runs of a loss of a residual. */
import { div, log, type Node, input, sub } from "../expr/graph.ts";
import { compile } from "../expr/compile.ts";
import type { LossKind, ScaledLoss } from "../expr/loss.ts";
import type { ResidualKind } from "../options/fit-options.ts";
import { type Program, RESPONSE } from "../expr/program.ts";
import { median } from "../stats/moments.ts";
import type { BoundLaw } from "./bind.ts";

export interface Objective {
  readonly loss: LossKind;
  /** δ of the loss, in units of the residual. */
  readonly delta: number;
  /**
   * Whether δ is meant for losses of 0.1 to 20 nats, and follows losses of another size. Default
   * false: δ is as it was given.
   */
  readonly scaleDelta?: boolean;
  /**
   * raw: predicted − observed. log: ln predicted − ln observed. relative: predicted/observed − 1.
   */
  readonly residual: ResidualKind;
}

/** Median sizes of losses, in nats, that δ is meant for. */
const USUAL = { least: 0.1, most: 20 } as const;

/**
 * The loss of an objective for one target. A δ that may follow the losses is δ times their median
 * size where that is below 0.1 or above 20 and residuals are raw: losses in other units then give
 * the same exponents. Logarithmic and relative residuals have no unit.
 *
 * @param observed the target's training losses, NaN where there is none
 * @param weights what the rows weigh; rows of weight 0 count nowhere
 * @example scaledLoss({ loss: "huber", delta: 1e-3, scaleDelta: true, residual: "raw" }, [0.003])
 *   // { name: "huber", delta: 3e-6 }
 */
export function scaledLoss(
  { loss, delta, scaleDelta, residual: kind }: Objective,
  observed: ArrayLike<number>,
  weights?: ArrayLike<number>,
): ScaledLoss {
  if (scaleDelta !== true || kind !== "raw") return { name: loss, delta };
  const size = median(
    Array.from(observed, Math.abs).filter((y, row) => !Number.isNaN(y) && weights?.[row] !== 0),
  );
  const isUsual = (size >= USUAL.least && size <= USUAL.most) || size === 0;
  return { name: loss, delta: isUsual ? delta : delta * size };
}

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
