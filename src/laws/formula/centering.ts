/**
 * Scales whose coordinate takes the data's centers in: A/N^α is written (A/N₀^α)/(N/N₀)^α, because
 * the fit's conditioning needs it.
 */
import { entryOf } from "../../base/known.ts";
import { add, constant, exp, mul, neg, type Node, sub } from "../../expr/graph.ts";
import type { Syntax } from "../../syntax/formula.ts";
import type { ChartVariables } from "../parameters/chart.ts";
import { type Factor, unsigned } from "./factors.ts";
import type { Names } from "./names.ts";

export interface Centering {
  /** The product that decides it: in others the scale is as it is reported. */
  readonly term: Syntax;
  /** Exponents are numbers or scalar parameters, with or without a minus sign. */
  readonly powers: readonly {
    readonly input: string;
    readonly exponent: Syntax;
    readonly inverse: boolean;
  }[];
}

/** How a scale is centered by a product's powers of positive inputs; undefined without any. */
export function centeringOf(
  scale: string,
  term: Syntax,
  factors: readonly Factor[],
  names: Names,
  isVector: (name: string) => boolean,
): Centering | undefined {
  const { inputs } = names.definition;
  const isPlain = (exponent: Syntax): boolean =>
    exponent.kind === "number" ||
    (names.is(exponent, "parameter") && !isVector(exponent.name) && exponent.name !== scale);
  const powers = factors.flatMap(({ node, inverse }) => {
    if (node.kind !== "binary" || node.op !== "^") return [];
    const input = names.input(node.left);
    if (input === undefined || !isPlain(unsigned(node.right))) return [];
    const isPositive = names.isCount(node.left) || entryOf(inputs, input).positive === true;
    return isPositive ? [{ input, exponent: node.right, inverse }] : [];
  });
  return powers.length > 0 ? { term, powers } : undefined;
}

/** How a parameter is optimized: `key` is its coordinate, which is its logarithm where `log`. */
export type Charts = ReadonlyMap<string, { readonly key: string; readonly log: boolean }>;

/** ln A less its coordinate: what the data's centers make of a centered scale; 0 for others. */
export function shiftOf(
  name: string,
  centered: ReadonlyMap<string, Centering>,
  charts: Charts,
  { p, lnUnit }: ChartVariables,
): Node {
  const exponentOf = (node: Syntax): Node => {
    if (node.kind === "negate") return neg(exponentOf(node.arg));
    if (node.kind === "number") return constant(node.value);
    const chart = node.kind === "name" ? charts.get(node.name) : undefined;
    if (chart === undefined)
      throw new Error(`${name} is centered by something that is no parameter`);
    return chart.log ? exp(p(chart.key)) : p(chart.key);
  };
  const powers = centered.get(name)?.powers ?? [];
  return powers.reduce<Node>((shift, { input, exponent, inverse }) => {
    const part = mul(exponentOf(exponent), lnUnit(input));
    return inverse ? add(shift, part) : sub(shift, part);
  }, constant(0));
}
