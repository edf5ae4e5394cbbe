/**
 * A law over the simplex, compiled once for whatever coordinates and scale: the shares are the
 * variables; coordinates, N and D are data, a row a target. So the levels of a program mean here:
 * fit, once a mixture (logarithms of shares); run, once a target. The same program gives the
 * float64 code, its gradient and the Monte Carlo kernel.
 */
import { type Evaluator64 } from "../../expr/evaluator.ts";
import { evaluate, evaluator64 } from "../../expr/float64.ts";
import { input, type Node, param, topological } from "../../expr/graph.ts";
import { compile } from "../../expr/compile.ts";
import { type Program, valueOnly } from "../../expr/program.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Law } from "../../laws/law.ts";

/** Where a mixture is wanted: parameters N and tokens D, absolute counts. */
export interface Scale {
  readonly params: number;
  readonly tokens: number;
  /** Other inputs, by name. */
  readonly inputs?: Readonly<Record<string, number>>;
}

export interface Code {
  readonly program: Program;
  readonly full: Evaluator64;
  /** The same without what only the gradient needs. Slots and columns keep their numbers. */
  readonly bare: { readonly program: Program; readonly code: Evaluator64 };
  /** Writes one target's row of the run table. */
  fill(row: Float64Array, theta: ArrayLike<number>, at: Scale): void;
}

/** No input of a law is called like this. */
const coordinate = (index: number): string => `θ${index}`;

/** The loss with shares as variables and coordinates as inputs. */
function inShares({ loss }: BoundLaw): Node {
  const known = new Map<Node, Node>();
  for (const node of topological([loss])) {
    if (node.kind === "param") known.set(node, input(coordinate(node.index)));
    else if (node.kind === "weight") known.set(node, param(node.index, node.name));
    else if (node.kind === "op")
      known.set(node, { kind: "op", op: node.op, args: node.args.map((a) => known.get(a) ?? a) });
    // what is known are derivatives in coordinates
    else known.set(node, node.kind === "known" ? (known.get(node.value) ?? node) : node);
  }
  return known.get(loss) ?? loss;
}

/** How a column's cell comes about: a coordinate as it is (nearly all are), or an expression. */
function filler(columns: readonly Node[], size: number): Code["fill"] {
  const names = Array.from({ length: size }, (_, i) => coordinate(i));
  const direct = columns.map((node) => (node.kind === "input" ? names.indexOf(node.name) : -1));
  const rest = columns.flatMap((node, i) => (direct[i] < 0 ? [{ node, i }] : []));
  const roots = rest.map(({ node }) => node);
  const index = new Map(names.map((name, i) => [name, i]));
  return (row, theta, at) => {
    for (const [i, from] of direct.entries()) if (from >= 0) row[i] = theta[from];
    const values = evaluate(roots, (leaf) => {
      const name = leaf.kind === "input" ? leaf.name : "";
      const from = index.get(name);
      const value =
        from !== undefined
          ? theta[from]
          : name === "params"
            ? at.params
            : name === "tokens"
              ? at.tokens
              : at.inputs?.[name];
      if (value === undefined) throw new Error(`no value for the input ${name}`);
      return value;
    });
    for (const [j, { i }] of rest.entries()) row[i] = values[j];
  };
}

const kept = new WeakMap<Law, Map<string, Code>>();

/** Compiled when first asked for; the same law, number of domains, options and units share it. */
export function codeOf(bound: BoundLaw, domains: number): Code {
  const { law, options, units } = bound;
  const key = JSON.stringify([domains, bound.domains.length, options, units]);
  const known = kept.get(law) ?? new Map<string, Code>();
  kept.set(law, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const program = compile(inShares(bound), domains);
  const bare = valueOnly(program);
  const code: Code = {
    program,
    full: evaluator64(program),
    bare: { program: bare, code: evaluator64(bare) },
    fill: filler(program.tables.run, bound.size),
  };
  known.set(key, code);
  return code;
}
