/** A law as a sum of terms, so that findings can be told in its own words. */
import { evaluate } from "../expr/float64.ts";
import { type Node, topological } from "../expr/graph.ts";
import type { BoundLaw } from "./bind.ts";
import type { Law } from "./law.ts";

/** What a term of the sum depends on. */
export interface Part {
  /**
   * As the law's equation writes it ("A/N^α"), or the symbols of its parameters where the equation
   * does not tell terms apart.
   */
  readonly text: string;
  /** Its summands. */
  readonly nodes: readonly Node[];
  /** Positions of its coordinates. */
  readonly coordinates: ReadonlySet<number>;
  readonly params: boolean;
  readonly tokens: boolean;
  readonly weights: boolean;
}

/** A step in an input that is small, and far above rounding. */
const STEP = 1.05;

/** The summands of an expression. */
const summands = (node: Node): Node[] =>
  node.kind === "op" && node.op === "add" ? node.args.flatMap(summands) : [node];

/** The letters that a law's equation has for its inputs; others stand by name in brackets. */
const lettersOf = ({ uses }: Law): ReadonlyMap<string, string> =>
  new Map([
    ["params", "N"],
    ["tokens", "D"],
    ...(uses.inputs ?? []).map(({ name, symbol = `<${name}>` }) => [name, symbol] as const),
  ]);

/** The letters of what a term reads, with h for the shares. */
function inputsOf(node: Node, letters: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  for (const leaf of topological([node])) {
    if (leaf.kind === "weight") found.add("h");
    if (leaf.kind === "input") found.add(letters.get(leaf.name) ?? leaf.name);
  }
  return [...found].sort();
}

/** The terms of a written sum: a plus inside brackets is not the sum's. */
function piecesOf(sum: string): string[] {
  const pieces: string[] = [];
  for (const piece of sum.split(" + ")) {
    const before = pieces.at(-1) ?? "";
    const open = before.match(/[([]/g)?.length ?? 0;
    if (open > (before.match(/[)\]]/g)?.length ?? 0)) pieces[pieces.length - 1] += ` + ${piece}`;
    else pieces.push(piece);
  }
  return pieces;
}

/**
 * The terms of a law, those with the same inputs as one.
 *
 * @example partsOf(bind(laws.chinchilla, [], { signs: "positive" }, units)).map((part) =>
 *   part.text) // ["E", "A/N^α", "B/D^β"]
 */
export function partsOf(law: BoundLaw): Part[] {
  const [sum = ""] = law.law.equation.replace(/^.*? = /, "").split(", ");
  const letters = lettersOf(law.law);
  /** The inputs of a piece of the equation. */
  const written = (text: string): string =>
    ["h", ...letters.values()]
      .filter((letter) => text.includes(letter))
      .sort()
      .join();
  const pieces = piecesOf(sum);
  const found = new Map<
    string,
    { inputs: readonly string[]; nodes: Node[]; coordinates: Set<number> }
  >();
  for (const node of summands(law.loss)) {
    const inputs = inputsOf(node, letters);
    const part = found.get(inputs.join()) ?? { inputs, nodes: [], coordinates: new Set<number>() };
    part.nodes.push(node);
    for (const leaf of topological([node]))
      if (leaf.kind === "param") part.coordinates.add(leaf.index);
    found.set(inputs.join(), part);
  }
  const parts = [...found.values()];
  const alone = (list: readonly string[]): string | undefined =>
    list.length === 1 ? list[0] : undefined;
  const texts = parts.map(({ inputs }) =>
    alone(pieces.filter((piece) => written(piece) === inputs.join())),
  );
  // Where the letters of inputs are not known, the last piece left is the last term's.
  const left = alone(pieces.filter((piece) => !texts.includes(piece)));
  const last = texts.filter((text) => text === undefined).length === 1 ? left : undefined;
  const symbols = (positions: ReadonlySet<number>): string =>
    [...new Set([...positions].map((i) => law.coordinates[i].symbol))].join(", ");
  return parts.map(({ inputs, nodes, coordinates }, n) => ({
    text: texts[n] ?? last ?? symbols(coordinates),
    nodes,
    coordinates,
    params: inputs.includes("N"),
    tokens: inputs.includes("D"),
    weights: inputs.includes("h"),
  }));
}

/**
 * Coordinates that are exponents of an input: on which the elasticity ∂ ln|term|/∂ ln N of a term
 * depends. Of A/N^α that is α. `at` has a value for every input and share.
 */
export function exponentsOf(
  part: Part,
  input: "params" | "tokens",
  theta: ArrayLike<number>,
  at: (leaf: Node) => number,
): number[] {
  const log = (point: ArrayLike<number>, factor: number): number => {
    const leaf = (n: Node): number => {
      if (n.kind === "param") return point[n.index];
      return n.kind === "input" && n.name === input ? factor * at(n) : at(n);
    };
    return Math.log(Math.abs(evaluate(part.nodes, leaf).reduce((sum, x) => sum + x, 0)));
  };
  const elasticity = (point: ArrayLike<number>): number =>
    (log(point, STEP) - log(point, 1 / STEP)) / (2 * Math.log(STEP));
  const own = elasticity(theta);
  return [...part.coordinates].filter((i) => {
    const moved = Float64Array.from(theta, (x, j) => x + (j === i ? 0.01 : 0));
    return Math.abs(elasticity(moved) - own) > 1e-6;
  });
}
