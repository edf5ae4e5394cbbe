/** Small scatter plots of braille characters, which have two dots by four in a column. */
import { itemAt } from "../../base/known.ts";
import { type Cell, painted, PLAIN, type Style } from "./style.ts";

/** A point; `isMarked` sets it apart from the others. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly isMarked: boolean;
}

/** What a plot shows, and in how many columns and lines. */
export interface Frame {
  readonly columns: number;
  /** Odd, so that 0 is in the middle of a line. */
  readonly lines: number;
  readonly x: readonly [number, number];
  /** The plot reaches from −y to y. Points beyond stand at its edge. */
  readonly y: number;
}

/** Characters of a plot, for its points and for its legend. */
export const DOTS = { usual: "⠶", marked: "○", zero: "┄" } as const;

/** Dots of a column. */
const [ACROSS, DOWN] = [2, 4];
/** Bits of a braille character's dots, by line and column; Unicode 15, chapter 21.1. */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const BRAILLE = 0x2800;

/** What stands for a point that is set apart: the color alone, where there are colors. */
export const markOf = (style: Style): string => (style === PLAIN ? DOTS.marked : DOTS.usual);

/** The lines of a plot, each of `columns`. */
export function scatter(points: readonly Point[], frame: Frame, style: Style): string[] {
  const { columns, lines, x, y } = frame;
  const dots = new Uint8Array(columns * lines);
  const marked = new Set<number>();
  const width = x[1] - x[0];
  for (const point of points) {
    const across = width > 0 ? (point.x - x[0]) / width : 0.5;
    const column = place(across, ACROSS * columns);
    const line = place((y - point.y) / (2 * y), DOWN * lines);
    const cell = Math.floor(line / DOWN) * columns + Math.floor(column / ACROSS);
    if (point.isMarked) marked.add(cell);
    dots[cell] = itemAt(dots, cell) | itemAt(itemAt(BITS, line % DOWN), column % ACROSS);
  }
  const zero = (lines - 1) / 2;
  return Array.from({ length: lines }, (_, line) =>
    painted(
      Array.from({ length: columns }, (__, column): Cell => {
        const cell = line * columns + column;
        if (marked.has(cell) && style === PLAIN) return [DOTS.marked, "mark"];
        const text = String.fromCharCode(BRAILLE + itemAt(dots, cell));
        if (dots[cell] !== 0) return [text, marked.has(cell) ? "mark" : "bar"];
        return line === zero ? [DOTS.zero, "dim"] : [" ", null];
      }),
      style,
    ),
  );
}

/** Which of `many` places a part of the way is in. */
const place = (part: number, many: number): number =>
  Math.min(many - 1, Math.max(0, Math.floor(part * many)));
