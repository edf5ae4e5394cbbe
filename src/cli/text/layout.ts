/** Plain-text paragraphs. */
import { harmless } from "./style.ts";
import { widthOf } from "./width.ts";

/**
 * Words in lines of at most `width`, the first after `first`, the others indented as far. A word is
 * never cut.
 */
export function wrap(text: string, width: number, first = ""): string {
  const indent = " ".repeat(widthOf(first));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of harmless(text).split(" ")) {
    if (!empty && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** Columns between items. */
const GAP = 2;

/** Items in lines of at most `width`, each line after `indent`. An item is never cut. */
export function packed(items: readonly string[], width: number, indent = ""): string {
  const lines: string[] = [];
  for (const item of items.map(harmless)) {
    const last = lines.at(-1);
    const longer = `${last ?? ""}${" ".repeat(GAP)}${item}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + item);
  }
  return lines.join("\n");
}
