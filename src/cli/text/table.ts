/** Plain-text tables that fit a width. */
import { itemAt } from "../../base/known.ts";
import { eachStyled, harmless } from "./style.ts";
import { center, linesOf, padLeft, padRight, widthOf, wordsOf } from "./width.ts";

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

export interface TableLayout {
  /** Columns that there are. Without it a table is as wide as it is. */
  readonly width?: number;
  readonly indent?: string;
  /** Columns that say what a row is: they stand in every part of a table that is divided. */
  readonly keys?: number;
}

/** A heading with its cells. */
interface Column extends Heading {
  readonly cells: readonly string[];
}

const GAP = 2;
/** Between groups. */
const WIDE = 4;
/** A text that must be narrower is made no narrower than this, if there is room. */
const leastText = (room: number): number => Math.min(24, Math.floor(0.45 * room));

/**
 * A table with a rule under its heading. A column of empty cells takes its place all the same.
 *
 * Where the width does not suffice, headings are broken between words, then texts; then the table
 * is divided into as few as possible, one under the other, groups of columns together. A table with
 * groups is divided before its headings are broken.
 */
export function table(
  headings: readonly Heading[],
  rows: readonly (readonly string[])[],
  { width = Infinity, indent = "", keys = 1 }: TableLayout = {},
): string {
  const columns = headings.map(({ title, align, group }, c): Column => ({
    title: harmless(title),
    align,
    group: harmless(group),
    cells: rows.map((row) => harmless(row[c] ?? "")),
  }));
  const room = width - widthOf(indent);
  return divided(columns, keys, room)
    .map((part) =>
      draw(part, narrowed(part, room))
        .map((line) => (indent + line).trimEnd())
        .join("\n"),
    )
    .join("\n\n");
}

/** Whether a table has room in one piece, as it is. */
export const fits = (
  headings: readonly Heading[],
  rows: readonly (readonly string[])[],
  width: number,
): boolean =>
  table(headings, rows)
    .split("\n")
    .every((line) => widthOf(line) <= width);

/** What of columns is broken; the widths are then the least that there may be. */
interface Breaks {
  readonly titles: boolean;
  readonly texts: boolean;
}
const NONE: Breaks = { titles: false, texts: false };
const TITLES: Breaks = { titles: true, texts: false };
const TEXTS: Breaks = { titles: false, texts: true };
const BOTH: Breaks = { titles: true, texts: true };

const isGrouped = (columns: readonly Column[]): boolean =>
  columns.some(({ group }) => group !== "");

/** In which order things are broken before a table is divided further. */
const breaksOf = (columns: readonly Column[]): readonly Breaks[] =>
  isGrouped(columns) ? [NONE, TEXTS] : [NONE, TITLES, BOTH];

/**
 * The parts of a table, each with the columns of its keys: as few as there can be, and of those the
 * ones whose widest is the narrowest.
 */
function divided(columns: readonly Column[], keys: number, room: number): Column[][] {
  const key = columns.slice(0, keys);
  const hasRoom = (part: readonly Column[], some: readonly Breaks[], bound = room): boolean =>
    some.some((breaks) => total(part, widths(part, breaks, room)) <= bound);
  const spans = spansOf(columns.slice(keys)).map(({ columns: some }) => some);
  const together = isGrouped(columns) && spans.every((span) => hasRoom([...key, ...span], [BOTH]));
  const items = together ? spans : columns.slice(keys).map((column) => [column]);
  /** Parts that take what follows as long as they are within the bound. */
  const packed = (bound: number): Column[][] => {
    const parts: Column[][] = [];
    for (const item of items) {
      const longer = [...(parts.at(-1) ?? key), ...item];
      if (parts.length > 0 && hasRoom(longer, breaksOf(columns), bound))
        parts[parts.length - 1] = longer; // prettier-ignore
      else parts.push([...key, ...item]);
    }
    return parts;
  };
  if (items.length === 0 || hasRoom(columns, breaksOf(columns))) return [[...columns]];
  const fewest = packed(room).length;
  let least = room;
  while (least > 1 && packed(least - 1).length === fewest) least--;
  return packed(least);
}

/** The widths at which least is broken. */
function narrowed(part: readonly Column[], room: number): number[] {
  const tries = [...breaksOf(part), BOTH].map((breaks) => widths(part, breaks, room));
  return tries.find((each) => total(part, each) <= room) ?? itemAt(tries, tries.length - 1);
}

const greatest = (numbers: readonly number[]): number => Math.max(0, ...numbers);

/** A longer word is cut. */
const longestWord = (text: string, room: number): number =>
  Math.min(leastText(room), greatest(wordsOf(text).map(widthOf)));

/** The width of each column; the last one of a group is widened for the group's name. */
function widths(columns: readonly Column[], breaks: Breaks, room: number): number[] {
  const each = columns.map(({ title, cells }) =>
    Math.max(
      breaks.titles ? longestWord(title, room) : widthOf(title),
      greatest(cells.map(widthOf)),
    ),
  );
  if (breaks.texts) narrowTexts(columns, each, room);
  for (const span of spansOf(columns)) {
    const name = breaks.titles ? longestWord(span.name, room) : widthOf(span.name);
    const last = span.from + span.columns.length - 1;
    each[last] = itemAt(each, last) + Math.max(0, name - spanWidth(span, each));
  }
  return each;
}

/** Takes columns of the widest text columns until there is room, or they are at their least. */
function narrowTexts(columns: readonly Column[], each: number[], room: number): void {
  const texts = [...columns.keys()].filter((c) => itemAt(columns, c).align === "left");
  for (let excess = total(columns, each) - room; excess > 0; excess--) {
    const widest = texts.toSorted((a, b) => itemAt(each, b) - itemAt(each, a))[0];
    if (widest === undefined || itemAt(each, widest) <= leastText(room)) return;
    each[widest] = itemAt(each, widest) - 1;
  }
}

/** Columns that stand under one name, which may be "". */
interface Span {
  readonly from: number;
  readonly columns: Column[];
  readonly name: string;
}

function spansOf(columns: readonly Column[]): Span[] {
  const spans: Span[] = [];
  for (const [from, column] of columns.entries()) {
    const last = spans.at(-1);
    if (last !== undefined && last.name === column.group) last.columns.push(column);
    else spans.push({ from, columns: [column], name: column.group });
  }
  return spans;
}

const spanWidth = ({ from, columns }: Span, each: readonly number[]): number =>
  each.slice(from, from + columns.length).reduce((sum, w) => sum + w, 0) +
  GAP * (columns.length - 1);

const total = (columns: readonly Column[], each: readonly number[]): number => {
  const spans = spansOf(columns);
  return spans.reduce((sum, span) => sum + spanWidth(span, each), WIDE * (spans.length - 1));
};

/** The lines of a table with columns of given widths. */
function draw(columns: readonly Column[], each: readonly number[]): string[] {
  const spans = spansOf(columns);
  const starts = new Set(spans.map(({ from }) => from));
  const gap = (c: number): string => (c === 0 ? "" : " ".repeat(starts.has(c) ? WIDE : GAP));
  /** As many lines as the cell with the most has; `up`: the others stand at the bottom. */
  const line = (cells: readonly string[], up = false): string[] => {
    const broken = cells.map((cell, c) =>
      eachStyled(cell, (inner) => linesOf(inner, itemAt(each, c))),
    );
    const height = Math.max(...broken.map(({ length }) => length));
    return Array.from({ length: height }, (_, i) =>
      columns
        .map(({ align }, c) => {
          const parts = itemAt(broken, c);
          const text = parts[up ? i - height + parts.length : i] ?? "";
          return gap(c) + (align === "left" ? padRight : padLeft)(text, itemAt(each, c));
        })
        .join(""),
    );
  };
  return [
    ...nameLines(spans, each, gap),
    ...line(
      columns.map(({ title }) => title),
      true,
    ),
    spans.map((span) => gap(span.from) + "─".repeat(spanWidth(span, each))).join(""),
    ...[...(columns[0]?.cells.keys() ?? [])].flatMap((row) =>
      line(columns.map(({ cells }) => itemAt(cells, row))),
    ),
  ];
}

/** The names of groups, each over its columns; none where there are none. */
function nameLines(
  spans: readonly Span[],
  each: readonly number[],
  gap: (c: number) => string,
): string[] {
  if (spans.every(({ name }) => name === "")) return [];
  const names = spans.map((span) => linesOf(span.name, spanWidth(span, each)));
  const height = Math.max(...names.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) =>
    spans
      .map((span, s) => {
        const lines = itemAt(names, s);
        const text = lines[i - height + lines.length] ?? "";
        return gap(span.from) + center(text, spanWidth(span, each));
      })
      .join(""),
  );
}
