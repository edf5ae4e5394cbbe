/**
 * Which coordinates a law is linear in, the others given. They need no random starts: the best ones
 * follow from least squares (variable projection; Golub & Pereyra 1973).
 */
import { gradient } from "../../expr/derivatives.ts";
import { type Node, topological } from "../../expr/graph.ts";
import { Interner } from "../../expr/simplify.ts";
import type { BoundLaw } from "../../laws/bind.ts";

/** A coordinate that the law is linear in. */
export interface LinearCoordinate {
  readonly index: number;
  /** Whether it is the logarithm of what the law is linear in. */
  readonly logarithm: boolean;
}

/**
 * Coordinates that the law is linear in at once, as many as are found; none whose start range the
 * user has given. Where two multiply each other (a and c of a·(x − c)) only one is among them.
 *
 * @example linearCoordinates(bind(lawFromFormula("a + b*exp(-x/c)"), …)) // a and b
 */
export function linearCoordinates({ loss, coordinates }: BoundLaw): LinearCoordinate[] {
  const interner = new Interner();
  const root = interner.canonical(loss);
  const leaves = topological([root]).filter((node) => node.kind === "param");
  const slopes = gradient(root, leaves, interner).map((slope) => interner.plain(slope));
  const open = leaves.flatMap((leaf, n): (LinearCoordinate & { readonly slope: Node })[] => {
    const { spec } = coordinates[leaf.index];
    if (spec.startKind === "given") return [];
    const { index } = leaf;
    const slope = slopes[n];
    if (!reads(slope, index)) return [{ index, logarithm: false, slope }];
    // Of u = ln A, with the law linear in A, the slope A·∂/∂A is its own derivative.
    const again = interner.plain(gradient(slope, [leaf], interner)[0]);
    return again === slope ? [{ index, logarithm: true, slope }] : [];
  });
  const clash = (a: (typeof open)[number], b: (typeof open)[number]): boolean =>
    a !== b && (reads(a.slope, b.index) || reads(b.slope, a.index));
  const clashes = (a: (typeof open)[number]): number => open.filter((b) => clash(a, b)).length;
  const chosen: (typeof open)[number][] = [];
  for (const next of open.toSorted((a, b) => clashes(a) - clashes(b)))
    if (!chosen.some((other) => clash(next, other))) chosen.push(next);
  return chosen
    .map(({ index, logarithm }) => ({ index, logarithm }))
    .sort((a, b) => a.index - b.index);
}

/** Whether a node depends on a coordinate. */
const reads = (node: Node, index: number): boolean =>
  topological([node]).some((leaf) => leaf.kind === "param" && leaf.index === index);
