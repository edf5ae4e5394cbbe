/** Cuts the text of an expression into numbers, names, quoted texts and signs. */
import { entryOf } from "../base/known.ts";
import type { InputError, Span } from "../base/errors.ts";
import { DECIMAL, scaled, suffixPower } from "./number.ts";

/** A piece of an expression. */
export type Token = Span &
  (
    | { readonly kind: "number"; readonly value: number }
    /** `text`: the content, without quotes. */
    | { readonly kind: "name"; readonly text: string }
    | { readonly kind: "text"; readonly text: string }
    /** An operator, a bracket or a comma; `text` is its usual spelling: "==" of "=", "-" of "−". */
    | { readonly kind: "sign"; readonly text: string }
    | { readonly kind: "end"; readonly text: "" }
  );

/** How the pieces of one kind of expression are written. */
export interface Lexis {
  /** What a name is, from its first character on (a sticky pattern). */
  readonly name: RegExp;
  /** Names that are signs, in lower case; they are written in any case. */
  readonly words: ReadonlySet<string>;
  /** Signs as written and as meant, the longest first. */
  readonly signs: readonly (readonly [written: string, meant: string])[];
  /** Quotes around a text, or around a name with other characters. */
  readonly quotes: Readonly<Record<string, "text" | "name">>;
  /** Whether 7B and 12% are numbers. */
  readonly suffixes: boolean;
  /** What is said of a character right behind a number. */
  readonly besideNumber: (char: string) => string;
  /** What is said of a character that begins no piece. */
  readonly strange: (char: string) => string;
}

/** An error that points at a place of the expression. */
export type Fail = (problem: string, at: Span) => InputError;

const SPACE = /\s*/y;
const NUMBER = new RegExp(DECIMAL, "y");
const WORDY = /[\p{L}\p{N}_.]/u;

/** What a sticky pattern matches at an offset; "" where it does not. */
function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/**
 * The first token at or after an offset.
 *
 * @throws InputError that points at what is no token.
 */
export function nextToken(text: string, from: number, lexis: Lexis, fail: Fail): Token {
  const start = from + match(SPACE, text, from).length;
  if (start >= text.length) return { kind: "end", text: "", start, end: start };
  const char = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const digits = match(NUMBER, text, start);
  if (digits !== "") return numberToken(text, start, digits, lexis, fail);
  if (Object.hasOwn(lexis.quotes, char))
    return quoted(text, start, entryOf(lexis.quotes, char), fail);
  const name = match(lexis.name, text, start);
  const end = start + name.length;
  if (lexis.words.has(name.toLowerCase()))
    return { kind: "sign", text: name.toLowerCase(), start, end };
  if (name !== "") return { kind: "name", text: name, start, end };
  const sign = lexis.signs.find(([written]) => text.startsWith(written, start));
  if (sign !== undefined)
    return { kind: "sign", text: sign[1], start, end: start + sign[0].length };
  throw fail(lexis.strange(char), { start, end: start + char.length });
}

function numberToken(
  text: string,
  start: number,
  digits: string,
  { suffixes, besideNumber }: Lexis,
  fail: Fail,
): Token {
  let end = start + digits.length;
  const power = suffixes ? suffixPower(text[end] ?? "") : undefined;
  if (power !== undefined) end += 1;
  const after = text[end] ?? "";
  if (WORDY.test(after)) throw fail(besideNumber(after), { start: end, end: end + 1 });
  const value = scaled(digits, power ?? 0);
  if (!Number.isFinite(value)) throw fail("the number is too large", { start, end });
  return { kind: "number", value, start, end };
}

/** Quoted content from `start`; the quote itself is written twice inside, as in SQL. */
function quoted(text: string, start: number, kind: "text" | "name", fail: Fail): Token {
  const quote = text.charAt(start);
  let content = "";
  let from = start + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close < 0) throw fail(`the ${quote} is never closed`, { start, end: start + 1 });
    content += text.slice(from, close);
    if (text[close + 1] !== quote) return { kind, text: content, start, end: close + 1 };
    content += quote;
    from = close + 2;
  }
}
