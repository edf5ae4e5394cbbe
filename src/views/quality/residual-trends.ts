/** Where medians of residuals lie far apart: a map of variable × target. */
import { fixed, significant } from "../../base/format-number.ts";
import { labelRoom } from "../kit/labels.ts";
import { COLOR, signedColor } from "../kit/palette.ts";
import { Plot, plotted } from "../kit/plot.ts";
import type { Frame } from "../kit/view.ts";
import type { ResidualsData } from "./residuals-data.ts";

/** The deepest color on which text can be read, of 1. */
const FULL = 0.65;
/** Pixels of a cell of the map: of a column at least, and at most, and of a row. */
const CELL = { least: 17, most: 64, height: 22 } as const;
/** Rows and columns of the map that a reader can take in. */
const MOST_CELLS = 24;

const largest = (values: readonly (number | null)[]): number =>
  Math.max(0, ...values.map((value) => value ?? 0));

/** Places of the largest values, at most so many, in order. */
export const placesOfLargest = (values: readonly number[], most: number): number[] =>
  [...values.keys()]
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    .slice(0, most)
    .sort((a, b) => a - b);

/** By target, how much farther its medians lie apart than by chance, at most. */
export const tellings = ({ targets, trends }: ResidualsData): number[] =>
  targets.map((_, t) => largest(trends.map(({ spread, chance }) => (spread[t] ?? 0) - chance)));

/** What of the map is drawn where there is little room: where medians lie farthest apart. */
export function mapped(data: ResidualsData, width: number): { rows: number[]; columns: number[] } {
  const spreads = data.trends.map(({ spread, chance }) => largest(spread) - chance);
  const most = Math.min(MOST_CELLS, Math.floor((0.6 * width) / CELL.least));
  return {
    rows: placesOfLargest(spreads, MOST_CELLS),
    columns: placesOfLargest(tellings(data), most),
  };
}

/** Variable × target: how far medians lie apart. */
export function drawTrends(data: ResidualsData, frame: Frame): Element {
  const { targets, trends } = data;
  const { rows, columns } = mapped(data, frame.width);
  const variables = rows.map((row) => trends[row]?.name ?? "");
  const shown = columns.map((column) => targets[column] ?? "");
  const room = labelRoom(variables, frame.width, 0.3);
  const names = labelRoom(shown, 640, 0.2);
  const cells = rows.flatMap((row) =>
    columns.map((column) => ({
      name: trends[row]?.name ?? "",
      target: targets[column] ?? "",
      spread: trends[row]?.spread[column] ?? null,
      chance: trends[row]?.chance ?? 0,
    })),
  );
  type Cell = (typeof cells)[number];
  const excess = ({ spread, chance }: Cell): number => Math.max(0, (spread ?? 0) - chance);
  const most = Math.max(1, largest(cells.map(excess)));
  const beside = room.pixels + 6 + names.pixels / 2;
  const width = Math.min(frame.width, beside + CELL.most * shown.length);
  const isWide = (width - beside) / shown.length >= 20;
  const told = cells.filter(({ spread }) => isWide && spread !== null);
  return plotted(frame, "How far medians of residuals lie apart, by variable and target", {
    height: rows.length * CELL.height + names.pixels + 12,
    width,
    marginLeft: room.pixels + 6,
    marginTop: names.pixels,
    marginRight: names.pixels / 2,
    marginBottom: 4,
    x: { domain: shown, axis: null, padding: 0.06 },
    y: { domain: variables, label: null, tickFormat: room.label, tickSize: 0, padding: 0.06 },
    marks: [
      Plot.cell(cells, {
        x: "target",
        y: "name",
        fill: (cell: Cell) => signedColor((FULL * excess(cell)) / most),
        title: ({ name, target, spread }: Cell) =>
          `${target}, ${name}: ${spread === null ? "does not vary" : significant(spread, 2)}`,
      }),
      Plot.text(shown, { x: (name: string) => name, text: names.label, frameAnchor: "top", textAnchor: "start", rotate: -60, dy: -6, fill: COLOR.ink }), // prettier-ignore
      Plot.text(told, { x: "target", y: "name", text: ({ spread }: Cell) => fixed(spread ?? 0, 1), fill: COLOR.ink }), // prettier-ignore
    ],
  });
}
