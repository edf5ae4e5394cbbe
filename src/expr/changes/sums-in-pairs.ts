/**
 * Long sums as trees. `sum` of graph.ts adds term by term, so that half of its additions follow a
 * term; in pairs, pairs of pairs and so on, a term is few additions away from the sum. It rounds
 * otherwise than the sum that it stands for.
 */
import { add, argumentsOf, type Node, sub, topological } from "../graph.ts";

/** The expression with its long sums in pairs. */
export function inPairs(root: Node): Node {
  const order = topological([root]);
  const parts = partsOfSums(order);
  const replaced = new Map<Node, Node>();
  const get = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of order) {
    if (parts.has(node)) continue;
    if (isSum(node)) replaced.set(node, sumOf(termsOf(node, parts), get));
    else if (node.kind === "op") replaced.set(node, { ...node, args: node.args.map(get) });
    else if (node.kind === "known") replaced.set(node, get(node.value));
  }
  return get(root);
}

const isSum = (node: Node): boolean =>
  node.kind === "op" && (node.op === "add" || node.op === "sub" || node.op === "neg");

/** Sums that are read once, by a sum. */
function partsOfSums(order: readonly Node[]): Set<Node> {
  const readers = new Map<Node, Node[]>();
  for (const node of order)
    for (const arg of node.kind === "op" ? node.args : [])
      readers.set(arg, [...(readers.get(arg) ?? []), node]);
  const isPart = (node: Node): boolean => {
    const [only, ...more] = readers.get(node) ?? [];
    return isSum(node) && only !== undefined && isSum(only) && more.length === 0;
  };
  return new Set(order.filter(isPart));
}

/** What a sum adds, and what it takes away. */
interface Terms {
  readonly added: Node[];
  readonly taken: Node[];
}

function termsOf(sum: Node, parts: ReadonlySet<Node>): Terms {
  const terms: Terms = { added: [], taken: [] };
  const rest: { readonly node: Node; readonly isAdded: boolean }[] = [{ node: sum, isAdded: true }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { node, isAdded } = next;
    if (isSum(node) && (node === sum || parts.has(node))) {
      const args = argumentsOf(node);
      const isLastTaken = node.kind === "op" && node.op !== "add";
      for (const [i, arg] of args.entries())
        rest.push({
          node: arg,
          isAdded: isLastTaken && i === args.length - 1 ? !isAdded : isAdded,
        });
    } else (isAdded ? terms.added : terms.taken).push(node);
  }
  return terms;
}

function sumOf({ added, taken }: Terms, get: (node: Node) => Node): Node {
  const [plus, minus] = [added, taken].map((terms) => paired(terms.map(get)));
  if (minus === undefined) return plus ?? { kind: "const", value: 0 };
  return sub(plus ?? 0, minus);
}

/** Undefined where there are no terms. */
function paired(terms: readonly Node[]): Node | undefined {
  let level = terms;
  while (level.length > 1) {
    const before = level;
    level = before.flatMap((node, i) => {
      if (i % 2 === 1) return [];
      const next = before[i + 1];
      return [next === undefined ? node : add(node, next)];
    });
  }
  return level[0];
}
