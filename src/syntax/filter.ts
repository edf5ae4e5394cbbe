/**
 * Filters of rows: comparisons of columns, numbers and quoted texts, with arithmetic on their
 * sides, joined by and, or, not.
 *
 *     or      := and ("or" and)*
 *     and     := not ("and" not)*
 *     not     := "not" not | test
 *     test    := sum (== != < <= > >=) sum | sum ["not"] "in" "(" constant ("," constant)* ")"
 *              | sum "is" ["not"] "missing" | "(" or ")"
 *     sum     := columns, numbers, + - * / ^ and brackets as in formulas; or a quoted text, true, false
 */
import { LIMITS } from "../options/limits.ts";
import { lastOf } from "../base/known.ts";
import type { Span } from "../base/errors.ts";
import { operators, signPrefixes, SIGNS } from "./arithmetic.ts";
import { type Dialect, type Infix, Parser, POWER } from "./parser.ts";
import type { Fail } from "./tokens.ts";
import {
  children,
  type CompareOp,
  type Condition,
  type Expression,
  isArithmetic,
  isCondition,
  type Value,
} from "./tree.ts";

const COMPARISONS = "== != < <= > >=";
const NUMBERS =
  "numbers are written like 1000, 0.5, 1e9, 7B (k, M, B, T) or 12%; put quotes around text, backticks around a column name";
/** What people bring along from other languages. */
const FOREIGN: Readonly<Record<string, string>> = { "&": "and", "|": "or", "!": "not", "~": "not" };

/** A name, or arithmetic with one in it. */
const hasColumn = (node: Expression): boolean =>
  node.kind === "name" || children(node).some(hasColumn);

/** A node that must be true or false of a row. */
function condition(parser: Parser, node: Expression): Condition {
  if (isCondition(node)) return node;
  const remedy = hasColumn(node)
    ? `compare it (${COMPARISONS}, in), or ask whether it is missing`
    : "compare a column with it";
  throw parser.fail(`${parser.slice(node)} is neither true nor false: ${remedy}`, node);
}

/** A node that must be a side of a comparison. */
function value(parser: Parser, node: Expression): Value {
  if (!isCondition(node)) return node;
  throw parser.fail("one comparison is no side of another: join them with and, or, not", node);
}

/** "and" or "or": one node for a whole chain, so that long chains are no deep trees. */
const joined = (kind: "and" | "or"): Infix => ({
  power: POWER[kind],
  read: (parser, left) => {
    const parts = [condition(parser, left)];
    do parts.push(condition(parser, parser.expression(POWER[kind] + 1)));
    while (parser.accept(kind));
    return { kind, parts, start: left.start, end: lastOf(parts).end };
  },
});

/** Comparisons with their sides exchanged. */
const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** One comparison; `1 < n < 3` is refused, and what to write told. */
const comparison = (op: CompareOp): Infix => ({
  power: POWER.compare,
  read: (parser, left) => {
    const right = parser.expression(POWER.compare + 1);
    const at = { start: left.start, end: right.end };
    if (left.kind === "compare") {
      const both = `${parser.slice(left)} and ${parser.slice(left.right)} ${op} ${parser.slice(right)}`;
      throw parser.fail(`comparisons are made one at a time: write ${both}`, at);
    }
    if (!hasColumn(left) && !hasColumn(right))
      throw parser.fail(
        "nothing here is a column: a column's name stands bare, or in backticks where it has other characters",
        at,
      );
    return compared(parser, op, value(parser, left), value(parser, right), at);
  },
});

/** A comparison of two sides; a text, true or false needs a column on the other side. */
function compared(parser: Parser, op: CompareOp, left: Value, right: Value, at: Span): Condition {
  if (isArithmetic(left) && isArithmetic(right)) return { kind: "compare", op, left, right, ...at };
  if (isArithmetic(right)) return compared(parser, MIRRORED[op], right, left, at);
  const column = left;
  if (column.kind !== "name") {
    const what = right.kind === "text" ? "text" : "true or false";
    throw parser.fail(
      `${parser.slice(right)} is ${what}, and ${parser.slice(left)} is a number`,
      right,
    );
  }
  if (right.kind === "text") return { kind: "compare-text", op, column, text: right.text, ...at };
  if (op !== "==" && op !== "!=")
    throw parser.fail("true and false have no order: use == or !=", right);
  return { kind: "compare-truth", op, column, value: right.value, ...at };
}

/**
 * What follows "in" or "not in". `x in (1, 2)` is `x == 1 or x == 2`; `x not in (1, 2)` says too
 * that x is there.
 */
function among(parser: Parser, left: Expression, negated: boolean): Condition {
  const tested = value(parser, left);
  if (!hasColumn(tested)) throw parser.fail('expected a column before "in"', tested);
  const next = parser.next;
  if (!parser.accept("("))
    throw parser.fail(`expected "(" after "in", found ${parser.shown(next)}`, next);
  const { items, end } = parser.list();
  if (items.length === 0)
    throw parser.fail("the list is empty: write numbers or quoted text in it", {
      start: next.start,
      end,
    });
  const at = { start: left.start, end };
  const parts = items.map((item) => {
    if (hasColumn(item))
      throw parser.fail(
        "a list after in has numbers and quoted text: put quotes around text, and compare columns with ==",
        item,
      );
    return compared(parser, "==", tested, value(parser, item), at);
  });
  const any: Condition = { kind: "or", parts, ...at };
  if (!negated) return any;
  const there = not({ kind: "missing", value: parser.number(tested), ...at });
  return { kind: "and", parts: [there, not(any)], ...at };
}

const not = (arg: Condition): Condition => ({ kind: "not", arg, start: arg.start, end: arg.end });

/** "missing" after "is" or "is not". */
function absent(parser: Parser, left: Expression): Condition {
  const negated = parser.accept("not");
  const word = parser.next;
  if (word.kind !== "name" || word.text.toLowerCase() !== "missing")
    throw parser.fail(
      `expected "missing" after "is", found ${parser.shown(word)}; == compares with a value`,
      word,
    );
  const { end } = parser.take();
  const tested = parser.number(left);
  if (!hasColumn(tested)) throw parser.fail('expected a column before "is"', tested);
  const missing: Condition = { kind: "missing", value: tested, start: left.start, end };
  return negated ? not(missing) : missing;
}

const FILTER: Dialect = {
  lexis: {
    name: /[\p{L}_][\p{L}\p{N}_.]*/uy,
    words: new Set(["and", "or", "not", "in", "is", "true", "false"]),
    signs: [
      ["==", "=="], ["!=", "!="], ["<>", "!="], ["<=", "<="], [">=", ">="], ["<", "<"], [">", ">"], ["=", "=="],
      ...SIGNS,
    ], // prettier-ignore
    quotes: { "'": "text", '"': "text", "`": "name" },
    suffixes: true,
    besideNumber: () => NUMBERS,
    strange: (char) =>
      `unexpected "${char}": ${Object.hasOwn(FOREIGN, char) ? `write "${FOREIGN[char]}"` : "put backticks around a column name with such characters, plain quotes around text"}`,
  },
  prefix: {
    ...signPrefixes,
    not: {
      power: POWER.not,
      build: (parser, operand, at) => ({ kind: "not", arg: condition(parser, operand), ...at }),
    },
  },
  infix: {
    ...operators,
    and: joined("and"),
    or: joined("or"),
    "==": comparison("=="),
    "!=": comparison("!="),
    "<": comparison("<"),
    "<=": comparison("<="),
    ">": comparison(">"),
    ">=": comparison(">="),
    in: { power: POWER.compare, read: (parser, left) => among(parser, left, false) },
    not: {
      power: POWER.compare,
      read: (parser, left) => {
        if (parser.accept("in")) return among(parser, left, true);
        const found = parser.shown(parser.next);
        throw parser.fail(`expected "in" after "not", found ${found}`, parser.next);
      },
    },
    is: { power: POWER.compare, read: absent },
  },
  operand: (parser, token) => {
    const { start, end } = token;
    if (token.kind === "text") return { kind: "text", text: token.text, start, end };
    if (token.kind === "name" && parser.is("("))
      throw parser.fail("a filter has no functions: compare columns and arithmetic of them", token);
    if (token.kind === "name") return { kind: "name", name: token.text, of: "self", start, end };
    if (token.kind === "sign" && (token.text === "true" || token.text === "false"))
      return { kind: "truth", value: token.text === "true", start, end };
    // After a value "is" asks whether it is missing; in its place it can only be a column's name.
    if (token.kind === "sign" && token.text === "is")
      return { kind: "name", name: parser.slice(token), of: "self", start, end };
    throw parser.fail(
      `expected a column, a number or quoted text, found ${parser.shown(token)}`,
      token,
    );
  },
  follows: (left, place) => {
    if (place === "list") return '"," or ")"';
    return isCondition(left)
      ? `"and", "or" or ${place === "text" ? "the end" : '")"'}`
      : `a comparison (${COMPARISONS}), in or is missing`;
  },
  noNumber: (node) => {
    if (node.kind === "text") return "text is no number: arithmetic takes columns and numbers";
    if (node.kind === "truth") return "true and false are no numbers to calculate with";
    return "a comparison is no number";
  },
};

/**
 * Parses a filter of rows.
 *
 * @param fail makes the error that points at a place of the text
 * @throws InputError that points at the place and says what is expected.
 * @example parseFilter("split == 'train' and n_tokens/n_params >= 20", fail)
 */
export function parseFilter(text: string, fail: Fail): Condition {
  if (text.trim() === "")
    throw fail("the filter is empty: compare a column, e.g. split == 'train'", {
      start: 0,
      end: 1,
    });
  if (text.length > LIMITS.filterLength.most)
    throw fail(
      `the filter has ${text.length} characters; at most ${LIMITS.filterLength.most} are read (limit "filterLength")`,
      {
        start: LIMITS.filterLength.most,
        end: LIMITS.filterLength.most + 1,
      },
    );
  const parser = new Parser(text, FILTER, fail);
  return condition(parser, parser.all());
}
