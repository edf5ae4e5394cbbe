/** The code of a loss (loss.ts): ρ, ψ and the weight of a run in the matrix, of two residuals. */
import { type Node, type OpName, topological } from "../../expr/graph.ts";
import { type Loss, matrixWeight } from "../../expr/loss.ts";
import { OPS } from "../../expr/operators.ts";
import { Interner } from "../../expr/simplify.ts";
import type { Code } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { MathFunctions } from "../math/math-functions.ts";
import { f64x2 } from "../simd.ts";

/** The expressions of a loss. */
export interface LossNodes {
  readonly rho: Node;
  readonly psi: Node;
  readonly weight: Node;
}

/** Those that a function needs, what they share once. */
export function lossNodes(loss: Loss): LossNodes {
  const interner = new Interner();
  const plain = (node: Node): Node => interner.canonical(node);
  return { rho: plain(loss.rho), psi: plain(loss.psi), weight: plain(matrixWeight(loss)) };
}

/** What a loss is evaluated with; the residual changes from step to step. */
export interface LossScale {
  readonly delta: Code<"v128">;
  readonly tau: Code<"v128">;
}

/**
 * Computes what does not depend on the residual now, and the rest when it is asked for with one:
 * now is before a loop, which engines would do it anew in each turn of.
 */
export function lossCode(
  f: FunctionBuilder,
  math: MathFunctions,
  roots: readonly Node[],
  scale: LossScale,
): (residual: Code<"v128">) => Code<"v128">[] {
  const fixed = new Map<Node, Code<"v128">>();
  const varying: Node[] = [];
  for (const node of topological(roots)) {
    if (node.kind === "const") fixed.set(node, f.let(f64x2.const(node.value)));
    else if (node.kind === "input" && node.name !== "residual")
      fixed.set(node, scale[node.name === "tau" ? "tau" : "delta"]);
    else if (node.kind === "op" && node.args.every((arg) => fixed.has(arg)))
      fixed.set(node, f.let(callCode(math, node.op, node.args.map((arg) => valueIn(fixed, arg))))); // prettier-ignore
    else varying.push(node);
  }
  return (residual) => {
    const values = new Map(fixed);
    for (const node of varying) {
      if (node.kind === "op") {
        // The one that may be no number first, so that the result is none either.
        const args = node.args.toSorted((a, b) => Number(fixed.has(a)) - Number(fixed.has(b)));
        const ordered = node.op === "min" || node.op === "max" ? args : node.args;
        values.set(node, f.let(callCode(math, node.op, ordered.map((arg) => valueIn(values, arg))))); // prettier-ignore
      } else values.set(node, residual);
    }
    return roots.map((root) => valueIn(values, root));
  };
}

const valueIn = (values: ReadonlyMap<Node, Code<"v128">>, node: Node): Code<"v128"> => {
  const value = values.get(node);
  if (value === undefined) throw new Error("an expression of the loss is out of order");
  return value;
};

/**
 * An operator. min and max are those of one instruction of the processor: they return their first
 * argument where one of them is no number.
 */
function callCode(math: MathFunctions, op: OpName, args: readonly Code<"v128">[]): Code<"v128"> {
  const [a, b = a] = args;
  if (op === "min") return f64x2.pmin(a, b);
  if (op === "max") return f64x2.pmax(a, b);
  return OPS[op].wasm(math, a, b);
}
