/** The loss over mixtures at one (N, D): a function on the simplex with its gradient, from the same graph as everything else. */
import { evaluator64 } from "../expr/f64.ts";
import { add, constant, mul, type Node, param, topological } from "../expr/graph.ts";
import { workspace } from "../expr/evaluator.ts";
import { compile, type Program } from "../expr/program.ts";
import type { BoundLaw } from "../laws/define.ts";

/** Where a mixture is wanted: parameters N and tokens D, absolute counts. */
export interface Scale {
  readonly params: number;
  readonly tokens: number;
}

/** A law with its fitted coordinates. */
export interface Fitted {
  readonly law: BoundLaw;
  readonly theta: ArrayLike<number>;
}

/** Σ_t w_t·L_t. */
export interface Term {
  readonly fitted: Fitted;
  readonly weight: number;
}

/** The fitted loss as an expression in the shares alone: coordinates and inputs become constants, share i becomes variable i. */
function inShares({ law, theta }: Fitted, at: Scale): Node {
  const known = new Map<Node, Node>();
  for (const node of topological([law.loss])) {
    if (node.kind === "param") known.set(node, constant(theta[node.index]));
    else if (node.kind === "weight") known.set(node, param(node.index, node.name));
    else if (node.kind === "input") {
      const value = node.name === "params" ? at.params : node.name === "tokens" ? at.tokens : undefined;
      if (value === undefined) throw new Error(`no value for the input ${node.name}`);
      known.set(node, constant(value));
    } else if (node.kind === "op") known.set(node, { kind: "op", op: node.op, args: node.args.map((a) => known.get(a) ?? a) });
    else known.set(node, node);
  }
  return known.get(law.loss) ?? law.loss;
}

/** The program of Σ w·L over the shares; also what the Monte Carlo kernel is generated from. */
export function surfaceProgram(terms: readonly Term[], at: Scale, domains: number): Program {
  const total = terms.map(({ fitted, weight }) => mul(weight, inShares(fitted, at))).reduce<Node>((a, b) => add(a, b), constant(0));
  return compile(total, domains);
}

/** Shares below this are taken to be this in the gradient: at hᵢ = 0 the one-sided derivative of hᵢ^γ, γ < 1, is infinite, not the 0 that fits use. */
const LEAST_SHARE = 1e-12;

export interface Surface {
  readonly domains: number;
  /** Loss at h, in nats. */
  value(h: Float64Array): number;
  /** ∂loss/∂hᵢ into `out`; returns the loss. */
  gradient(h: Float64Array, out: Float64Array): number;
}

export function surface(terms: readonly Term[], at: Scale, domains: number): Surface {
  const program = surfaceProgram(terms, at, domains);
  const code = evaluator64(program);
  const values = workspace(program);
  const value = (h: Float64Array): number => {
    code.fit(values, h);
    return values[program.value];
  };
  const entries = program.columns.flatMap((c) => c.entries.map((e) => ({ partial: c.partial, ...e })));
  return {
    domains,
    value,
    gradient(h, out) {
      const loss = value(h);
      code.fit(
        values,
        h.map((x) => Math.max(x, LEAST_SHARE)),
      );
      out.fill(0);
      for (const e of entries) out[e.param] += values[e.partial] * values[e.slot];
      return loss;
    },
  };
}
