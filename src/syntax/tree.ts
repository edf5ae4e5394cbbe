/** The trees of expressions that people type: formulas of laws, and filters of rows. */
import type { Span } from "../base/errors.ts";

export type BinaryOp = "+" | "-" | "*" | "/" | "^";
export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * What has a number for its value. Each node knows its place in the text, its brackets included.
 */
export type Arithmetic = Span &
  (
    | { readonly kind: "number"; readonly value: number }
    /** A name: alone, of domain i (`C[i]`), or of one domain by its name (`h["web"]`). */
    | {
        readonly kind: "name";
        readonly name: string;
        readonly of: "self" | "each" | { readonly domain: string };
      }
    | { readonly kind: "call"; readonly name: string; readonly args: readonly Arithmetic[] }
    | { readonly kind: "negate"; readonly arg: Arithmetic }
    | {
        readonly kind: "binary";
        readonly op: BinaryOp;
        readonly left: Arithmetic;
        readonly right: Arithmetic;
      }
  );

/** A name that stands for a column. */
export type ColumnName = Arithmetic & { readonly kind: "name" };

/** What can stand on a side of a comparison. */
export type Value =
  | Arithmetic
  | (Span & { readonly kind: "text"; readonly text: string })
  | (Span & { readonly kind: "truth"; readonly value: boolean });

/** What is true or false of a row. */
export type Condition = Span &
  (
    | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
    | { readonly kind: "not"; readonly arg: Condition }
    /** Of numbers; or of two columns, whatever they hold. */
    | {
        readonly kind: "compare";
        readonly op: CompareOp;
        readonly left: Arithmetic;
        readonly right: Arithmetic;
      }
    | {
        readonly kind: "compare-text";
        readonly op: CompareOp;
        readonly column: ColumnName;
        readonly text: string;
      }
    | {
        readonly kind: "compare-truth";
        readonly op: "==" | "!=";
        readonly column: ColumnName;
        readonly value: boolean;
      }
    | { readonly kind: "missing"; readonly value: Arithmetic }
  );

export type Expression = Value | Condition;

const NUMBERS: ReadonlySet<string> = new Set(["number", "name", "call", "negate", "binary"]);

/** Whether a node has a number for its value. */
export const isArithmetic = (node: Expression): node is Arithmetic => NUMBERS.has(node.kind);

/** Whether a node is true or false of a row, and no value. */
export const isCondition = (node: Expression): node is Condition =>
  !isArithmetic(node) && node.kind !== "text" && node.kind !== "truth";

/** The nodes right below a node. */
export function children(node: Arithmetic): readonly Arithmetic[];
export function children(node: Expression): readonly Expression[];
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "number":
    case "name":
    case "text":
    case "truth":
      return [];
    case "call":
      return node.args;
    case "negate":
    case "not":
      return [node.arg];
    case "compare-text":
    case "compare-truth":
      return [node.column];
    case "binary":
    case "compare":
      return [node.left, node.right];
    case "and":
    case "or":
      return node.parts;
    case "missing":
      return [node.value];
  }
}

/**
 * How many levels a tree has. Not recursive: the tree of a long sum is as deep as the sum is long.
 */
export function depthOf(tree: Expression): number {
  let level: readonly Expression[] = [tree];
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap(children);
  return depth;
}
