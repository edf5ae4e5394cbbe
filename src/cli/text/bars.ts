/** Bars with intervals, drawn with block characters. */
import { significant } from "../../base/format-number.ts";
import { type Cell, harmless, painted, type Style } from "./style.ts";
import { padLeft, padRight, shortened, widthOf } from "./width.ts";

/** A line of a chart. Numbers are 0 or more, in the chart's unit. */
export interface Bar {
  readonly name: string;
  /** The value as text. */
  readonly label: string;
  /** Null where it is not determined: then the interval alone is drawn. */
  readonly value: number | null;
  /** Where it may lie; null where that is not known. */
  readonly interval: readonly [number, number] | null;
  /** What it is compared with. */
  readonly mark?: number;
}

export interface BarChart {
  readonly bars: readonly Bar[];
  /** What stands after the last number of the scale: " %". */
  readonly unit: string;
  /** The end of the scale, where bars may go beyond it. */
  readonly end?: number;
}

/** Characters of a chart, for its bars and for its legend. */
export const BLOCKS = {
  /** The bar up to the interval. */
  sure: "█",
  /** Of the interval, what lies below the value. */
  below: "▓",
  /** And what lies above. */
  above: "░",
  /** The interval of what is not determined. */
  open: "╌",
  mark: "│",
  beyond: "»",
} as const;

/** Parts of a block, by eighths. */
const EIGHTHS = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", BLOCKS.sure];

/** Columns of the bars, and of the last number of the scale beyond them. */
const ROOM = { least: 12, most: 60, beyond: 5 } as const;
const GAP = "  ";

/**
 * A line a bar: its name, its number, the bar; the scale below. Nothing where there is no room for
 * it.
 *
 * @example
 *   const web = { name: "web", label: "75.0", value: 75, interval: [70, 80] };
 *   barChart({ bars: [web], unit: " %" }, 60, style);
 */
export function barChart({ bars, unit, end = 0 }: BarChart, width: number, style: Style): string {
  const names = bars.map(({ name }) => shortened(harmless(name), Math.floor(width / 3)));
  const nameWidth = Math.max(...names.map(widthOf));
  const labelWidth = Math.max(...bars.map(({ label }) => widthOf(label)));
  const before = nameWidth + labelWidth + 2 * GAP.length;
  const columns = Math.min(ROOM.most, width - before - ROOM.beyond);
  const top = end > 0 ? end : Math.max(...bars.flatMap(numbersOf));
  if (columns < ROOM.least || !(top > 0) || !Number.isFinite(top)) return "";
  const lines = bars.map((bar, i) =>
    [
      padRight(names[i] ?? "", nameWidth),
      padLeft(bar.value === null ? style.warn(bar.label) : bar.label, labelWidth),
      drawBar(bar, columns / top, columns, style),
    ].join(GAP),
  );
  const scale = " ".repeat(before) + style.dim(scaleLine(top, columns, unit));
  return [...lines.map((line) => line.trimEnd()), scale].join("\n");
}

const numbersOf = ({ value, interval, mark }: Bar): number[] => [
  value ?? 0,
  ...(interval ?? []),
  mark ?? 0,
];

const BLANK: Cell = [" ", null];

/** A bar in `columns`, of which each stands for 1/`perUnit`. */
function drawBar(bar: Bar, perUnit: number, columns: number, style: Style): string {
  const cells = Array.from({ length: columns }, (_, i) => cellAt(bar, perUnit, i));
  if (bar.mark !== undefined) {
    const at = Math.min(columns - 1, Math.floor(bar.mark * perUnit));
    cells[at] = [BLOCKS.mark, "mark"];
  }
  if ((bar.value ?? 0) * perUnit > columns + 1e-6) cells[columns - 1] = [BLOCKS.beyond, "bar"];
  return painted(cells, style);
}

/** What stands in a column, by where its middle is; a bar without interval ends in eighths. */
function cellAt({ value, interval }: Bar, perUnit: number, i: number): Cell {
  const middle = (i + 0.5) / perUnit;
  const [low, high] = interval ?? [0, 0];
  // An interval of a column or more holds the middle of one.
  const isSeen = (high - low) * perUnit >= 1;
  const isWithin = isSeen && middle >= low && middle < high;
  if (value === null) return isWithin ? [BLOCKS.open, "warn"] : BLANK;
  if (isWithin) return [middle < value ? BLOCKS.below : BLOCKS.above, "bar"];
  if (isSeen) return middle < value ? [BLOCKS.sure, "bar"] : BLANK;
  const eighths = Math.min(8, Math.max(0, Math.round(8 * (value * perUnit - i))));
  const least = i === 0 && value > 0 ? 1 : 0;
  const part = EIGHTHS[Math.max(eighths, least) - 1];
  return part === undefined ? BLANK : [part, "bar"];
}

/** Columns from one number of the scale to the next, at least. */
const TICK = 9;

/** Round numbers from 0, each where it begins. */
function scaleLine(top: number, columns: number, unit: string): string {
  const step = roundStep((top * TICK) / columns);
  let line = "";
  for (let tick = 0; tick <= top * (1 + 1e-9); tick += step) {
    const at = Math.round((tick / top) * columns);
    const isLast = tick + step > top * (1 + 1e-9);
    line = line.padEnd(at) + significant(tick, 6) + (isLast ? unit : "");
  }
  return line;
}

/** The least of 1, 2, 5 × 10ⁿ that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10);
}
