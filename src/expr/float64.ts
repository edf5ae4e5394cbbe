/**
 * The float64 form of a program: what polishes, checks and reports. Compiled to JavaScript where
 * that is allowed, interpreted where it is not (pages whose policy forbids `new Function`); both do
 * the same operations in the same order, so they agree bit for bit.
 */
import type { Evaluator64 } from "./evaluator.ts";
import { type Node, topological } from "./graph.ts";
import { interpreted } from "./interpreter.ts";
import { compiled } from "./javascript.ts";
import type { LossKind } from "./loss.ts";
import { OPS } from "./operators.ts";
import type { BentProgram, Program } from "./program.ts";

/**
 * By program and loss: writing the text takes milliseconds, and the engine optimizes a function for
 * as long as it is the same.
 */
const evaluators = new WeakMap<Program | BentProgram, Map<LossKind, Evaluator64>>();

/**
 * The compiled form, or the interpreted one where the page forbids compiling. Keeps nothing between
 * calls: the same program's is the same for all. `loss` is that of `runs` and `bends`; whoever
 * calls neither need not name one.
 */
export function evaluator64(
  program: Program | BentProgram,
  loss: LossKind = "squared",
): Evaluator64 {
  const byLoss = evaluators.get(program) ?? new Map<LossKind, Evaluator64>();
  evaluators.set(program, byLoss);
  const evaluator = byLoss.get(loss) ?? evaluatorOf(program, loss);
  byLoss.set(loss, evaluator);
  return evaluator;
}

function evaluatorOf(program: Program | BentProgram, loss: LossKind): Evaluator64 {
  try {
    return compiled(program, loss);
  } catch (error) {
    // content security policy without 'unsafe-eval'
    if (error instanceof EvalError) return interpreted(program, loss);
    throw error;
  }
}

/**
 * Evaluates data-only (or any closed) expressions directly: fills columns, and checks. `leaf` gives
 * the value of each leaf that is not a constant.
 */
export function evaluate(roots: readonly Node[], leaf: (n: Node) => number): number[] {
  const values = new Map<Node, number>();
  // topological order: arguments come first
  const value = (node: Node): number => values.get(node) ?? NaN;
  for (const node of topological(roots)) {
    if (node.kind === "const") values.set(node, node.value);
    else if (node.kind === "op") {
      const [a, b = 0] = node.args.map(value);
      values.set(node, OPS[node.op].f64(a, b));
    } else values.set(node, node.kind === "known" ? value(node.value) : leaf(node));
  }
  return roots.map(value);
}
