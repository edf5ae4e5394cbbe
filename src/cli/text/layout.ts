/** Plain-text tables and paragraphs. */

/** How many columns a text takes on a terminal: code points, without the styles. */
export const length = (text: string): number =>
  // oxlint-disable-next-line no-control-regex -- the escape character is what a style begins with
  Array.from(text.replaceAll(/\u001b\[\d+m/g, "")).length;

export const padLeft = (text: string, to: number): string =>
  " ".repeat(Math.max(0, to - length(text))) + text;
export const padRight = (text: string, to: number): string =>
  text + " ".repeat(Math.max(0, to - length(text)));

/** A column of a table; numbers go to the right. */
export interface Heading {
  readonly title: string;
  readonly align: "left" | "right";
  /** Columns with the same group stand together under its name. */
  readonly group?: string;
}

const GAP = 2;
/** Between groups. */
const WIDE = 4;

/** A table with a rule under its heading. A column of empty cells takes its place all the same. */
export function table(
  headings: readonly Heading[],
  rows: readonly (readonly string[])[],
  indent = "",
): string {
  const widths = headings.map(({ title }, c) =>
    Math.max(length(title), ...rows.map((row) => length(row[c] ?? ""))),
  );
  const spans = groups(headings);
  for (const { from, to, name } of spans) {
    const last = to - 1;
    const have = widths.slice(from, to).reduce((sum, w) => sum + w, 0) + GAP * (to - from - 1);
    widths[last] += Math.max(0, length(name) - have);
  }
  const gapBefore = (c: number): string => {
    if (c === 0) return "";
    return " ".repeat(headings[c].group === headings[c - 1].group ? GAP : WIDE);
  };
  const line = (cells: readonly string[]): string => {
    const padded = headings.map(
      ({ align }, c) =>
        gapBefore(c) + (align === "left" ? padRight : padLeft)(cells[c] ?? "", widths[c]),
    );
    return (indent + padded.join("")).trimEnd();
  };
  const grouped = spans.map(({ from, to, name }) => {
    const inner = widths.slice(from, to).reduce((sum, w) => sum + w, 0) + GAP * (to - from - 1);
    return gapBefore(from) + (name === "" ? " ".repeat(inner) : center(name, inner));
  });
  const rule = spans.map(({ from, to }) => {
    const inner = widths.slice(from, to).reduce((sum, w) => sum + w, 0) + GAP * (to - from - 1);
    return gapBefore(from) + "─".repeat(inner);
  });
  const top = spans.some(({ name }) => name !== "") ? [(indent + grouped.join("")).trimEnd()] : [];
  return [
    ...top,
    line(headings.map(({ title }) => title)),
    indent + rule.join(""),
    ...rows.map(line),
  ].join("\n");
}

/** How wide `table` makes it. */
export const tableWidth = (text: string): number => Math.max(...text.split("\n").map(length));

function groups(headings: readonly Heading[]): { from: number; to: number; name: string }[] {
  const spans: { from: number; to: number; name: string }[] = [];
  for (const [c, { group = "" }] of headings.entries()) {
    const last = spans.at(-1);
    if (last !== undefined && last.name === group) last.to = c + 1;
    else spans.push({ from: c, to: c + 1, name: group });
  }
  return spans;
}

function center(text: string, to: number): string {
  const room = Math.max(0, to - length(text));
  return padRight(" ".repeat(Math.floor(room / 2)) + text, to);
}

/**
 * Words in lines of at most `width`, the first after `first`, the others indented as far. A word is
 * never cut.
 */
export function wrap(text: string, width: number, first = ""): string {
  const indent = " ".repeat(length(first));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}
