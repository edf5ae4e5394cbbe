/**
 * Differentiation on the graph: the derivatives are expressions too, and are simplified with the
 * rest.
 */
import { add, argumentsOf, type Expr, mul, type Node, topological } from "./graph.ts";
import { OPS } from "./operators.ts";
import type { Interner } from "./simplify.ts";

/**
 * The nodes that a node is a function of, each with the derivative in it. `parameters`: nothing but
 * parameters varies, so that known derivatives hold.
 */
function slopes(node: Node, parameters: boolean): readonly (readonly [Node, Expr])[] {
  if (node.kind === "known") {
    if (!parameters) return [[node.value, 1]];
    const partials = node.partials(node);
    return node.through.map((x, i) => [x, partials[i] ?? 0]);
  }
  if (node.kind !== "op") return [];
  const { partials } = OPS[node.op];
  if (partials === "none")
    throw new Error(`${node.op} is a second derivative itself and has no derivative of its own`);
  const local = partials(node.args, node);
  return node.args.map((x, i) => [x, local[i] ?? 0]);
}

/**
 * ∂root/∂x for every x in `wrt`, as canonical nodes of `interner`. The nodes in `wrt` (canonical)
 * count as independent variables even where they are expressions: their own arguments are not
 * entered.
 */
export function gradient(root: Node, wrt: readonly Node[], interner: Interner): Node[] {
  const variables = new Set(wrt);
  const order = topological([root]);
  const active = new Set<Node>(); // depends on a variable
  for (const node of order) {
    if (variables.has(node) || argumentsOf(node).some((a) => active.has(a))) active.add(node);
  }
  const parameters = wrt.every((x) => x.kind === "param");
  const zero = interner.canonical(0);
  const adjoint = new Map<Node, Node>([[root, interner.canonical(1)]]);
  for (const node of order.toReversed()) {
    const seed = adjoint.get(node);
    if (seed === undefined || seed === zero || variables.has(node) || !active.has(node)) continue;
    for (const [arg, slope] of slopes(node, parameters)) {
      if (!active.has(arg)) continue;
      const share = interner.canonical(mul(seed, slope));
      const before = adjoint.get(arg);
      adjoint.set(arg, before === undefined ? share : interner.canonical(add(before, share)));
    }
  }
  return wrt.map((x) => adjoint.get(x) ?? zero);
}

/**
 * The derivative of `root` along a direction (forward mode), as a canonical node of `interner`:
 * what moves are the parameters with a `velocity`. Applied twice it is the second derivative along
 * the direction, as long as velocities have none of their own.
 */
export function tangent(
  root: Node,
  velocity: (leaf: Node) => Node | undefined,
  interner: Interner,
): Node {
  const zero = interner.canonical(0);
  const tangents = new Map<Node, Node>();
  for (const node of topological([root])) {
    let total = interner.canonical(velocity(node) ?? zero);
    const moves = (arg: Node): boolean => (tangents.get(arg) ?? zero) !== zero;
    if (argumentsOf(node).some(moves)) {
      for (const [arg, slope] of slopes(node, true))
        if (moves(arg))
          total = interner.canonical(add(total, mul(tangents.get(arg) ?? zero, slope)));
    }
    tangents.set(node, total);
  }
  return tangents.get(root) ?? zero;
}
