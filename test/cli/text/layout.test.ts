import { styleText } from "node:util";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import {
  fewestTables,
  left,
  right,
  table,
  tableWidth,
  wrap,
} from "../../../src/cli/text/layout.ts";

test("columns line up, groups stand under their names", () => {
  const text = table(
    [left("target"), right("N", "law"), right("loss", "law"), right("N", "other")],
    [
      ["web", "1", "2.5", "10"],
      ["a code", "200", "", "3"],
    ],
  );
  expect(text.split("\n")).toEqual([
    "             law       other",
    "target      N  loss        N",
    "──────    ─────────    ─────",
    "web         1   2.5       10",
    "a code    200              3",
  ]);
});

test("Chinese names, emoji and styled cells take the columns that a terminal gives them", () => {
  const bold = styleText("bold", "0.25", { validateStream: false });
  const text = table(
    [left("domain"), right("share")],
    [
      ["网页", "0.5"],
      ["コード", bold],
      ["🧪 lab", "0.125"],
      ["e\u0301tudes", "1"],
    ],
  );
  expect(text.split("\n").map((line) => stringWidth(line))).toEqual([13, 13, 13, 13, 13, 13]);
  expect(text).toContain("网页      0.5");
  expect(tableWidth(text)).toBe(13);
});

test("lines are broken between words, the later ones indented as far as the first begins", () => {
  expect(wrap("one two three four", 12, "note: ")).toBe(
    "note: one\n      two\n      three\n      four",
  );
  expect(wrap("网页 代码 书", 7)).toBe("网页\n代码 书");
});

test("as few tables as the width allows", () => {
  const draw = (names: readonly string[]): string =>
    table(
      names.map((name) => left(name)),
      [],
    );
  const names = ["one", "two", "three", "four", "five"];
  const firstLines = (width: number): string[] =>
    fewestTables(names, draw, width).map((text) => text.split("\n")[0]);
  expect(firstLines(80)).toEqual(["one  two  three  four  five"]);
  expect(firstLines(20)).toEqual(["one  two  three", "four  five"]);
  expect(firstLines(3)).toEqual(names);
});
