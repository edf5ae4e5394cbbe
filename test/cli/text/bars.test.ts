import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { type Bar, barChart } from "../../../src/cli/text/bars.ts";
import { COLORED, PLAIN } from "../../../src/cli/text/style.ts";

const bar = (name: string, value: number | null, over: Partial<Bar> = {}): Bar => ({
  name,
  label: value === null ? "?" : value.toFixed(1),
  value,
  interval: null,
  ...over,
});
/** By default there are 20 columns for bars of names of 5 letters. */
const draw = (bars: readonly Bar[], width = 38, end?: number): string[] =>
  barChart({ bars, unit: " %", ...(end === undefined ? {} : { end }) }, width, PLAIN).split("\n");

describe("a bar", () => {
  test("without an interval ends in eighths of a column, and what is not nothing is seen", () => {
    expect(draw([bar("web", 20), bar("code", 2.5), bar("books", 0.01), bar("none", 0)])).toEqual([
      "web    20.0  ████████████████████",
      "code    2.5  ██▌",
      "books   0.0  ▏",
      "none    0.0",
      "             0         10        20 %",
    ]);
  });

  test("is solid to its interval, of which what lies above the value is light", () => {
    expect(draw([bar("web", 10, { interval: [5, 15] }), bar("books", 20)])).toEqual([
      "web    10.0  █████▓▓▓▓▓░░░░░",
      "books  20.0  ████████████████████",
      "             0         10        20 %",
    ]);
  });

  test("shows an interval that does not hold its value", () => {
    const bars = [
      bar("above", 5, { interval: [10, 15] }),
      bar("below", 15, { interval: [5, 10] }),
      bar("all", 20),
    ];
    expect(draw(bars).slice(0, 2)).toEqual([
      "above   5.0  █████     ░░░░░",
      "below  15.0  █████▓▓▓▓▓█████",
    ]);
  });

  test("of what is not determined is its range alone", () => {
    expect(draw([bar("web", null, { interval: [5, 15] }), bar("books", 20)])[0]).toBe(
      "web       ?       ╌╌╌╌╌╌╌╌╌╌",
    );
  });

  test("has a mark where it is compared, and another beyond the scale", () => {
    const bars = [bar("law", 5, { mark: 10 }), bar("constant", 500, { mark: 10 })];
    expect(draw(bars, 42, 20)).toEqual([
      "law         5.0  █████     │",
      "constant  500.0  ██████████│████████»",
      "                 0         10        20 %",
    ]);
  });
});

describe("a chart", () => {
  const names = [
    "网页数据",
    "🧪 lab",
    "e\u0301tudes",
    "עברית",
    `x${"_long".repeat(40)}`,
    "a\u001b[2J",
  ];
  const bars = names.map((name, i) => bar(name, 10 * i, { interval: [8 * i, 12 * i], mark: 16 }));

  test.each([40, 60, 80, 120, 200])("has room in %i columns, bars one under the other", (width) => {
    const lines = draw(bars, width);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
    const marks = lines.slice(0, -1).map((line) => stringWidth(line.slice(0, line.indexOf("│"))));
    expect(new Set(marks).size).toBe(1);
  });

  test("is not drawn where there is no room, or nothing to draw", () => {
    expect(draw(bars, 24)).toEqual([""]);
    expect(draw([bar("web", 0)])).toEqual([""]);
  });

  test("has colors that change no column", () => {
    const colored = barChart({ bars, unit: " %" }, 80, COLORED);
    expect(colored).toContain("\u001b[36m");
    const widths = (text: string): number[] => text.split("\n").map((line) => stringWidth(line));
    expect(widths(colored)).toEqual(widths(barChart({ bars, unit: " %" }, 80, PLAIN)));
  });
});
