import { describe, expect, test } from "vitest";
import { unroll } from "../../src/gpu/unroll.ts";

/** Lines without indentation. */
const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const loop = (bounds: string, body: string, name = "i"): string =>
  `/*unroll*/ for (var ${name} = ${bounds.replace("..", `; ${name} < `)}; ${name}++) {\n  ${body}\n}`;

describe("unroll", () => {
  test("a marked loop is written out, with unsigned literals", () => {
    expect(lines(unroll(`before();\n${loop("0u..3u", "a[i] = b[i];")}\nafter();`, {}))).toEqual([
      "before();", "a[0u] = b[0u];", "a[1u] = b[1u];", "a[2u] = b[2u];", "after();",
    ]); // prettier-ignore
  });

  test("loops without the mark stay", () => {
    const source = "for (var i = 0u; i < P; i++) {\n  a[i] = 1.0;\n}";
    expect(unroll(source, { P: 3 })).toBe(source);
  });

  test("bounds are computed from numbers and constants", () => {
    expect(lines(unroll(loop("1u + 1u..P - 1u", "f(i);"), { P: 5 }))).toEqual(["f(2u);", "f(3u);"]);
    expect(lines(unroll(loop("0u..T + P", "f(i);"), { P: 1, T: 2 }))).toEqual([
      "f(0u);",
      "f(1u);",
      "f(2u);",
    ]);
    expect(lines(unroll(loop("P - 1u..2u * (P + 3u) / 4u", "f(i);"), { P: 2 }))).toEqual([
      "f(1u);",
    ]);
    expect(lines(unroll(loop("P..P", "f(i);"), { P: 4 }))).toEqual([]);
    expect(lines(unroll(loop("3u..1u", "f(i);"), {}))).toEqual([]);
  });

  test("nested loops see the outer variable in their bounds", () => {
    const source = loop("0u..3u", loop("0u..i + 1u", "f(i, j);", "j"));
    expect(lines(unroll(source, {}))).toEqual([
      "f(0u, 0u);",
      "f(1u, 0u);",
      "f(1u, 1u);",
      "f(2u, 0u);",
      "f(2u, 1u);",
      "f(2u, 2u);",
    ]);
  });

  test("a triangle, from outside in", () => {
    const source = loop("0u..2u", `row(i);\n${loop("i + 1u..2u", "g(i, k);", "k")}\nend(i);`);
    expect(lines(unroll(source, {}))).toEqual([
      "row(0u);",
      "g(0u, 1u);",
      "end(0u);",
      "row(1u);",
      "end(1u);",
    ]);
  });

  test("a loop that is not marked may hold and be held by marked ones", () => {
    const source = `for (var n = 0u; n < 9u; n++) {\n${loop("0u..2u", "f(n, i);")}\n}`;
    expect(lines(unroll(source, {}))).toEqual([
      "for (var n = 0u; n < 9u; n++) {",
      "f(n, 0u);",
      "f(n, 1u);",
      "}",
    ]);
    const inner = loop("0u..2u", "for (var n = 0u; n < 9u; n++) {\nf(n, i);\n}");
    expect(lines(unroll(inner, {})).filter((line) => line.startsWith("f("))).toEqual([
      "f(n, 0u);",
      "f(n, 1u);",
    ]);
  });

  test("bodies that declare names get a block each", () => {
    const braces = (body: string): number =>
      lines(unroll(loop("0u..2u", body), {})).filter((line) => line === "{").length;
    expect(braces("let x = a[i];\n f(x);")).toBe(2);
    expect(braces("var x = a[i];\n f(x);")).toBe(2);
    expect(braces("f(letter[i], variance[i]);")).toBe(0);
  });

  test("only whole words are replaced", () => {
    expect(lines(unroll(loop("0u..1u", "is[i] = in_i + i1 + min(i, 2u);"), {}))).toEqual([
      "is[0u] = in_i + i1 + min(0u, 2u);",
    ]);
  });

  test("indices that are numbers are computed, and nothing is added to others", () => {
    const source = loop(
      "0u..2u",
      "a[2u * (i + 3u) / 2u] = b[n + i] + c[P + 2u * i] + f(n + i, 3);",
    );
    expect(lines(unroll(source, { P: 9 }))).toEqual([
      "a[3u] = b[n] + c[P + 2u * 0u] + f(n, 3);",
      "a[4u] = b[n + 1u] + c[P + 2u * 1u] + f(n + 1u, 3);",
    ]);
  });

  test("what cannot be unrolled is an error", () => {
    expect(() => unroll(loop("0u..Q", "f(i);"), { P: 3 })).toThrow(/"Q" is not a whole number/);
    for (const bound of ["2u % P", "2u * (P", "P P", "1.5", "-P"])
      expect(() => unroll(loop(`0u..${bound}`, "f(i);"), { P: 3 })).toThrow(/cannot unroll/);
    expect(() => unroll("/*unroll*/ for (var i = 0u; i < 2u; i++) {\n f(i);", {})).toThrow(
      /unbalanced/,
    );
  });
});
