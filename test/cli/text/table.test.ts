import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { COLORED } from "../../../src/cli/text/style.ts";
import { fits, left, right, table } from "../../../src/cli/text/table.ts";

const linesOf = (text: string): string[] => text.split("\n");
const widest = (text: string): number => Math.max(...linesOf(text).map((l) => stringWidth(l)));

test("columns line up, groups stand under their names", () => {
  const text = table(
    [left("target"), right("N", "law"), right("loss", "law"), right("N", "other")],
    [
      ["web", "1", "2.5", "10"],
      ["a code", "200", "", "3"],
    ],
  );
  expect(linesOf(text)).toEqual([
    "             law       other",
    "target      N  loss        N",
    "──────    ─────────    ─────",
    "web         1   2.5       10",
    "a code    200              3",
  ]);
});

test("Chinese names, emoji and styled cells take the columns that a terminal gives them", () => {
  const text = table(
    [left("domain"), right("share")],
    [
      ["网页", "0.5"],
      ["コード", COLORED.bold("0.25")],
      ["🧪 lab", "0.125"],
      ["👩‍👩‍👧 kin", "0.1"],
      ["e\u0301tudes", "1"],
      ["עברית", "1"],
    ],
  );
  expect(linesOf(text).map((line) => stringWidth(line))).toEqual(linesOf(text).map(() => 13));
  expect(text).toContain("网页      0.5");
});

test("names from right to left keep what is beside them in its place", () => {
  expect(table([left("domain"), right("share")], [["עברית", "1"]])).toContain(
    "\u200eעברית\u200e       1",
  );
});

describe("a table that is wider than it may be", () => {
  const numbers = ["near-optimal %", "reference %", "tokens"].map((title) => right(title));

  test("has its headings broken first", () => {
    const text = table([left("domain"), ...numbers], [["web", "1", "2", "3"]], { width: 42 });
    expect(linesOf(text)).toEqual([
      "        near-optimal  reference",
      "domain             %          %  tokens",
      "───────────────────────────────────────",
      "web                1          2       3",
    ]);
  });

  test("then its texts, of which long words are cut", () => {
    const name = `${"long_".repeat(8)}name of a domain`;
    const text = table([left("domain"), ...numbers], [[name, "1", "2", "3"]], { width: 60 });
    expect(linesOf(text).slice(3)).toEqual([
      "long_long_long_long_long_lo             1          2       3",
      "ng_long_long_name of a",
      "domain",
    ]);
  });

  test("then it is divided into as few as possible, with the keys in each", () => {
    const headings = [left("law"), left("at"), ...["a", "b", "c"].map((t) => right(t.repeat(9)))];
    const text = table(headings, [["x", "1", "2", "3", "4"]], { width: 30, keys: 2 });
    expect(linesOf(text)).toEqual([
      "law  at  aaaaaaaaa  bbbbbbbbb",
      "─────────────────────────────",
      "x    1           2          3",
      "",
      "law  at  ccccccccc",
      "──────────────────",
      "x    1           4",
    ]);
  });

  test("keeps groups together as long as it can", () => {
    const headings = [
      left("target"),
      ...["one", "two", "three"].flatMap((law) => ["train %", "test %"].map((t) => right(t, law))),
    ];
    const draw = (width: number): string =>
      table(headings, [["web", "1", "2", "3", "4", "5", "6"]], { width });
    const names = (width: number): string[] =>
      linesOf(draw(width)).filter((line) => /one|two|three/.test(line)).map((l) => l.trim()); // prettier-ignore
    expect(names(80)).toEqual(["one                two               three"]);
    expect(names(50)).toEqual(["one                two", "three"]);
    expect(names(30)).toEqual(["one", "two", "three"]);
    for (const width of [80, 50, 30]) expect(widest(draw(width))).toBeLessThanOrEqual(width);
  });

  test.each([40, 60, 80, 120])("has room in %i columns whatever it holds", (width) => {
    const names = ["网页".repeat(30), "x".repeat(200), "a b ".repeat(40).trim(), "עברית".repeat(9)];
    const headings = [left("domain"), ...names.map((name) => right(name)), left("text")];
    const rows = names.map((name) => [name, "75.00", "70.00 … 80.00", "1", "2", name]);
    expect(widest(table(headings, rows, { width }))).toBeLessThanOrEqual(width);
  });
});

test("fits says whether a table has room in one piece", () => {
  const cells = [[left("a"), right("b")], [["web", "1"]]] as const;
  expect([5, 6, 7].map((width) => fits(...cells, width))).toEqual([false, true, true]);
});

test("a name cannot send codes to the terminal, and is as wide as it looks", () => {
  const text = table([left("domain"), right("share")], [["web\u001b[2J\u0007", "1"]]);
  expect(linesOf(text)).toEqual(["domain    share", "───────────────", "web␛[2J␇      1"]);
});
