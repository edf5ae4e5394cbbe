import { expect, test } from "vitest";
import { COLORED } from "../../../src/cli/text/style.ts";
import { packed, wrap, wrapFormula } from "../../../src/cli/text/layout.ts";

test("lines are broken between words, the later ones indented as far as the first begins", () => {
  expect(wrap("one two three four", 12, "note: ")).toBe(
    "note: one\n      two\n      three\n      four",
  );
  expect(wrap("网页 代码 书", 7)).toBe("网页\n代码 书");
});

test("items stand in lines, none is cut", () => {
  expect(packed(["a = 1", "b = 2", "c = 3"], 14, "  ")).toBe("  a = 1  b = 2\n  c = 3");
});

test("a name cannot send codes to the terminal", () => {
  expect(wrap("web\u001b[2J is\u0007 clear", 80)).toBe("web␛[2J is␇ clear");
  const red = `${COLORED.bad("failed")}: web\u001b[31m is red`;
  expect(wrap(red, 80)).toBe(`${COLORED.bad("failed")}: web␛[31m is red`);
});

test("a name from right to left does not turn the number behind it around", () => {
  expect(wrap("loss_עברית 9.66 %", 80)).toBe("\u200eloss_עברית\u200e 9.66 %");
});

test("a formula is not broken within brackets", () => {
  const formula = "L = E + (A + B)/N + C";
  expect(wrapFormula(formula, 12, "law  ")).toBe("law  L = E +\n     (A + B)/N\n     + C");
});
