/**
 * From a law's graph to a program, with its Jacobian in factored form. Let u be the nodes of levels
 * fit and mix that the run level reads (its *interface*). Then ∂L/∂θ = Σ_c d_c(run)·g_c(group) with
 * d = ∂L/∂u and g = ∂u/∂θ; interface nodes with the same ∂L/∂u share a *column* c. So JᵀWJ =
 * Σ_groups Gᵀ(Σ_runs w d dᵀ)G: the p² work is done once a mixture, a run costs only the few
 * columns' q².
 */
import { gradient, tangent } from "./derivatives.ts";
import { classify, Emitter, type Kind, levelFor } from "./emit-slots.ts";
import { argumentsOf, type Node, param as parameter, topological } from "./graph.ts";
import type { Program } from "./program.ts";
import { Interner } from "./simplify.ts";

/** ∂L/∂u of each column, with its nonzero ∂u/∂θⱼ by parameter. */
type Jacobian = ReadonlyMap<Node, ReadonlyMap<number, Node>>;

/**
 * Compiles an expression of `params` parameters (a loss, or a residual) to a program with its
 * factored Jacobian; `bent` asks for the second derivative along a direction too.
 *
 * @example compile(exp(param(0, "a")), 1).columns // one column, fed by parameter 0
 */
export function compile(loss: Node, params: number, bent = false): Program {
  return compiled(loss, params, interfaceOf, bent);
}

/**
 * The same, with the Jacobian factored where terms of one parameter meet: entries are derivatives
 * of such terms, and what depends on all parameters is in the partials of few columns. Entries may
 * be of the run level.
 *
 * @example compileTerms(exp(add(log(param(0, "a")), log(param(1, "b")))), 2).columns.length // 1
 */
export function compileTerms(loss: Node, params: number): Program {
  return compiled(loss, params, termsOf, false);
}

/** The nodes at which a Jacobian is factored, of a root and all that it is made of, in order. */
type Interface = (root: Node, order: readonly Node[]) => readonly Node[];

function compiled(loss: Node, params: number, interfaceAt: Interface, bent: boolean): Program {
  const interner = new Interner();
  const canonical = interner.canonical(loss);
  const jacobian = jacobianOf(canonical, interner, interfaceAt);
  const root = interner.plain(canonical);
  const roots = [root, ...[...jacobian].flatMap(([d, entries]) => [d, ...entries.values()])];
  const order = topological(roots);
  const second = bent ? secondDerivative(canonical, params, interner) : root;
  const listed = new Set(order);
  const more = topological([second], (node) => listed.has(node));
  const emitter = new Emitter(classify([...order, ...more]));
  for (const node of order) emitter.place(node, roots);
  const program: Program = {
    params,
    slots: [...emitter.slots],
    value: emitter.ref(root),
    columns: columnsOf(jacobian, emitter),
    tables: emitter.tables,
  };
  if (!bent) return program;
  for (const node of more) emitter.place(node, [second]);
  const bend = emitter.ref(second); // may add a column
  return { ...program, bent: { ...program, slots: emitter.slots, bend } };
}

/**
 * Compiles an expression of `params` parameters to a program of its value alone, for predictions:
 * the same operations in the same order, without the derivatives.
 *
 * @example compileValue(exp(param(0, "a")), 1).columns // []
 */
export function compileValue(loss: Node, params: number): Program {
  const interner = new Interner();
  const root = interner.plain(interner.canonical(loss));
  const order = topological([root]);
  const emitter = new Emitter(classify(order));
  for (const node of order) emitter.place(node, [root]);
  const { slots, tables } = emitter;
  return { params, slots, value: emitter.ref(root), columns: [], tables };
}

function jacobianOf(root: Node, interner: Interner, interfaceAt: Interface): Jacobian {
  const order = topological([root]);
  const face = interfaceAt(root, order);
  const partials = gradient(root, face, interner).map((d) => interner.plain(d));
  const leaves = order.filter((node) => node.kind === "param");
  // Interface nodes with the same ∂L/∂u are one column: their sum is differentiated.
  const columns = new Map<Node, Map<number, Node>>();
  for (const [m, u] of face.entries()) {
    const d = partials[m];
    const entries = columns.get(d) ?? new Map<number, Node>();
    columns.set(d, entries);
    for (const [j, slope] of gradient(u, leaves, interner).entries()) {
      const derivative = interner.plain(slope);
      if (derivative.kind === "const" && derivative.value === 0) continue;
      const { index } = leaves[j];
      const sum = entries.get(index);
      entries.set(index, sum === undefined ? derivative : interner.make("add", [sum, derivative]));
    }
  }
  return columns;
}

const columnsOf = (jacobian: Jacobian, emitter: Emitter): Program["columns"] =>
  [...jacobian]
    .filter(([, entries]) => entries.size > 0)
    .map(([d, entries]) => ({
      partial: emitter.ref(d),
      entries: [...entries]
        .sort(([a], [b]) => a - b)
        .map(([param, node]) => ({ param, slot: emitter.ref(node) })),
    }));

/** The second derivative along a direction, whose components are parameters from `params` on. */
function secondDerivative(root: Node, params: number, interner: Interner): Node {
  const velocity = (leaf: Node): Node | undefined =>
    leaf.kind === "param" && leaf.index < params
      ? parameter(params + leaf.index, `Δ${leaf.name}`)
      : undefined;
  return interner.plain(tangent(tangent(root, velocity, interner), velocity, interner));
}

/**
 * The fit- and mix-level nodes that run-level nodes read; the root itself where it is not
 * run-level.
 */
function interfaceOf(root: Node, order: readonly Node[]): Node[] {
  const kinds = classify(order);
  const kind = (node: Node): Kind => kinds.get(node) as Kind;
  if (levelFor(kind(root)) !== "run" || !kind(root).params) return [root];
  const face = new Set<Node>();
  for (const node of order) {
    const k = kind(node);
    if (levelFor(k) !== "run" || !k.params) continue;
    for (const arg of node.kind === "known" ? [node.value] : argumentsOf(node))
      if (kind(arg).params && levelFor(kind(arg)) !== "run") face.add(arg);
  }
  return [...face];
}

/** The nodes of one parameter that nodes of several read; the root itself where it has one. */
function termsOf(root: Node, order: readonly Node[]): Node[] {
  const owners = new Map<Node, number | "several" | undefined>();
  const face = new Set<Node>();
  for (const node of order) {
    const args = node.kind === "known" ? [node.value] : argumentsOf(node);
    const found = new Set(args.flatMap((arg) => owners.get(arg) ?? []));
    const [only, ...more] = node.kind === "param" ? [node.index] : found;
    const owner = more.length > 0 ? "several" : only;
    owners.set(node, owner);
    if (owner === "several")
      for (const arg of args) if (typeof owners.get(arg) === "number") face.add(arg);
  }
  return owners.get(root) === "several" ? [...face] : [root];
}
