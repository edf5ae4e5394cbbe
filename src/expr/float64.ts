/**
 * Programs and expressions in float64: what polishes, checks and reports. A program is compiled to
 * JavaScript where that is allowed, and interpreted where it is not (pages whose policy forbids
 * `new Function`). Both do the same operations in the same order, so they agree bit for bit.
 */
import type { Evaluator64 } from "./evaluator.ts";
import { argumentsOf, type Node, topological } from "./graph.ts";
import { interpreted } from "./interpreter.ts";
import { canCompile, compiled } from "./javascript.ts";
import type { LossKind } from "./loss.ts";
import { OPS } from "./operators.ts";
import type { BentProgram, Program } from "./program.ts";

/**
 * What has been made, by program and loss: writing the text takes milliseconds, and an engine has
 * to optimize a new function anew.
 */
const evaluators = new WeakMap<Program | BentProgram, Map<LossKind, Evaluator64>>();

/**
 * The evaluator of a program: compiled, or interpreted where compiling is forbidden. It keeps
 * nothing between calls, so all that work on a program share one. `loss` is that of `sumLoss` and
 * `sumBend`; whoever calls neither need not name one.
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

const evaluatorOf = (program: Program | BentProgram, loss: LossKind): Evaluator64 =>
  canCompile() ? compiled(program, loss) : interpreted(program, loss);

/**
 * The values of expressions, from those of their leaves; for what is evaluated once, such as
 * columns of data. `leaf` gives the value of each leaf that is not a constant.
 *
 * @example evaluate([mul(input("params"), 6)], () => 1e9) // [6e9]
 */
export const evaluate = (roots: readonly Node[], leaf: (node: Node) => number): number[] =>
  evaluation(roots)(leaf);

/** `evaluate` of the same expressions again and again. */
export function evaluation(roots: readonly Node[]): (leaf: (node: Node) => number) => number[] {
  // Arguments come before what reads them.
  const order = topological(roots);
  const place = new Map(order.map((node, at) => [node, at]));
  const placeOf = (node: Node | undefined): number => (node && place.get(node)) ?? -1;
  const [ends, args] = [roots.map(placeOf), order.map((node) => argumentsOf(node).map(placeOf))];
  return (leaf) => {
    const values = new Float64Array(order.length);
    for (const [at, node] of order.entries()) {
      const [a = -1, b = -1] = args[at];
      if (node.kind === "const") values[at] = node.value;
      else if (node.kind === "op") values[at] = OPS[node.op].f64(values[a], b < 0 ? 0 : values[b]);
      else values[at] = node.kind === "known" ? values[a] : leaf(node);
    }
    return ends.map((at) => values[at]);
  };
}

/** The value of one expression. @example evaluateOne(mul(input("params"), 6), () => 1e9) // 6e9 */
export const evaluateOne = (root: Node, leaf: (node: Node) => number): number =>
  evaluate([root], leaf)[0];

/**
 * The values of expressions at `count` rows at once: the same operations as `evaluate` does, a
 * column for each root.
 */
export function evaluateColumns(
  roots: readonly Node[],
  count: number,
  leaf: (node: Node) => Float64Array,
): Float64Array[] {
  const columns = new Map<Node, Float64Array>();
  const column = (node: Node): Float64Array =>
    columns.get(node) ?? new Float64Array(count).fill(NaN);
  for (const node of topological(roots)) {
    if (node.kind === "const") columns.set(node, new Float64Array(count).fill(node.value));
    else if (node.kind === "op") {
      const { f64 } = OPS[node.op];
      const [a, b = new Float64Array(count)] = node.args.map(column);
      columns.set(
        node,
        a.map((x, row) => f64(x, b[row])),
      );
    } else columns.set(node, node.kind === "known" ? column(node.value) : leaf(node));
  }
  return roots.map(column);
}
