/** A law as a sum of terms, so that findings can be told in its own words. */
import { itemAt } from "../base/known.ts";
import { evaluation } from "../expr/float64.ts";
import { type Node, topological } from "../expr/graph.ts";
import type { BoundLaw } from "./bind.ts";
import { inputsOf } from "./inputs.ts";
import type { Law } from "./law.ts";

/** A term of the loss. Terms that read the same inputs are one. */
export interface Summand {
  /**
   * As the law's equation writes it ("A/N^α"), or the symbols of its parameters where the equation
   * does not tell terms apart.
   */
  readonly text: string;
  /** Expressions whose sum it is. */
  readonly nodes: readonly Node[];
  /** Positions of its coordinates. */
  readonly coordinates: ReadonlySet<number>;
  /** Whether it reads N, D and the shares. */
  readonly params: boolean;
  readonly tokens: boolean;
  readonly weights: boolean;
}

/**
 * The terms of a law.
 *
 * @example summandsOf(bind(laws.chinchilla, [], { signs: "positive" }, units)).map(({ text }) =>
 *   text) // ["E", "A/N^α", "B/D^β"]
 */
export function summandsOf({ law, domains, loss, coordinates: all }: BoundLaw): Summand[] {
  const letters = lettersOf(law, domains);
  const groups = groupsOf(loss, letters);
  const texts = textsOf(law.equation, groups, letters);
  return groups.map(({ inputs, nodes }, n) => {
    const coordinates = new Set(
      topological(nodes).flatMap((leaf) => (leaf.kind === "param" ? [leaf.index] : [])),
    );
    const symbols = new Set([...coordinates].map((i) => itemAt(all, i).symbol));
    return {
      text: texts[n] ?? [...symbols].join(", "),
      nodes,
      coordinates,
      params: inputs.includes("N"),
      tokens: inputs.includes("D"),
      weights: inputs.includes("h"),
    };
  });
}

/** The letters that a law's equation has for its inputs; others stand by name in brackets. */
const lettersOf = (law: Law, domains: readonly string[]): ReadonlyMap<string, string> =>
  new Map([
    ["params", "N"],
    ["tokens", "D"],
    ...inputsOf(law, domains).map(({ name, symbol = `<${name}>` }) => [name, symbol] as const),
  ]);

/** Parts of the sum that read the same: the letters of their inputs, sorted. */
interface Group {
  readonly inputs: readonly string[];
  readonly nodes: Node[];
}

function groupsOf(loss: Node, letters: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<string, Group>();
  for (const node of partsOf(loss)) {
    const read = topological([node]).flatMap((leaf) => {
      if (leaf.kind === "weight") return ["h"];
      return leaf.kind === "input" ? [letters.get(leaf.name) ?? leaf.name] : [];
    });
    const inputs = [...new Set(read)].sort();
    const group = groups.get(inputs.join()) ?? { inputs, nodes: [] };
    group.nodes.push(node);
    groups.set(inputs.join(), group);
  }
  return [...groups.values()];
}

const partsOf = (node: Node): Node[] =>
  node.kind === "op" && node.op === "add" ? node.args.flatMap(partsOf) : [node];

/** The piece of the equation for each group; undefined where the equation does not tell. */
function textsOf(
  equation: string,
  groups: readonly Group[],
  letters: ReadonlyMap<string, string>,
): (string | undefined)[] {
  const [sum = ""] = equation.replace(/^.*? = /, "").split(", ");
  const pieces = piecesOf(sum);
  const lettersIn = (piece: string): string =>
    [...new Set(["h", ...letters.values()])]
      .filter((letter) => piece.includes(letter))
      .sort()
      .join();
  const only = (list: readonly string[]): string | undefined =>
    list.length === 1 ? list[0] : undefined;
  const texts = groups.map(({ inputs }) =>
    only(pieces.filter((piece) => lettersIn(piece) === inputs.join())),
  );
  if (texts.filter((text) => text === undefined).length !== 1) return texts;
  // Where the letters of inputs are not known, the last piece left is the last group's.
  const last = only(pieces.filter((piece) => !texts.includes(piece)));
  return texts.map((text) => text ?? last);
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

/** A step in an input that is small, and far above rounding. */
const STEP = 1.05;

/**
 * Coordinates that are exponents of an input: on which the elasticity ∂ ln|term|/∂ ln N of a term
 * depends. Of A/N^α that is α. `at` has a value for every input and share.
 */
export function exponentsOf(
  summand: Summand,
  input: "params" | "tokens",
  theta: ArrayLike<number>,
  at: (leaf: Node) => number,
): number[] {
  const valuesOf = evaluation(summand.nodes);
  const log = (point: ArrayLike<number>, factor: number): number => {
    const leaf = (n: Node): number => {
      if (n.kind === "param") return itemAt(point, n.index);
      return n.kind === "input" && n.name === input ? factor * at(n) : at(n);
    };
    return Math.log(Math.abs(valuesOf(leaf).reduce((sum, x) => sum + x, 0)));
  };
  const elasticity = (point: ArrayLike<number>): number =>
    (log(point, STEP) - log(point, 1 / STEP)) / (2 * Math.log(STEP));
  const own = elasticity(theta);
  return [...summand.coordinates].filter((i) => {
    const moved = Float64Array.from(theta, (x, j) => x + (j === i ? 0.01 : 0));
    return Math.abs(elasticity(moved) - own) > 1e-6;
  });
}
