/**
 * Formulas as people type them → a tree of a few kinds of nodes, each with its place in the text.
 * The parsing is jsep's, which only ever builds a tree: no formula can run code. What is ours:
 * spans, `^`, and −x² = −(x²).
 */
import jsep from "jsep";
import { InputError, pointAt, type Span } from "../../base/errors.ts";

/** A formula's tree. */
export type Syntax = Span &
  (
    | { readonly kind: "number"; readonly value: number }
    /** A name: alone, of domain i (`C[i]`), or of one domain by its name (`h["web"]`). */
    | {
        readonly kind: "name";
        readonly name: string;
        readonly of: "self" | "each" | { readonly domain: string };
      }
    | { readonly kind: "call"; readonly name: string; readonly args: readonly Syntax[] }
    | { readonly kind: "negate"; readonly arg: Syntax }
    | {
        readonly kind: "binary";
        readonly op: BinaryOp;
        readonly left: Syntax;
        readonly right: Syntax;
      }
  );

export type BinaryOp = "+" | "-" | "*" | "/" | "^";

/** What may be written, for messages. */
export const ALLOWED =
  "numbers, names, + - * / ^, brackets, functions, and h[i] or C[i] for the value of domain i";

/**
 * An InputError that shows the formula with carets under the problem. `flag`: where the formula
 * came from.
 */
export const formulaError = (problem: string, text: string, at: Span, flag: string): InputError =>
  new InputError(`${flag}: ${problem}\n${pointAt(text, at)}`, { flag });

/** Longer is no formula that a person writes, and would exhaust the stack. */
const LONGEST = 5000;
const DEEPEST = { brackets: 50, tree: 500 } as const;

const OPERATORS: readonly (readonly [string, string])[] = [
  ["**", "**"], ["^", "**"], ["+", "+"], ["-", "-"], ["−", "-"], ["*", "*"], ["×", "*"], ["·", "*"], ["/", "/"],
]; // prettier-ignore
const SIGNS = "+-−";

type Tree = jsep.Expression & Partial<Span>;

/** jsep's parser class, which its types leave out. */
interface Parser {
  expr: string;
  index: number;
  readonly char: string;
  gobbleSpaces(): void;
  gobbleExpression(): Tree | false | undefined;
  gobbleToken(): Tree | false | undefined;
  gobbleIdentifier(): Tree;
  gobbleArguments(): Tree[];
  gobbleExpressions(): Tree[];
  throwError(problem: string): never;
}
const { Jsep } = jsep as unknown as { readonly Jsep: new (text: string) => Parser };

class FormulaParser extends Jsep {
  /** Only what formulas have, whatever operators another user of jsep in this process has added. */
  gobbleBinaryOp(): string | false {
    this.gobbleSpaces();
    const found = OPERATORS.find(([sign]) => this.expr.startsWith(sign, this.index));
    if (found === undefined) return false;
    this.index += found[0].length;
    return found[1];
  }

  override gobbleToken(): Tree {
    this.gobbleSpaces();
    const start = this.index;
    if (start < this.expr.length && SIGNS.includes(this.char)) {
      const sign = this.char;
      this.index++;
      const argument = this.#power();
      return sign === "+"
        ? argument
        : {
            type: "UnaryExpression",
            operator: "-",
            argument,
            prefix: true,
            start,
            end: this.index,
          };
    }
    if (this.char === "(") {
      this.index++;
      const [inside] = this.gobbleExpressions();
      this.index++; // brackets are known to match
      return Object.assign(inside, { start, end: this.index });
    }
    const node = super.gobbleToken();
    if (node === false || node === undefined)
      return this.throwError("expected a number, a name or a bracket");
    // The text that it took, brackets included, without the spaces after it.
    return Object.assign(node, {
      start,
      end: start + this.expr.slice(start, this.index).trimEnd().length,
    });
  }

  /** After a sign: −x^2 is −(x^2), as mathematics has it; jsep would take (−x)^2. */
  #power(): Tree {
    const left = this.gobbleToken();
    const before = this.index;
    const op = this.gobbleBinaryOp();
    if (op === "**") return { type: "BinaryExpression", operator: op, left, right: this.#power() };
    this.index = before;
    return left;
  }

  override gobbleIdentifier(): Tree {
    const start = this.index;
    WORD.lastIndex = start;
    const name = WORD.exec(this.expr)?.[0];
    if (name === undefined) return this.throwError("expected a number, a name or a bracket");
    this.index += name.length;
    return { type: "Identifier", name, start, end: this.index };
  }

  /** Arguments up to the closing bracket, a comma between two. (jsep would take spaces too.) */
  override gobbleArguments(): Tree[] {
    const args: Tree[] = [];
    this.gobbleSpaces();
    while (!")]".includes(this.char)) {
      args.push(...this.gobbleExpressions());
      if (this.char === ",") this.index++;
    }
    this.index++;
    return args;
  }

  /**
   * What is in brackets, or all: one expression. (jsep would take several, and separators between
   * them.)
   */
  override gobbleExpressions(): Tree[] {
    const node = this.gobbleExpression();
    if (node === false || node === undefined)
      return this.throwError("expected a number, a name or a bracket");
    this.gobbleSpaces();
    if (this.index < this.expr.length && !")],".includes(this.char))
      this.throwError(`expected an operator, found "${this.char}"`);
    return [node];
  }
}

const LEFT = /^\s*\p{L}[\p{L}\p{N}_]*\s*=(?!=)/u;
const CHARACTERS = /[\p{L}\p{N}_.,+\-−*×·/^()[\]"'\s]/u;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
/** Names that a key of a JSON object cannot safely be. */
const UNFIT: ReadonlySet<string> = new Set(["constructor", "prototype"]);
export const NAME = /^\p{L}[\p{L}\p{N}_]*$/u;

/**
 * Parses `L = …`, or the right side alone.
 *
 * @throws InputError that points at the place and says what is allowed.
 * @example parseFormula("E + A/params^alpha", "--law")
 */
export function parseFormula(text: string, flag: string): Syntax {
  const fail = (problem: string, at: Span): InputError => formulaError(problem, text, at, flag);
  const offset = LEFT.exec(text)?.[0].length ?? 0;
  checkText(text, offset, fail);
  const parser = new FormulaParser(text);
  parser.index = offset;
  try {
    const [tree] = parser.gobbleExpressions();
    if (parser.index < text.length)
      parser.throwError(`expected an operator, found "${text[parser.index]}"`);
    return convert(tree, fail);
  } catch (error) {
    if (error instanceof RangeError)
      throw fail("nested too deeply; simplify it, or name parts of it", {
        start: offset,
        end: text.length,
      });
    if (
      error instanceof InputError ||
      !(error instanceof Error) ||
      !("index" in error) ||
      !("description" in error)
    )
      throw error;
    const at = Math.min(Number(error.index), text.length);
    throw fail(reworded(String(error.description)), { start: at, end: at + 1 });
  }
}

/** jsep's own messages, for people. */
const reworded = (problem: string): string =>
  /cannot start with a number/.test(problem)
    ? "a number and a name side by side: write * between them"
    : problem.replace(/^[A-Z]/, (c) => c.toLowerCase());

/** What is cheaper to say before parsing: length, characters, brackets. */
function checkText(
  text: string,
  offset: number,
  fail: (problem: string, at: Span) => InputError,
): void {
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
    if (open.length > DEEPEST.brackets)
      throw fail(`brackets are nested deeper than ${DEEPEST.brackets} levels`, spot(at));
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
  if (text.length > LONGEST)
    throw fail(
      `the formula has ${text.length} characters; at most ${LONGEST} are read`,
      spot(LONGEST),
    );
}

function convert(tree: Tree, fail: (problem: string, at: Span) => InputError, depth = 0): Syntax {
  const walk = (node: jsep.Expression): Syntax => convert(node, fail, depth + 1);
  if (depth > DEEPEST.tree) throw new RangeError();
  if (tree.type === "BinaryExpression") {
    const { operator, left, right } = tree as jsep.BinaryExpression;
    const [a, b] = [walk(left), walk(right)];
    const span = { start: tree.start ?? a.start, end: tree.end ?? b.end };
    return {
      kind: "binary",
      op: operator === "**" ? "^" : (operator as BinaryOp),
      left: a,
      right: b,
      ...span,
    };
  }
  const at: Span = { start: tree.start ?? 0, end: tree.end ?? 1 };
  const name = (node: jsep.Expression): string => {
    const { name: given } = node as jsep.Identifier;
    if (node.type !== "Identifier") throw fail("only a name can be called or indexed", at);
    if (!NAME.test(given) || UNFIT.has(given))
      throw fail(`"${given}" is no name: names are letters, digits and "_", a letter first`, at);
    return given;
  };
  switch (tree.type) {
    case "Literal": {
      const { value, raw } = tree as jsep.Literal;
      if (typeof value !== "number")
        throw fail(`${raw} is not allowed here: a formula has ${ALLOWED}`, at);
      if (!Number.isFinite(value)) throw fail("the number is too large", at);
      return { kind: "number", value, ...at };
    }
    case "Identifier":
      return { kind: "name", name: name(tree), of: "self", ...at };
    case "UnaryExpression":
      return { kind: "negate", arg: walk((tree as jsep.UnaryExpression).argument), ...at };
    case "CallExpression": {
      const { callee, arguments: args } = tree as jsep.CallExpression;
      if (callee.type !== "Identifier")
        throw fail("only functions can be called: a formula has no objects and no methods", at);
      return { kind: "call", name: name(callee), args: args.map(walk), ...at };
    }
    case "MemberExpression": {
      const { object, property, computed } = tree as jsep.MemberExpression;
      if (!computed) throw fail("a formula has no properties: there is no name with a dot", at);
      if (property.type === "Identifier" && property["name"] === "i")
        return { kind: "name", name: name(object), of: "each", ...at };
      const domain = property.type === "Identifier" ? property["name"] : property["value"];
      if (typeof domain !== "string")
        throw fail('write [i] for every domain, or a domain\'s name in quotes: h["web"]', at);
      return { kind: "name", name: name(object), of: { domain }, ...at };
    }
    default:
      throw fail(`not allowed: a formula has ${ALLOWED}`, at);
  }
}
