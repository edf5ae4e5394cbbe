/** Reverse-mode differentiation on the graph: the derivatives are expressions too, and are simplified with the rest. */
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
    if (partials === "none") throw new Error(`${node.op} is a derivative itself and has no derivative of its own`);
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
