/** A formula for people, with no more parentheses than it needs. */
import { type Node } from "./graph.ts";
import { OPS } from "./operators.ts";

/** Parts that are shown at most; the others are dots. */
const LONGEST = 200;

/**
 * The readable text of an expression as it was written (pass the graph before simplification).
 * `names` overrides a leaf's text.
 */
export function show(
  root: Node,
  names: (leaf: Node) => string | undefined = () => undefined,
): string {
  let shown = 0;
  const text = (node: Node): { s: string; binds: number } => {
    // A graph shares its parts, which the text repeats.
    if ((shown += 1) > LONGEST) return { s: "…", binds: 4 };
    const given = names(node);
    if (given !== undefined) return { s: given, binds: 4 };
    switch (node.kind) {
      case "const":
        return { s: String(node.value), binds: node.value < 0 ? 3 : 4 };
      case "param":
        return { s: node.name, binds: 4 };
      case "weight":
        return { s: `h[${node.name}]`, binds: 4 };
      case "input":
        return { s: node.name, binds: 4 };
      case "known":
        return text(node.value);
      case "op": {
        const row = OPS[node.op];
        const needs = (position: number): number => {
          if (row.binds === 4) return 0;
          // The right side of − and / must bind tighter: a − (b − c).
          return row.binds + (position === 1 && (node.op === "sub" || node.op === "div") ? 1 : 0);
        };
        const parts = node.args.map((a, i) => {
          const inner = text(a);
          return inner.binds < needs(i) ? `(${inner.s})` : inner.s;
        });
        return { s: row.show(parts[0] ?? "", parts[1] ?? ""), binds: row.binds };
      }
    }
  };
  return text(root).s;
}
