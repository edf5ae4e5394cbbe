/**
 * Reads expressions as people type them, by operator precedence (Pratt 1973, "Top down operator
 * precedence"). It only ever builds a tree: no expression can run code. What formulas and filters
 * have in common is here, arithmetic; a dialect is what else there is in one of them.
 */
import type { InputError, Span } from "../base/errors.ts";
import { type Lexis, nextToken, type Token } from "./tokens.ts";
import { type Arithmetic, depthOf, type Expression, isArithmetic } from "./tree.ts";

/** How tightly operators bind, the loosest first. */
export const POWER = { or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, sign: 7, raise: 8 };

/** An operator before its operand. */
export interface Prefix {
  /** Operators that bind at least as tightly belong to the operand. */
  readonly power: number;
  /** The node; `at` is the place of operator and operand. */
  readonly build: (parser: Parser, operand: Expression, at: Span) => Expression;
}

/** An operator after its first operand; `read` takes the rest, the sign itself being taken. */
export interface Infix {
  readonly power: number;
  readonly read: (parser: Parser, left: Expression) => Expression;
}

/** What an expression is all of: the text, what is in brackets, or an item of a list. */
export type Place = "text" | "brackets" | "list";

/** A kind of expression. */
export interface Dialect {
  readonly lexis: Lexis;
  readonly prefix: Readonly<Record<string, Prefix>>;
  readonly infix: Readonly<Record<string, Infix>>;
  /** What a token is where an operand stands, beside numbers and brackets. */
  readonly operand: (parser: Parser, token: Token) => Expression;
  /** What may follow an expression, in words. */
  readonly follows: (left: Expression, place: Place) => string;
  /** What is said of a condition or a text that stands where a number should. */
  readonly noNumber: (node: Expression) => string;
}

/** Deeper trees are no expressions that a person writes, and would exhaust the stack. */
const DEEPEST = 500;

/** A text being read, from the left to the right. */
export class Parser {
  readonly text: string;
  readonly #dialect: Dialect;
  readonly #fail: (problem: string, at: Span) => InputError;
  #next: Token;
  #depth = 0;

  constructor(
    text: string,
    dialect: Dialect,
    fail: (problem: string, at: Span) => InputError,
    from = 0,
  ) {
    [this.text, this.#dialect, this.#fail] = [text, dialect, fail];
    this.#next = nextToken(text, from, dialect.lexis, fail);
  }

  /** The whole text, which must be one expression. */
  all(): Expression {
    const tree = this.expression();
    if (this.#next.kind !== "end") throw this.#unfollowed(tree, "text");
    if (depthOf(tree) > DEEPEST) throw this.#tooDeep(tree);
    return tree;
  }

  /** An expression whose operators bind at least as tightly as `power`. */
  expression(power = 0): Expression {
    if (++this.#depth > DEEPEST) throw this.#tooDeep(this.#next);
    let left = this.#operand();
    for (;;) {
      const infix = this.#operator(this.#dialect.infix);
      if (infix === undefined || infix.power < power) break;
      this.take();
      left = infix.read(this, left);
    }
    this.#depth--;
    return left;
  }

  /** The same, which must have a number for its value. */
  arithmetic(power = 0): Arithmetic {
    return this.number(this.expression(power));
  }

  /** A node that must have a number for its value. */
  number(node: Expression): Arithmetic {
    if (isArithmetic(node)) return node;
    throw this.#fail(this.#dialect.noNumber(node), node);
  }

  /** The token that is next, not taken yet. */
  get next(): Token {
    return this.#next;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.#next;
    this.#next = nextToken(this.text, token.end, this.#dialect.lexis, this.#fail);
    return token;
  }

  /** Whether this sign is next. */
  is(sign: string): boolean {
    return this.#next.kind === "sign" && this.#next.text === sign;
  }

  /** Takes a sign if it is next. */
  accept(sign: string): boolean {
    return this.is(sign) && this.take().kind === "sign";
  }

  /** Expressions with commas between them, up to ")"; the opening bracket is taken already. */
  list(): { readonly items: readonly Expression[]; readonly end: number } {
    const items: Expression[] = [];
    while (!this.is(")")) {
      const item = this.expression();
      items.push(item);
      if (!this.accept(",") && !this.is(")")) throw this.#unfollowed(item, "list");
    }
    return { items, end: this.take().end };
  }

  /** An error at a place of the text. */
  fail(problem: string, at: Span): InputError {
    return this.#fail(problem, at);
  }

  /** What stands at a place. */
  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** A token as a message shows it. */
  shown(token: Token): string {
    return token.kind === "end" ? "the end" : `"${this.slice(token)}"`;
  }

  #unfollowed(left: Expression, place: Place): InputError {
    const expected = this.#dialect.follows(left, place);
    return this.#fail(`expected ${expected}, found ${this.shown(this.#next)}`, this.#next);
  }

  #operator<T>(table: Readonly<Record<string, T>>): T | undefined {
    const token = this.#next;
    return token.kind === "sign" && Object.hasOwn(table, token.text)
      ? table[token.text]
      : undefined;
  }

  #operand(): Expression {
    const prefix = this.#operator(this.#dialect.prefix);
    if (prefix !== undefined) {
      const { start } = this.take();
      const operand = this.expression(prefix.power);
      return prefix.build(this, operand, { start, end: operand.end });
    }
    const token = this.take();
    if (token.kind === "number") return token;
    if (token.kind !== "sign" || token.text !== "(") return this.#dialect.operand(this, token);
    const inside = this.expression();
    if (!this.is(")")) throw this.#unfollowed(inside, "brackets");
    return { ...inside, start: token.start, end: this.take().end };
  }

  #tooDeep(at: Span): InputError {
    return this.#fail("nested too deeply; simplify it", at);
  }
}
