import { styleText } from "node:util";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { type Heading, table, tableWidth, wrap } from "../../../src/cli/text/layout.ts";

const left = (title: string, group?: string): Heading => ({
  title,
  align: "left",
  ...(group === undefined ? {} : { group }),
});
const right = (title: string, group?: string): Heading => ({
  ...left(title, group),
  align: "right",
});

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
