/**
 * From a law's graph to straight-line code in four levels, each computed as rarely as it can be:
 *
 *   data  depends on data only      → a column, computed once in float64
 *   fit   depends on parameters     → once a candidate
 *   mix   also on mixture weights   → once a distinct mixture (a *group* of runs)
 *   run   also on other inputs      → once a run
 *
 * The Jacobian is factored the same way. Let u be the nodes of levels fit and mix that the run
 * level reads (its *interface*). Then ∂L/∂θ = Σ_c d_c(run)·g_c(group) with d = ∂L/∂u and g = ∂u/∂θ;
 * interface nodes with the same ∂L/∂u share a *column* c. So JᵀWJ = Σ_groups Gᵀ(Σ_runs w d dᵀ)G:
 * the p² work is done once a mixture, a run costs only the few columns' q².
 */
import { gradient, tangent } from "./derivatives.ts";
import { argumentsOf, type Node, type OpName, param as parameter, topological } from "./graph.ts";
import { show } from "./show-formula.ts";
import { Interner } from "./simplify.ts";

export type Level = "fit" | "mix" | "run";

/**
 * Where a column of data lives: one value a mixture, one a run, or one a run and target (what
 * depends on the observed loss).
 */
export type Table = "mix" | "run" | "response";

/** The input that stands for the observed loss: residuals are written with it. */
export const RESPONSE = "response";

/** One value of the program, computed from earlier ones. */
export type Slot =
  | { readonly kind: "const"; readonly value: number }
  | { readonly kind: "param"; readonly index: number; readonly name: string }
  | {
      readonly kind: "column";
      readonly table: Table;
      readonly index: number;
      readonly name: string;
    }
  | {
      readonly kind: "op";
      readonly level: Level;
      readonly op: OpName;
      readonly args: readonly number[];
    };

/** When a slot is computed; constants belong to no level. */
export function levelOf(slot: Slot): Level | undefined {
  if (slot.kind === "const") return undefined;
  if (slot.kind === "op") return slot.level;
  return slot.kind === "param" ? "fit" : slot.table === "mix" ? "mix" : "run";
}

/**
 * d_c and the nonzero g_c,j: which parameters this column of the factored Jacobian feeds, and
 * through which slots.
 */
export interface Column {
  readonly partial: number;
  readonly entries: readonly { readonly param: number; readonly slot: number }[];
}

/** Serializable: it goes to worker threads as it is. */
export interface Program {
  readonly params: number;
  readonly slots: readonly Slot[];
  /** Slot of the compiled expression: a loss, or a residual. */
  readonly value: number;
  readonly columns: readonly Column[];
  /** Data-only expressions that fill the columns of each table, over weight and input leaves. */
  readonly tables: Readonly<Record<Table, readonly Node[]>>;
  /** The program with `bend`, where it was asked for. */
  readonly bent?: BentProgram;
}

/**
 * A program that also has the value's second derivative r″ along a direction of the coordinates.
 * Its first slots are those of the program it extends; parameters from `params` on are the
 * direction.
 */
export interface BentProgram extends Program {
  /** Slot of r″. */
  readonly bend: number;
}

/** The slots of one level, in order, with the columns that level loads. */
export const ofLevel = (program: Program, level: Level): number[] =>
  program.slots.flatMap((slot, i) => (levelOf(slot) === level ? [i] : []));

interface Kind {
  readonly params: boolean;
  readonly weights: boolean;
  readonly inputs: boolean;
  readonly response: boolean;
}

function classify(order: readonly Node[]): Map<Node, Kind> {
  const kinds = new Map<Node, Kind>();
  for (const node of order) {
    const args = argumentsOf(node).map((a) => kinds.get(a) as Kind);
    kinds.set(node, {
      params: node.kind === "param" || args.some((k) => k.params),
      weights: node.kind === "weight" || args.some((k) => k.weights),
      inputs: node.kind === "input" || args.some((k) => k.inputs),
      response: (node.kind === "input" && node.name === RESPONSE) || args.some((k) => k.response),
    });
  }
  return kinds;
}

const levelFor = (k: Kind): Level => (k.inputs ? "run" : k.weights ? "mix" : "fit");

/**
 * Compiles an expression of `params` parameters (a loss, or a residual) to a program with its
 * factored Jacobian; `bent` asks for the second derivative too.
 * @example compile(exp(param(0, "a")), 1).columns // one column, fed by parameter 0
 */
export function compile(loss: Node, params: number, bent = false): Program {
  const interner = new Interner();
  const known = interner.lower(loss);
  const before = topological([known]);
  const kinds = classify(before);
  const kind = (n: Node): Kind => kinds.get(n) as Kind;

  const face = interfaceOf(known, before, kind);
  const partials = gradient(known, face, interner).map((d) => interner.plain(d));
  const leaves = before.filter((n) => n.kind === "param");
  // Interface nodes with the same ∂L/∂u are one column: their sum is differentiated.
  const merged = new Map<Node, Map<number, Node>>();
  for (const [m, u] of face.entries()) {
    const d = partials[m];
    const entries = merged.get(d) ?? new Map<number, Node>();
    merged.set(d, entries);
    for (const [j, full] of gradient(u, leaves, interner).entries()) {
      const derivative = interner.plain(full);
      if (derivative.kind === "const" && derivative.value === 0) continue;
      const index = (leaves[j] as Node & { kind: "param" }).index;
      const sofar = entries.get(index);
      entries.set(
        index,
        sofar === undefined ? derivative : interner.make("add", [sofar, derivative]),
      );
    }
  }

  const root = interner.plain(known);
  const roots = [root, ...[...merged].flatMap(([d, entries]) => [d, ...entries.values()])];
  const order = topological(roots);
  const along = (leaf: Node): Node | undefined =>
    leaf.kind === "param" && leaf.index < params ? direction(leaf, params) : undefined;
  const second = bent
    ? interner.plain(tangent(tangent(known, along, interner), along, interner))
    : root;
  const emitted = new Set(order);
  const more = topological([second], (node) => emitted.has(node));
  const emit = new Emitter(classify([...order, ...more]));
  for (const node of order) emit.place(node, roots);
  const program: Program = {
    params,
    slots: [...emit.slots],
    value: emit.ref(root),
    columns: [...merged]
      .filter(([, entries]) => entries.size > 0)
      .map(([d, entries]) => ({
        partial: emit.ref(d),
        entries: [...entries]
          .sort(([a], [b]) => a - b)
          .map(([param, node]) => ({ param, slot: emit.ref(node) })),
      })),
    tables: emit.tables,
  };
  if (!bent) return program;
  for (const node of more) emit.place(node, [second]);
  const bend = emit.ref(second); // may add a column
  return { ...program, bent: { ...program, slots: emit.slots, bend } };
}

/** How fast a coordinate moves along the direction. */
const direction = (leaf: Node & { kind: "param" }, params: number): Node =>
  parameter(params + leaf.index, `Δ${leaf.name}`);

/**
 * The part of a program that its value depends on: slots keep their numbers, what only derivatives
 * need becomes a constant.
 */
export function valueOnly(program: Program): Program {
  const needed = new Set<number>();
  const visit = (i: number): void => {
    const slot = program.slots[i];
    if (needed.has(i)) return;
    needed.add(i);
    if (slot.kind === "op") slot.args.forEach(visit);
  };
  visit(program.value);
  const slots = program.slots.map((slot, i) =>
    needed.has(i) ? slot : ({ kind: "const", value: 0 } as const),
  );
  return { ...program, slots, columns: [] };
}

/**
 * The fit- and mix-level nodes that run-level nodes read; the root itself where it is not
 * run-level.
 */
function interfaceOf(root: Node, order: readonly Node[], kind: (n: Node) => Kind): Node[] {
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

/** Turns nodes into slots; data-only expressions become columns where something else reads them. */
class Emitter {
  readonly slots: Slot[] = [];
  readonly tables: Record<Table, Node[]> = { mix: [], run: [], response: [] };
  readonly #refs = new Map<Node, number>();

  constructor(readonly kinds: ReadonlyMap<Node, Kind>) {}

  ref(node: Node): number {
    const known = this.#refs.get(node);
    return known ?? this.#column(node);
  }

  place(node: Node, roots: readonly Node[]): void {
    const k = this.kinds.get(node) as Kind;
    if (node.kind === "const") this.#push(node, { kind: "const", value: node.value });
    else if (node.kind === "param")
      this.#push(node, { kind: "param", index: node.index, name: node.name });
    else if (node.kind === "op" && k.params) {
      this.#push(node, {
        kind: "op",
        level: levelFor(k),
        op: node.op,
        args: node.args.map((a) => this.ref(a)),
      });
    } else if (roots.includes(node)) this.ref(node);
  }

  #column(node: Node): number {
    const k = this.kinds.get(node) as Kind;
    const table: Table = k.response ? "response" : k.inputs ? "run" : "mix";
    this.tables[table].push(node);
    return this.#push(node, {
      kind: "column",
      table,
      index: this.tables[table].length - 1,
      name: show(node),
    });
  }

  #push(node: Node, slot: Slot): number {
    this.#refs.set(node, this.slots.length);
    this.slots.push(slot);
    return this.slots.length - 1;
  }
}
