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

/**
 * Below this share the loss is continued along its tangent. At hᵢ = 0 the derivative of hᵢ^γ, γ < 1, is infinite, and near it the curvature is beyond any
 * descent; a part per million of the data is nobody's question. So a share that is worth having ends above this, and one that is not ends at 0.
 */
const LEAST_SHARE = 1e-6;

export interface Surface {
  readonly domains: number;
  /** Loss at h, in the units of the loss columns, with the tangent below a part per million: what the solvers minimize. */
  value(h: Float64Array): number;
  /** ∂loss/∂hᵢ into `out`; returns the loss. */
  gradient(h: Float64Array, out: Float64Array): number;
  /** The law's own value at h: what is reported. */
  law(h: Float64Array): number;
}

export function surface(terms: readonly Term[], at: Scale, domains: number): Surface {
  const program = surfaceProgram(terms, at, domains);
  const code = evaluator64(program);
  const values = workspace(program);
  const entries = program.columns.flatMap((c) => c.entries.map((e) => ({ partial: c.partial, ...e })));
  const raised = new Float64Array(domains);
  const slope = new Float64Array(domains);
  /** Loss and gradient at max(h, least); the loss then follows the tangent down to h. */
  const evaluate = (h: Float64Array, out: Float64Array): number => {
    for (let i = 0; i < domains; i++) raised[i] = Math.max(h[i], LEAST_SHARE);
    code.fit(values, raised);
    out.fill(0);
    for (const e of entries) out[e.param] += values[e.partial] * values[e.slot];
    let loss = values[program.value];
    for (let i = 0; i < domains; i++) if (h[i] < LEAST_SHARE) loss += out[i] * (h[i] - LEAST_SHARE);
    return loss;
  };
  return {
    domains,
    value: (h) => evaluate(h, slope),
    gradient: evaluate,
    law(h) {
      code.fit(values, h);
      return values[program.value];
    },
  };
}
