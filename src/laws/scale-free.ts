/** Whether the mixture that a law likes best is the same at every scale. */
import { firstOf, lastOf } from "../base/known.ts";
import { argumentsOf, type Node, topological } from "../expr/graph.ts";
import { Interner } from "../expr/simplify.ts";
import type { BoundLaw } from "./bind.ts";

/** What a node of the loss is computed from, besides parameters. */
interface Reads {
  readonly shares: boolean;
  readonly scale: boolean;
  readonly otherInputs: boolean;
}

/** What every node reads, the arguments of a node before itself. */
function readsOf(order: readonly Node[]): ReadonlyMap<Node, Reads> {
  const reads = new Map<Node, Reads>();
  for (const node of order) {
    const below = argumentsOf(node).flatMap((argument) => reads.get(argument) ?? []);
    const isScale = node.kind === "input" && (node.name === "params" || node.name === "tokens");
    reads.set(node, {
      shares: node.kind === "weight" || below.some(({ shares }) => shares),
      scale: isScale || below.some(({ scale }) => scale),
      otherInputs:
        (node.kind === "input" && !isScale) || below.some(({ otherInputs }) => otherInputs),
    });
  }
  return reads;
}

/**
 * Whether no N and D can move the best mixture: the loss is a sum in which no term reads both the
 * shares and N or D, so that its derivatives in the shares do not depend on N and D. The same then
 * holds for every weighted sum of such losses. The graph decides, so that a typed formula says what
 * the same law of the catalog says.
 *
 * @example isScaleFree(bind(laws.additive, domains, options, units)) // true; of laws.joint false
 */
export function isScaleFree({ loss }: BoundLaw): boolean {
  const interner = new Interner();
  const simplified = interner.plain(interner.canonical(loss)); // without what fixed values cancel
  const reads = readsOf(topological([simplified]));
  const isFactor = (node: Node): boolean => {
    const { shares, scale, otherInputs } = reads.get(node) ?? NOTHING;
    return !shares && !scale && !otherInputs;
  };
  const separates = (node: Node): boolean => {
    const { shares, scale } = reads.get(node) ?? NOTHING;
    if (!shares || !scale) return true;
    if (node.kind !== "op") return false;
    const [left, right] = [firstOf(node.args), lastOf(node.args)];
    switch (node.op) {
      case "add":
      case "sub":
      case "neg":
        return node.args.every(separates);
      case "mul":
        return isFactor(left) ? separates(right) : isFactor(right) && separates(left);
      case "div":
        return isFactor(right) && separates(left);
      default:
        return false;
    }
  };
  return separates(simplified);
}

const NOTHING: Reads = { shares: false, scale: false, otherInputs: false };
