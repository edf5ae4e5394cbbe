import { expect, test } from "vitest";
import {
  add,
  constant,
  div,
  exp,
  input,
  log,
  mul,
  neg,
  param,
  sub,
  weight,
} from "../../src/expr/graph.ts";
import { show } from "../../src/expr/show-formula.ts";

const [a, b, c] = ["a", "b", "c"].map((name, i) => param(i, name));

test.each([
  ["a + b·c", add(a, mul(b, c))],
  ["(a + b)·c", mul(add(a, b), c)],
  ["a − (b − c)", sub(a, sub(b, c))],
  ["a − b − c", sub(sub(a, b), c)],
  ["a/(b·c)", div(a, mul(b, c))],
  ["a·b/c", div(mul(a, b), c)],
  ["exp(a + b)", exp(add(a, b))],
  ["−(a + b)", neg(add(a, b))],
  ["ln(params)·h[web]", mul(log(input("params")), weight(0, "web"))],
  ["a·-2", mul(a, constant(-2))],
])("%s", (text, node) => {
  expect(show(node).replaceAll(" - ", " − ")).toBe(text);
});

test("names override leaves", () => {
  expect(show(add(a, b), (leaf) => (leaf === a ? "α" : undefined))).toBe("α + b");
});
