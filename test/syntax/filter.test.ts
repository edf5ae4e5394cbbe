import { describe, expect, test } from "vitest";
import { InputError, pointAt } from "../../src/base/errors.ts";
import { parseFilter } from "../../src/syntax/filter.ts";
import type { Fail } from "../../src/syntax/tokens.ts";
import type { Arithmetic, Condition } from "../../src/syntax/tree.ts";
import { fc } from "../support/property.ts";

const parse = (text: string): Condition => {
  const fail: Fail = (problem, at) => new InputError(`${problem}\n${pointAt(text, at)}`);
  return parseFilter(text, fail);
};

function number(node: Arithmetic): string {
  if (node.kind === "number") return String(node.value);
  if (node.kind === "name") return node.name;
  if (node.kind === "negate") return `(-${number(node.arg)})`;
  return node.kind === "binary" ? `(${number(node.left)}${node.op}${number(node.right)})` : "?";
}

/** The tree as text with every bracket. */
function shown(node: Condition): string {
  switch (node.kind) {
    case "and":
    case "or":
      return `(${node.parts.map(shown).join(` ${node.kind} `)})`;
    case "not":
      return `(not ${shown(node.arg)})`;
    case "compare":
      return `${number(node.left)} ${node.op} ${number(node.right)}`;
    case "compare-text":
      return `${node.column.name} ${node.op} ${JSON.stringify(node.text)}`;
    case "compare-truth":
      return `${node.column.name} ${node.op} ${node.value}`;
    case "missing":
      return `${number(node.value)} is missing`;
  }
}

test.each([
  ["a == 1 or b < 2 and not c >= 3", "(a == 1 or (b < 2 and (not c >= 3)))"],
  ["not a == 1 and b == 1", "((not a == 1) and b == 1)"],
  ["not not a == 1", "(not (not a == 1))"],
  ["a + b*-c^2 < 7B", "(a+(b*(-(c^2)))) < 7000000000"],
  ["'x' <= a", 'a >= "x"'],
  ["3 < a", "3 < a"],
  ["true = a", "a == true"],
  ["a <> `b c`", "a != b c"],
  ["a in (1, 'x')", '(a == 1 or a == "x")'],
  ["a not in (1)", "((not a is missing) and (not (a == 1)))"],
  ["a/b is not missing", "(not (a/b) is missing)"],
  ["((a == 1))", "a == 1"],
  ["(a + 1) == 2", "(a+1) == 2"],
])("%s", (text, tree) => {
  expect(shown(parse(text))).toBe(tree);
});

function refused(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("what is refused, and how it is shown", () => {
  test.each([
    ["", /the filter is empty/],
    ["split", /split is neither true nor false: compare it [^\n]*\n {2}split\n {2}\^{5}$/],
    ["a and b == 1", /a is neither true nor false[^\n]*\n {2}a and b == 1\n {2}\^$/],
    ["3", /3 is neither true nor false: compare a column with it/],
    ["split == ", /expected a column, a number or quoted text, found the end/],
    ["(n == 1", /expected "and", "or" or "\)", found the end\n {2}\(n == 1\n {9}\^$/],
    ["n == 1)", /expected "and", "or" or the end, found "\)"/],
    ["n 3", /expected a comparison [^\n]*found "3"\n {2}n 3\n {4}\^$/],
    ["1 < n < 3", /one at a time: write 1 < n and n < 3\n {2}1 < n < 3\n {2}\^{9}$/],
    [
      "n == (m == 2)",
      /one comparison is no side of another[^\n]*\n {2}n == \(m == 2\)\n {7}\^{8}$/,
    ],
    ["1 == 2", /nothing here is a column/],
    ["\"split\" == 'train'", /nothing here is a column: a column's name stands bare/],
    ["== 2", /expected a column, a number or quoted text, found "=="/],
    ["n == 'x", /the ' is never closed\n {2}n == 'x\n {7}\^$/],
    ["n == `x", /the ` is never closed/],
    ["n == 12abc", /numbers are written like/],
    ["n == 7x", /7B \(k, M, B, T\)/],
    ["n == 1_000", /numbers are written like/],
    ["n == 1e999", /too large/],
    ["n == 1 && n == 2", /unexpected "&": write "and"/],
    ["n == 1 | n == 2", /unexpected "\|": write "or"/],
    ["!n == 1", /unexpected "!": write "not"/],
    ["a$b == 1", /unexpected "\$": put backticks/],
    ["n in 3", /expected "\(" after "in", found "3"/],
    ["n in ()", /the list is empty/],
    ["n in (1, 2", /expected "," or "\)", found the end/],
    ["n in (m)", /a list after in has numbers and quoted text/],
    ["3 in (1, 3)", /expected a column before "in"/],
    ["n not 3", /expected "in" after "not", found "3"/],
    ["n is 3", /expected "missing" after "is", found "3"; == compares/],
    ["n is null", /expected "missing" after "is", found "null"/],
    ["3 is missing", /expected a column before "is"/],
    ["flag < true", /true and false have no order[^\n]*\n {2}flag < true\n {9}\^{4}$/],
    ["a/b == 'x'", /'x' is text, and a\/b is a number\n {2}a\/b == 'x'\n {9}\^{3}$/],
    ["a + 1 in ('x')", /'x' is text, and a \+ 1 is a number/],
    ["a/b == true", /true is true or false, and a\/b is a number/],
    ["'a' + 1 == n", /text is no number: arithmetic takes columns and numbers\n {2}'a' \+ 1/],
    ["true*n == 1", /true and false are no numbers/],
    ["(n == 1) + 2 == 3", /a comparison is no number/],
    ["log(n) > 3", /a filter has no functions/],
    [`${"(".repeat(600)}n == 1${")".repeat(600)}`, /nested too deeply/],
    [`${"not ".repeat(600)}n == 1`, /nested too deeply/],
    [`${"-".repeat(600)}n == 1`, /nested too deeply/],
    [`n${"+n".repeat(600)} == 1`, /nested too deeply/],
    [`n${"^n".repeat(600)} == 1`, /nested too deeply/],
    [`n == '${"x".repeat(200_000)}'`, /at most 200000 are read/],
  ])("%s", (text, message) => {
    expect(refused(text)).toMatch(message);
    expect(refused(text).length).toBeLessThan(500);
  });
});

test("long chains are no deep trees", () => {
  expect(parse(Array.from({ length: 5000 }, (_, i) => `n == ${i}`).join(" or ")).kind).toBe("or");
  expect(parse(`n in (${Array.from({ length: 5000 }, (_, i) => i).join()})`).kind).toBe("or");
});

test("whatever is typed, it is parsed or refused with an InputError that points at a place", () => {
  const word = fc.constantFrom(
    ..."a == < ( ) and or not in is missing , 1 7B 12% 'x' `b` true & + - * / ^ .".split(" "),
    "",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.array(word, { maxLength: 20 }).map((words) => words.join(" ")),
      ),
      (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message).toMatch(/^[^\n]+\n {2}[^\n]*\n *\^+$/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
