/**
 * Plain-text tables and paragraphs. Widths are columns of a terminal: a Chinese character takes
 * two, a style none.
 */
import { itemAt } from "../../base/known.ts";
import stringWidth from "string-width";

export const padLeft = (text: string, to: number): string =>
  " ".repeat(Math.max(0, to - stringWidth(text))) + text;
export const padRight = (text: string, to: number): string =>
  text + " ".repeat(Math.max(0, to - stringWidth(text)));

/** A column of a table; numbers go to the right. */
export interface Heading {
  readonly title: string;
  readonly align: "left" | "right";
  /** Columns with the same group stand together under its name; "" is none. */
  readonly group: string;
}

/** A column of texts. */
export const left = (title: string, group = ""): Heading => ({ title, align: "left", group });

/** A column of numbers. */
export const right = (title: string, group = ""): Heading => ({ title, align: "right", group });

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
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[c] ?? ""))),
  );
  const spans = groups(headings);
  const widthOf = ({ from, to }: GroupSpan): number =>
    widths.slice(from, to).reduce((sum, w) => sum + w, 0) + GAP * (to - from - 1);
  for (const span of spans)
    widths[span.to - 1] =
      itemAt(widths, span.to - 1) + Math.max(0, stringWidth(span.name) - widthOf(span));
  const gapBefore = (c: number): string => {
    if (c === 0) return "";
    return " ".repeat(itemAt(headings, c).group === itemAt(headings, c - 1).group ? GAP : WIDE);
  };
  const line = (cells: readonly string[]): string =>
    headings
      .map(({ align }, c) => {
        const pad = align === "left" ? padRight : padLeft;
        return gapBefore(c) + pad(cells[c] ?? "", itemAt(widths, c));
      })
      .join("");
  const names = spans.map((span) => gapBefore(span.from) + center(span.name, widthOf(span)));
  const rule = spans.map((span) => gapBefore(span.from) + "─".repeat(widthOf(span)));
  return [
    ...(spans.some(({ name }) => name !== "") ? [names.join("")] : []),
    line(headings.map(({ title }) => title)),
    rule.join(""),
    ...rows.map(line),
  ]
    .map((text) => (indent + text).trimEnd())
    .join("\n");
}

/**
 * As few tables as the width allows, each with the columns of some items: `draw` makes the table of
 * a part of them.
 */
export function fewestTables<T>(
  items: readonly T[],
  draw: (part: readonly T[]) => string,
  width: number,
): string[] {
  for (let parts = 1; parts < items.length; parts++) {
    const each = Math.ceil(items.length / parts);
    const tables = Array.from({ length: Math.ceil(items.length / each) }, (_, i) =>
      draw(items.slice(i * each, (i + 1) * each)),
    );
    if (tables.every((text) => tableWidth(text) <= width)) return tables;
  }
  return items.map((item) => draw([item]));
}

/** How wide `table` makes it. */
export const tableWidth = (text: string): number =>
  Math.max(...text.split("\n").map((line) => stringWidth(line)));

/** Columns `from` up to `to` that stand under one name, which may be "". */
interface GroupSpan {
  readonly from: number;
  to: number;
  readonly name: string;
}

function groups(headings: readonly Heading[]): GroupSpan[] {
  const spans: GroupSpan[] = [];
  for (const [c, { group }] of headings.entries()) {
    const last = spans.at(-1);
    if (last !== undefined && last.name === group) last.to = c + 1;
    else spans.push({ from: c, to: c + 1, name: group });
  }
  return spans;
}

function center(text: string, to: number): string {
  const room = Math.max(0, to - stringWidth(text));
  return padRight(" ".repeat(Math.floor(room / 2)) + text, to);
}

/**
 * Words in lines of at most `width`, the first after `first`, the others indented as far. A word is
 * never cut.
 */
export function wrap(text: string, width: number, first = ""): string {
  const indent = " ".repeat(stringWidth(first));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/**
 * Items in lines of at most `width`, `GAP` apart, each line after `indent`. An item is never cut.
 */
export function packed(items: readonly string[], width: number, indent = ""): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = `${last ?? ""}${" ".repeat(GAP)}${item}`;
    if (last !== undefined && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + item);
  }
  return lines.join("\n");
}
