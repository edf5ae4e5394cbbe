import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { InputError } from "../../src/base/errors.ts";
import { parseFormula, type Syntax } from "../../src/syntax/formula.ts";

/** The tree as text with every bracket. */
function text(node: Syntax): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "name":
      return node.of === "self"
        ? node.name
        : `${node.name}[${node.of === "each" ? "i" : JSON.stringify(node.of.domain)}]`;
    case "call":
      return `${node.name}(${node.args.map(text).join()})`;
    case "negate":
      return `(-${text(node.arg)})`;
    case "binary":
      return `(${text(node.left)}${node.op}${text(node.right)})`;
  }
}

const parsed = (formula: string): string => text(parseFormula(formula, "the formula"));

function refused(formula: string): string {
  try {
    parseFormula(formula, "the formula");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`${formula.slice(0, 80)} was accepted`);
}

test.each([
  ["L = E + A/params^alpha", "(E+(A/(params^alpha)))"],
  ["-x^2", "(-(x^2))"],
  ["(-x)^2", "((-x)^2)"],
  ["2^-x^2", "(2^(-(x^2)))"],
  ["a^b^c", "(a^(b^c))"],
  ["a**b**c", "(a^(b^c))"],
  ["a-b-c", "((a-b)-c)"],
  ["a/b/c*d", "(((a/b)/c)*d)"],
  ["a·b − c×d", "((a*b)-(c*d))"],
  ["+a + +b", "(a+b)"],
  ["-a*b", "((-a)*b)"],
  ["1.5e-3*x + .5", "((0.0015*x)+0.5)"],
  ["sum(C[i]*h[i]^gamma[i])", "sum((C[i]*(h[i]^gamma[i])))"],
  ["h[\"web\"] + h['code'] + h[wiki]", '((h["web"]+h["code"])+h["wiki"])'],
  ["max(a, b,c)", "max(a,b,c)"],
  ["α + β₂", "(α+β₂)"],
  ["exp( (a) )", "exp(a)"],
])("%s", (formula, tree) => {
  expect(parsed(formula)).toBe(tree);
});

test("places in the text are kept", () => {
  const formula = "L = E + sum( C[i] ) / (a + b)";
  const at: string[] = [];
  const walk = (node: Syntax): void => {
    at.push(formula.slice(node.start, node.end));
    if (node.kind === "call") node.args.forEach(walk);
    if (node.kind === "binary") [node.left, node.right].forEach(walk);
  };
  walk(parseFormula(formula, "the formula"));
  expect(at).toEqual([
    "E + sum( C[i] ) / (a + b)",
    "E",
    "sum( C[i] ) / (a + b)",
    "sum( C[i] )",
    "C[i]",
    "(a + b)",
    "a",
    "b",
  ]);
});

describe("what is refused points at its place", () => {
  test.each([
    ["", /the formula is empty/],
    ["L =", /the formula is empty/],
    ["a b", /expected an operator, found "b"\n {2}a b\n {4}\^$/],
    ["a +", /expected a number, a name or a bracket\n {2}a \+\n {5}\^$/],
    ["()", /expected a number, a name or a bracket/],
    ["2x", /write \* between them/],
    ["a, b", /expected an operator, found ","/],
    ["f(a b)", /expected an operator, found "b"/],
    ["(a)(b)", /expected an operator, found "\("/],
    ["a = b = c", /one "=" at most/],
    ["a == b", /one "=" at most/],
    ["(a + b]", /"\(" is closed with "\]"/],
    ["(a + b", /this "\(" is never closed\n {2}\(a \+ b\n {2}\^$/],
    ["a + b)", /this "\)" closes nothing/],
    ["1e999", /the number is too large/],
    ["1.2.3", /unexpected period/],
    ["h[0]", /write \[i\] for every domain, or a domain's name in quotes/],
    ["a ? b : c", /unexpected "\?": a formula has numbers, names/],
    ["a; b", /unexpected ";"/],
    ["`a`", /unexpected "`"/],
    ["a => b", /unexpected ">"/],
    ["!a", /unexpected "!"/],
    ["true", /true is not allowed here/],
    ["this", /not allowed/],
    ["[1, 2]", /not allowed/],
    ["'text'", /'text' is not allowed here/],
  ])("%s", (formula, says) => {
    expect(refused(formula)).toMatch(says);
  });
});

describe("what looks like code is refused", () => {
  test.each([
    "process.exit()", "__proto__", "constructor", "a.constructor", "e.constructor('alert(1)')()", "x['constructor']['constructor']('1')()",
    "import('fs')", "require('fs')", "globalThis.process", "(() => 1)()", "function f() {}", "new Date()", "prototype", "_",
    "eval('1')", "${1}", "\\u0061", "a\u0000b",
  ])("%s", (formula) => {
    // import(…), require(…) and eval(…) are calls of functions that there are not: the next stage
    // names those that there are.
    if (/^(import|require|eval)/.test(formula)) expect(refused(formula)).toMatch(/is not allowed here/);
    else expect(refused(formula)).toMatch(/^the formula: .*\n {2}.*\n *\^+$/s);
  }); // prettier-ignore

  test.each([
    [
      "10 000 nested brackets",
      `${"(".repeat(10_000)}1${")".repeat(10_000)}`,
      /nested deeper than 50/,
    ],
    ["10 000 signs", `${"-".repeat(10_000)}1`, /characters; at most 5000/],
    ["4 000 signs", `${"-".repeat(4_000)}1`, /nested too deeply/],
    ["2 000 powers", `${"a^".repeat(2_000)}a`, /nested too deeply/],
    ["a megabyte of sums", `1${"+1".repeat(500_000)}`, /characters; at most 5000/],
  ])("%s", (_, formula, says) => {
    expect(refused(formula)).toMatch(says);
    expect(refused(formula).length).toBeLessThan(500);
  });
});

test("any text is parsed, or refused with an InputError", () => {
  const pieces = fc.constantFrom(..."L = E A alpha params tokens h [i] [ ] ( ) + - * / ^ ** , . sum( dot( exp( log( 1 0 1e5 ' \" ; __proto__ process".split(" "), " ");
  const formulas = fc.oneof(fc.string({ unit: "grapheme" }), fc.string(), fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")));
  fc.assert(
    fc.property(formulas, (formula) => {
      try {
        parseFormula(formula, "the formula");
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message).toMatch(/^the formula: [^\n]+\n {2}[^\n]*\n *\^+$/);
      }
    }),
    { numRuns: 3000 },
  );
}); // prettier-ignore
