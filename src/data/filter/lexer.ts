import { InputError, pointAt, type Span } from "../../base/errors.ts";

/** A piece of a filter; `start` and `end` are offsets into its text. */
export interface Token {
  readonly kind: "name" | "keyword" | "number" | "string" | "compare" | "(" | ")" | "," | "end";
  /**
   * The content: names and strings without their quotes, keywords in lower case, "=" as "==" and
   * "<>" as "!=".
   */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * An `InputError` that shows the filter with carets under the problem.
 *
 * @param flag the flag the filter came from, or "where"
 */
export function filterError(
  problem: string,
  text: string,
  at: Span,
  flag: string,
  where: { file?: string; row?: number; column?: string } = {},
): InputError {
  return new InputError(`${flag}: ${problem}\n${pointAt(text, at)}`, { ...where, flag });
}

const space = /\s*/y;
const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[\p{L}_][\p{L}\p{N}_.]*/uy;
const compare = /==|!=|<>|<=|>=|<|>|=/y;
const wordy = /[\p{L}\p{N}_.]/u;

const keywords: ReadonlySet<string> = new Set(["and", "or", "not", "in", "true", "false"]);
// What people bring along from other languages.
const foreign: Readonly<Record<string, string>> = { "&": "and", "|": "or", "!": "not", "~": "not" };

/**
 * Splits a filter into tokens; the last one is "end". Throws InputErrors that point at the place.
 */
export function tokenize(text: string, flag: string): Token[] {
  const tokens: Token[] = [];
  const at = (pattern: RegExp, from: number): string => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.[0] ?? "";
  };
  let start = 0;
  const push = (kind: Token["kind"], content: string, end: number): void => {
    tokens.push({ kind, text: content, start, end });
    start = end;
  };
  for (;;) {
    start += at(space, start).length;
    const char = text[start];
    if (char === undefined) break;
    const digits = at(number, start);
    const word = at(name, start);
    const operator = at(compare, start);
    if (char === "(" || char === ")" || char === ",") push(char, char, start + 1);
    else if (char === "'" || char === '"' || char === "`") {
      const { content, end } = quoted(text, start, flag);
      push(char === "`" ? "name" : "string", content, end);
    } else if (digits !== "") {
      const end = start + digits.length;
      if (wordy.test(text[end] ?? ""))
        throw filterError(
          "numbers are written like 1000, 0.5 or 1e9; put quotes around text, backticks around a column name",
          text,
          { start, end: end + 1 },
          flag,
        );
      push("number", digits, end);
    } else if (word !== "") {
      const lower = word.toLowerCase();
      push(
        keywords.has(lower) ? "keyword" : "name",
        keywords.has(lower) ? lower : word,
        start + word.length,
      );
    } else if (operator !== "")
      push(
        "compare",
        operator === "=" ? "==" : operator === "<>" ? "!=" : operator,
        start + operator.length,
      );
    else {
      const instead = Object.hasOwn(foreign, char)
        ? `write "${foreign[char]}"`
        : "put backticks around a column name with such characters, plain quotes around text";
      throw filterError(`unexpected "${char}": ${instead}`, text, { start, end: start + 1 }, flag);
    }
  }
  push("end", "", start);
  return tokens;
}

/** Quoted content from `start`; the quote itself is written twice inside, as in SQL. */
function quoted(text: string, start: number, flag: string): { content: string; end: number } {
  const quote = text[start];
  let content = "";
  let from = start + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close < 0)
      throw filterError(`the ${quote} is never closed`, text, { start, end: start + 1 }, flag);
    content += text.slice(from, close);
    if (text[close + 1] !== quote) return { content, end: close + 1 };
    content += quote;
    from = close + 2;
  }
}
