/** A formula's product as a list of factors. */
import type { Syntax } from "../../syntax/formula.ts";

export interface Factor {
  readonly node: Syntax;
  /** Whether the product is divided by it. */
  readonly inverse: boolean;
}

export interface Factors {
  readonly factors: readonly Factor[];
  /** Whether there is an odd number of minus signs. */
  readonly negative: boolean;
}

/** The factors of products and quotients, through minus signs. */
export function factorsOf(node: Syntax, inverse = false): Factors {
  if (node.kind === "negate") {
    const { factors, negative } = factorsOf(node.arg, inverse);
    return { factors, negative: !negative };
  }
  if (node.kind !== "binary" || (node.op !== "*" && node.op !== "/"))
    return { factors: [{ node, inverse }], negative: false };
  const left = factorsOf(node.left, inverse);
  const right = factorsOf(node.right, node.op === "/" ? !inverse : inverse);
  return {
    factors: [...left.factors, ...right.factors],
    negative: left.negative !== right.negative,
  };
}

/** An exponent without its minus sign. */
export const unsigned = (exponent: Syntax): Syntax =>
  exponent.kind === "negate" ? exponent.arg : exponent;
