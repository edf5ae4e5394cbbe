/** A law as a sum of terms, so that findings can be told in its own words. */
import { type Node, topological } from "../expr/graph.ts";
import type { BoundLaw } from "./define.ts";

/** What a term of the sum depends on. */
export interface Part {
  /** As the law's equation writes it ("A/N^α"), or the names of its coordinates where the equation does not tell terms apart. */
  readonly text: string;
  /** Positions of its coordinates. */
  readonly coordinates: ReadonlySet<number>;
  readonly params: boolean;
  readonly tokens: boolean;
  readonly weights: boolean;
}

/** The summands of an expression. */
const summands = (node: Node): Node[] => (node.kind === "op" && node.op === "add" ? node.args.flatMap(summands) : [node]);

/** A term's inputs: N, D, h, and others by name in brackets. */
function inputsOf(node: Node): string[] {
  const found = new Set<string>();
  for (const leaf of topological([node])) {
    if (leaf.kind === "weight") found.add("h");
    if (leaf.kind === "input") found.add(leaf.name === "params" ? "N" : leaf.name === "tokens" ? "D" : `<${leaf.name}>`);
  }
  return [...found].sort();
}

/** The same from a piece of an equation. */
const written = (text: string): string => ["D", "N", "h"].filter((letter) => text.includes(letter)).join();

/**
 * The terms of a law, those with the same inputs as one.
 *
 * @example partsOf(bind(laws.chinchilla, [], { signs: "positive" }, units)).map((part) => part.text) // ["E", "A/N^α", "B/D^β"]
 */
export function partsOf(law: BoundLaw): Part[] {
  const [sum = ""] = law.law.equation.replace(/^.*? = /, "").split(", ");
  const pieces = sum.split(/ \+ (?![^(]*\))/); // a + inside brackets is not the sum's
  const found = new Map<string, { inputs: readonly string[]; coordinates: Set<number> }>();
  for (const node of summands(law.loss)) {
    const inputs = inputsOf(node);
    const part = found.get(inputs.join()) ?? { inputs, coordinates: new Set<number>() };
    for (const leaf of topological([node])) if (leaf.kind === "param") part.coordinates.add(leaf.index);
    found.set(inputs.join(), part);
  }
  return [...found.values()].map(({ inputs, coordinates }) => {
    const matching = pieces.filter((piece) => written(piece) === inputs.join());
    const text = matching.length === 1 ? matching[0] : [...coordinates].map((i) => law.names[i]).join(", ");
    return { text, coordinates, params: inputs.includes("N"), tokens: inputs.includes("D"), weights: inputs.includes("h") };
  });
}
