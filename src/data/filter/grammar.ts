import type { Span } from "../../base/errors.ts";
import { filterError, type Token, tokenize } from "./lexer.ts";

export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type Literal = number | string | boolean;

/** A column that a filter names, and where. */
export interface ColumnRef extends Span {
  readonly name: string;
}

/** The tree of a filter. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | {
      readonly kind: "compare";
      readonly column: ColumnRef;
      readonly op: CompareOp;
      readonly value: Literal;
    }
  | {
      readonly kind: "in";
      readonly column: ColumnRef;
      readonly values: readonly Literal[];
      readonly negated: boolean;
    };

const mirrored: Readonly<Record<CompareOp, CompareOp>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};
const isCompareOp = (text: string): text is CompareOp => Object.hasOwn(mirrored, text);

// Deeper nesting is a mistake, and would overflow the call stack.
const deepest = 200;

/**
 * Parses a filter by recursive descent:
 *
 *     or      := and ("or" and)*
 *     and     := not ("and" not)*
 *     not     := "not" not | "(" or ")" | test
 *     test    := column op literal | literal op column | column ["not"] "in" "(" literal ("," literal)* ")"
 *
 * Throws InputErrors that point at the place.
 */
export function parseFilter(text: string, flag: string): Filter {
  const tokens = tokenize(text, flag);
  let next = 0;
  let depth = 0;
  const fail = (problem: string, at: Span) => filterError(problem, text, at, flag);
  const peek = (): Token => tokens[next];
  const is = (kind: Token["kind"], content?: string): boolean =>
    peek().kind === kind && (content === undefined || peek().text === content);
  const take = (): Token => tokens[next++];
  const accept = (kind: Token["kind"], content?: string): boolean =>
    is(kind, content) && take() !== undefined;
  const shown = (token: Token): string =>
    token.kind === "end" ? "the end" : text.slice(token.start, token.end);
  const expect = (kind: Token["kind"], what: string): Token => {
    if (!is(kind)) throw fail(`expected ${what}, found ${shown(peek())}`, peek());
    return take();
  };

  function chain(kind: "and" | "or", operand: () => Filter): Filter {
    let left = operand();
    while (accept("keyword", kind)) left = { kind, left, right: operand() };
    return left;
  }
  const or = (): Filter => chain("or", and);
  const and = (): Filter => chain("and", not);

  function not(): Filter {
    const start = peek();
    if (!is("keyword", "not") && !is("(")) return test();
    if (++depth > deepest) throw fail(`nested deeper than ${deepest} levels`, start);
    let inner: Filter;
    if (take().kind === "(") {
      inner = or();
      expect(")", '")"');
    } else inner = { kind: "not", of: not() };
    depth -= 1;
    return inner;
  }

  function test(): Filter {
    if (!is("name")) {
      if (!isLiteral(peek())) throw fail(`expected a column name, found ${shown(peek())}`, peek());
      const value = literal();
      const op = operator();
      return { kind: "compare", column: column(), op: mirrored[op], value: ordered(op, value) };
    }
    const left = column();
    const negated = is("keyword", "not") && accept("keyword", "not");
    if (negated && !is("keyword", "in"))
      throw fail(`expected "in" after "not", found ${shown(peek())}`, peek());
    if (accept("keyword", "in")) return { kind: "in", column: left, values: list(), negated };
    const op = operator();
    return { kind: "compare", column: left, op, value: ordered(op, literal()) };
  }

  function column(): ColumnRef {
    const token = expect(
      "name",
      "a column name (every comparison is between a column and a number or quoted text)",
    );
    return { name: token.text, start: token.start, end: token.end };
  }

  function operator(): CompareOp {
    const token = expect("compare", "a comparison (== != < <= > >= or in)");
    if (!isCompareOp(token.text)) throw fail(`unknown comparison "${token.text}"`, token);
    return token.text;
  }

  function ordered(op: CompareOp, value: Literal): Literal {
    if (typeof value === "boolean" && op !== "==" && op !== "!=")
      throw fail(`true and false have no order: use == or !=`, tokens[next - 1]);
    return value;
  }

  function isLiteral(token: Token): boolean {
    return (
      token.kind === "number" ||
      token.kind === "string" ||
      (token.kind === "keyword" && (token.text === "true" || token.text === "false"))
    );
  }

  function literal(): Literal {
    const token = peek();
    if (token.kind === "name")
      throw fail(
        `a column is compared with a number or quoted text: write '${token.text.replaceAll("'", "''")}' if it is text`,
        token,
      );
    if (!isLiteral(token))
      throw fail(`expected a number or quoted text, found ${shown(token)}`, token);
    take();
    if (token.kind === "string") return token.text;
    if (token.kind === "keyword") return token.text === "true";
    const value = Number(token.text);
    if (!Number.isFinite(value)) throw fail("the number is too large", token);
    return value;
  }

  function list(): Literal[] {
    expect("(", '"(" after "in"');
    const values = [literal()];
    while (accept(",")) values.push(literal());
    expect(")", '"," or ")"');
    return values;
  }

  if (is("end")) throw fail("the filter is empty: compare a column, e.g. split == 'train'", peek());
  const filter = or();
  if (!is("end")) throw fail(`expected "and", "or" or the end, found ${shown(peek())}`, peek());
  return filter;
}
