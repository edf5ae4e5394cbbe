/** Plain-text paragraphs. */
import { harmless } from "./style.ts";
import { inPlace, widthOf, wordsOf } from "./width.ts";

/**
 * Words in lines of at most `width`, the first after `first`, the others indented as far. A word is
 * never cut.
 */
export const wrap = (text: string, width: number, first = ""): string =>
  filled(wordsOf(harmless(text)), width, first);

/** The same for a formula, which is not broken within brackets. */
export function wrapFormula(formula: string, width: number, first = ""): string {
  const words: string[] = [];
  let depth = 0;
  for (const word of harmless(formula).split(" ")) {
    if (depth > 0) words.push(`${words.pop() ?? ""} ${word}`);
    else words.push(word);
    depth += word.replaceAll(/[^([]/g, "").length - word.replaceAll(/[^)\]]/g, "").length;
  }
  return filled(words, width, first);
}

function filled(words: readonly string[], width: number, first: string): string {
  const indent = " ".repeat(widthOf(first));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words.map(inPlace)) {
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
  for (const item of items.map((text) => inPlace(harmless(text)))) {
    const last = lines.at(-1);
    const longer = `${last ?? ""}${" ".repeat(GAP)}${item}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + item);
  }
  return lines.join("\n");
}
