/** Differentiation on the graph: the derivatives are expressions too, and are simplified with the rest. */
import { add, mul, type Node, topological } from "./graph.ts";
import { OPS } from "./ops.ts";
import type { Interner } from "./simplify.ts";

/**
 * ∂root/∂x for every x in `wrt`, as canonical nodes of `interner`.
 * The nodes in `wrt` (canonical) count as independent variables even where they are expressions: their own arguments are not entered.
 */
export function gradient(root: Node, wrt: readonly Node[], interner: Interner): Node[] {
  const variables = new Set(wrt);
  const order = topological([root]);
  const active = new Set<Node>(); // depends on a variable
  for (const node of order) {
    if (variables.has(node) || (node.kind === "op" && node.args.some((a) => active.has(a)))) active.add(node);
  }
  const zero = interner.lower(0);
  const adjoint = new Map<Node, Node>([[root, interner.lower(1)]]);
  for (const node of order.toReversed()) {
    const seed = adjoint.get(node);
    if (seed === undefined || seed === zero || node.kind !== "op" || variables.has(node) || !active.has(node)) continue;
    const { partials } = OPS[node.op];
    if (partials === "none") throw new Error(`${node.op} is a second derivative itself and has no derivative of its own`);
    const local = partials(node.args, node);
    for (const [i, arg] of node.args.entries()) {
      if (!active.has(arg)) continue;
      const share = interner.lower(mul(seed, local[i] ?? 0));
      const sofar = adjoint.get(arg);
      adjoint.set(arg, sofar === undefined ? share : interner.lower(add(sofar, share)));
    }
  }
  return wrt.map((x) => adjoint.get(x) ?? zero);
}

/**
 * The derivative of `root` along a direction (forward mode), as a canonical node of `interner`: what moves is a leaf with a `velocity`.
 * Applied twice it is the second derivative along the direction, as long as velocities have none of their own.
 */
export function tangent(root: Node, velocity: (leaf: Node) => Node | undefined, interner: Interner): Node {
  const zero = interner.lower(0);
  const tangents = new Map<Node, Node>();
  for (const node of topological([root])) {
    let total = interner.lower(velocity(node) ?? zero);
    if (node.kind === "op") {
      const moving = node.args.map((arg) => tangents.get(arg) ?? zero);
      if (moving.some((t) => t !== zero)) {
        const { partials } = OPS[node.op];
        if (partials === "none") throw new Error(`${node.op} is a second derivative itself and has no derivative of its own`);
        const local = partials(node.args, node);
        for (const [i, t] of moving.entries()) if (t !== zero) total = interner.lower(add(total, mul(t, local[i] ?? 0)));
      }
    }
    tangents.set(node, total);
  }
  return tangents.get(root) ?? zero;
}
