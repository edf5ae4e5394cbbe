/** Formulas of laws: arithmetic, functions, and names with a value for each domain. */
import { InputError, pointAt, type Span } from "../base/errors.ts";
import { LIMITS } from "../options/limits.ts";
import { operators, signPrefixes, SIGNS } from "./arithmetic.ts";
import { type Dialect, Parser } from "./parser.ts";
import type { Fail, Token } from "./tokens.ts";
import type { Arithmetic, Expression } from "./tree.ts";

/** A formula's tree. */
export type Syntax = Arithmetic;

/** What may be written, for messages. */
export const ALLOWED =
  "numbers, names, + - * / ^, brackets, functions, and h[i] or C[i] for the value of domain i";

export const NAME = /^\p{L}[\p{L}\p{N}_]*$/u;

/**
 * An InputError that shows the formula with carets under the problem. `origin` names it: "the
 * formula".
 */
export const formulaError = (problem: string, text: string, at: Span, origin: string): InputError =>
  new InputError(`${origin}: ${problem}\n${pointAt(text, at)}`);

const DEEPEST_BRACKETS = 50;

const OPERAND = "expected a number, a name or a bracket";
/** Names that a key of a JSON object cannot safely be. */
const UNFIT: ReadonlySet<string> = new Set(["constructor", "prototype"]);
/** Names that mean something else to a reader. */
const CONSTANTS: ReadonlySet<string> = new Set(["true", "false", "null", "this"]);

const FORMULA: Dialect = {
  lexis: {
    name: /[\p{L}_][\p{L}\p{N}_]*/uy,
    words: new Set(),
    signs: [...SIGNS, ["[", "["], ["]", "]"], [".", "."]],
    quotes: { '"': "text", "'": "text" },
    suffixes: false,
    besideNumber: (char) =>
      char === "." ? "unexpected period" : "a number and a name side by side: write * between them",
    strange: () => OPERAND,
  },
  prefix: signPrefixes,
  infix: operators,
  operand: (parser, token) => {
    if (token.kind === "name") return named(parser, token);
    if (token.kind === "text" || (token.kind === "sign" && token.text === "["))
      throw parser.fail(
        `${parser.slice(token)} is not allowed here: a formula has ${ALLOWED}`,
        token,
      );
    throw parser.fail(OPERAND, token);
  },
  follows: () => "an operator",
  noNumber: () => OPERAND,
};

/** A name, the call of a function, or a name's value in a domain. */
function named(parser: Parser, token: Token & { kind: "name" }): Expression {
  const { text: name, start } = token;
  if (CONSTANTS.has(name))
    throw parser.fail(`${name} is not allowed here: a formula has ${ALLOWED}`, token);
  if (UNFIT.has(name))
    throw parser.fail(
      `"${name}" cannot be a name in a formula: objects of JavaScript have a property of that name. Call it otherwise`,
      token,
    );
  if (!NAME.test(name))
    throw parser.fail(
      `"${name}" is no name: names are letters, digits and "_", a letter first`,
      token,
    );
  if (parser.accept("(")) {
    const { items, end } = parser.list();
    return { kind: "call", name, args: items.map((item) => parser.number(item)), start, end };
  }
  if (parser.accept("[")) return indexed(parser, token);
  if (parser.is("."))
    throw parser.fail(
      "a formula has no objects, no properties and no methods: there is no name with a dot",
      {
        start,
        end: parser.take().end,
      },
    );
  return { kind: "name", name, of: "self", start, end: token.end };
}

/** `C[i]` or `h["web"]`; the opening bracket is taken. */
function indexed(parser: Parser, { text: name, start }: Token & { kind: "name" }): Expression {
  const index = parser.take();
  const end = parser.next.end;
  if ((index.kind !== "name" && index.kind !== "text") || !parser.accept("]"))
    throw parser.fail('write [i] for every domain, or a domain\'s name in quotes: h["web"]', {
      start,
      end,
    });
  const each = index.kind === "name" && index.text === "i";
  return { kind: "name", name, of: each ? "each" : { domain: index.text }, start, end };
}

const LEFT = /^\s*\p{L}[\p{L}\p{N}_]*\s*=(?!=)/u;
const CHARACTERS = /[\p{L}\p{N}_.,+\-−*×·/^()[\]"'\s]/u;

/**
 * Parses `L = …`, or the right side alone.
 *
 * @throws InputError that points at the place and says what is allowed.
 * @example parseFormula("E + A/params^alpha", "--law")
 */
export function parseFormula(text: string, origin: string): Syntax {
  const fail: Fail = (problem, at) => formulaError(problem, text, at, origin);
  const offset = LEFT.exec(text)?.[0].length ?? 0;
  checkText(text, offset, fail);
  const parser = new Parser(text, FORMULA, fail, offset);
  return parser.number(parser.all());
}

/** What is said before parsing: characters that no formula has, brackets that do not match. */
function checkText(text: string, offset: number, fail: Fail): void {
  const spot = (at: number): Span => ({ start: at, end: at + 1 });
  if (text.slice(offset).trim() === "")
    throw fail(`the formula is empty; write one of ${ALLOWED}`, spot(offset));
  const open: number[] = [];
  for (let at = offset; at < text.length; at++) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (char === "=")
      throw fail('there is one "=" at most, after the name on the left: L = …', spot(at));
    if (!CHARACTERS.test(char))
      throw fail(`unexpected ${JSON.stringify(char)}: a formula has ${ALLOWED}`, spot(at));
    if (char === "(" || char === "[") open.push(at);
    if (open.length > DEEPEST_BRACKETS)
      throw fail(`brackets are nested deeper than ${DEEPEST_BRACKETS} levels`, spot(at));
    if (char === ")" || char === "]") {
      const begun = open.pop();
      if (begun === undefined) throw fail(`this "${char}" closes nothing`, spot(at));
      if ((text[begun] === "(") !== (char === ")"))
        throw fail(`"${text[begun]}" is closed with "${char}"`, { start: begun, end: at + 1 });
    }
    at += char.length - 1;
  }
  const last = open.at(-1);
  if (last !== undefined) throw fail(`this "${text[last]}" is never closed`, spot(last));
  if (text.length > LIMITS.formulaLength.most)
    throw fail(
      `the formula has ${text.length} characters; at most ${LIMITS.formulaLength.most} are read (limit "formulaLength")`,
      spot(LIMITS.formulaLength.most),
    );
}
