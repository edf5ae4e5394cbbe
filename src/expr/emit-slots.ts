/** The slots of a program, from a graph whose nodes are in order. */
import { argumentsOf, type Node } from "./graph.ts";
import { type Level, RESPONSE, type Slot, type Table } from "./program.ts";

/** What the value of a node depends on. */
export interface Kind {
  readonly params: boolean;
  readonly weights: boolean;
  readonly inputs: boolean;
  readonly response: boolean;
}

/** The kind of every node, from a list with the arguments of a node before itself. */
export function classify(order: readonly Node[]): Map<Node, Kind> {
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

/** When a node with parameters is computed. */
export const levelFor = (k: Kind): Level => (k.inputs ? "run" : k.weights ? "mix" : "fit");

/** Turns nodes into slots; data-only expressions become columns where something else reads them. */
export class Emitter {
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
    else if (node.kind === "param") this.#push(node, { kind: "param", index: node.index });
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
    });
  }

  #push(node: Node, slot: Slot): number {
    this.#refs.set(node, this.slots.length);
    this.slots.push(slot);
    return this.slots.length - 1;
  }
}
