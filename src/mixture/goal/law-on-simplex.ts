/**
 * A law over the simplex, compiled once for whatever coordinates and scale: the shares are the
 * variables; coordinates, N and D are data, a row a target. So the levels of a program mean here:
 * fit, once a mixture (logarithms of shares); run, once a target. The same program gives the
 * float64 code, its gradient and the Monte Carlo kernel.
 */
import { evaluate } from "../../expr/float64.ts";
import { add, input, type Node, param, topological } from "../../expr/graph.ts";
import { compile, compileTerms, compileValue } from "../../expr/compile.ts";
import { tangent } from "../../expr/derivatives.ts";
import { FewChanges } from "../../expr/changes/few-changes.ts";
import { GradientChanges } from "../../expr/changes/gradient-changes.ts";
import { type Program, valueOnly } from "../../expr/program.ts";
import { Interner } from "../../expr/simplify.ts";
import { inPairs } from "../../expr/changes/sums-in-pairs.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { Law } from "../../laws/law.ts";

/** Where a mixture is wanted: parameters N and tokens D, absolute counts. */
export interface Scale {
  readonly params: number;
  readonly tokens: number;
  /** Other inputs, by name. */
  readonly inputs?: Readonly<Record<string, number>>;
}

/** Programs of a law over the simplex; slots and columns have the same numbers in both. */
export interface SimplexPrograms {
  /** Of the loss and its slopes. */
  readonly gradient: Program;
  /** The same without what only the gradient needs. */
  readonly value: Program;
}

/** A compiled law. */
export interface SimplexLaw {
  readonly programs: SimplexPrograms;
  /** Writes one target's row of the run table. */
  readonly fill: (row: Float64Array, theta: ArrayLike<number>, at: Scale) => void;
  /**
   * The loss where few shares change, compiled when first asked for. Undefined where a share
   * concerns much of the law.
   */
  readonly changes: () => WithRow<FewChanges> | undefined;
  /** The same for ∇L(h) where one share changes. */
  readonly gradientChanges: () => WithRow<GradientChanges> | undefined;
}

/**
 * What changes of a law: L(h) + ∇L(h)·d, of which a group has a domain's hᵢ and dᵢ, or the gradient
 * ∇L(h).
 */
export interface WithRow<T> {
  readonly of: T;
  /** Numbers of a row, and what writes a target's. */
  readonly width: number;
  readonly fill: SimplexLaw["fill"];
}

/** Coordinate `index` as an input. No input of a law is called like this. */
const coordinate = (index: number): string => `θ${index}`;

/** The loss with shares as variables and coordinates as inputs. */
function inShares({ loss }: BoundLaw): Node {
  const replaced = new Map<Node, Node>();
  const replacementOf = (node: Node): Node => {
    if (node.kind === "param") return input(coordinate(node.index));
    if (node.kind === "weight") return param(node.index, node.name);
    if (node.kind === "op")
      return { kind: "op", op: node.op, args: node.args.map((arg) => replaced.get(arg) ?? arg) };
    // The derivatives that a "known" node brings along are those in coordinates: they do not hold.
    return node.kind === "known" ? (replaced.get(node.value) ?? node) : node;
  };
  for (const node of topological([loss])) replaced.set(node, replacementOf(node));
  return replaced.get(loss) ?? loss;
}

/** A cell of the run table is a coordinate as it is (nearly all are), or an expression. */
function filler(columns: readonly Node[], size: number): SimplexLaw["fill"] {
  const names = Array.from({ length: size }, (_, i) => coordinate(i));
  const direct = columns.map((node) => (node.kind === "input" ? names.indexOf(node.name) : -1));
  const expressions = columns.flatMap((node, i) => (direct[i] < 0 ? [{ node, i }] : []));
  const roots = expressions.map(({ node }) => node);
  const index = new Map(names.map((name, i) => [name, i]));
  return (row, theta, at) => {
    const inputs: Scale["inputs"] = { ...at.inputs, params: at.params, tokens: at.tokens };
    for (const [i, from] of direct.entries()) if (from >= 0) row[i] = theta[from];
    const values = evaluate(roots, (leaf) => {
      const name = leaf.kind === "input" ? leaf.name : "";
      const from = index.get(name);
      const value = from === undefined ? inputs[name] : theta[from];
      if (value === undefined) throw new Error(`no value for the input ${name}`);
      return value;
    });
    for (const [j, { i }] of expressions.entries()) row[i] = values[j];
  };
}

function changesOf(loss: Node, domains: number, size: number): WithRow<FewChanges> | undefined {
  const interner = new Interner();
  const own = interner.canonical(loss);
  const offset = (leaf: Node): Node | undefined =>
    leaf.kind === "param" ? param(domains + leaf.index, `Δ${leaf.name}`) : undefined;
  const along = tangent(own, offset, interner);
  const program = compileValue(add(inPairs(own), inPairs(along)), 2 * domains);
  const groups = Array.from({ length: domains }, (_, i) => ({ point: i, direction: domains + i }));
  return withRow(FewChanges.of(program, groups), program, size);
}

function gradientChangesOf(
  loss: Node,
  domains: number,
  size: number,
): WithRow<GradientChanges> | undefined {
  const program = compileTerms(inPairs(new Interner().canonical(loss)), domains);
  return withRow(GradientChanges.of(program), program, size);
}

function withRow<T>(of: T | undefined, program: Program, size: number): WithRow<T> | undefined {
  const columns = program.tables.run;
  return of === undefined ? undefined : { of, width: columns.length, fill: filler(columns, size) };
}

/** What a function returns, computed when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const compiled = new WeakMap<Law, Map<string, SimplexLaw>>();

/** Compiled when first asked for; the same law, number of domains, options and units share it. */
export function onSimplex(bound: BoundLaw, domains: number): SimplexLaw {
  const { law, options, units } = bound;
  const key = JSON.stringify([domains, bound.domains.length, options, units, bound.phases]);
  const forms = compiled.get(law) ?? new Map<string, SimplexLaw>();
  compiled.set(law, forms);
  const earlier = forms.get(key);
  if (earlier !== undefined) return earlier;
  const loss = inShares(bound);
  const gradient = compile(loss, domains);
  const form: SimplexLaw = {
    programs: { gradient, value: valueOnly(gradient) },
    fill: filler(gradient.tables.run, bound.size),
    changes: once(() => changesOf(loss, domains, bound.size)),
    gradientChanges: once(() => gradientChangesOf(loss, domains, bound.size)),
  };
  forms.set(key, form);
  return form;
}
