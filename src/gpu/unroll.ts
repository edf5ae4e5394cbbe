/**
 * Unrolls the loops that a .wgsl file marks with a leading unroll comment, so that its array
 * indices become constants. The file stays valid WGSL as it stands, with loops. Every word equal to
 * the loop variable is replaced, so nested loops need names of their own.
 */

const MARK = /\/\*unroll\*\/ for \(var (\w+) = ([^;]+); \1 < ([^;]+); \1\+\+\) \{/;

type Names = ReadonlyMap<string, number>;

/** Whole numbers and known names with + − * / and parentheses: "P - 1u", "2u * (2u + 3u) / 2u". */
function whole(text: string, names: Names): number {
  const tokens = text.match(/\w+|[^\s\w]/g) ?? [];
  let at = 0;
  const need = (holds: boolean): void => {
    if (!holds) throw new Error(`cannot unroll: "${text}" is not a whole number`);
  };
  const factor = (): number => {
    const token = tokens[at++] ?? "";
    if (token === "(") {
      const inner = sum();
      need(tokens[at++] === ")");
      return inner;
    }
    const value = names.get(token) ?? (/^\d+u?$/.test(token) ? parseInt(token, 10) : NaN);
    need(Number.isInteger(value));
    return value;
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === "*" || tokens[at] === "/")
      value = tokens[at++] === "*" ? value * factor() : Math.trunc(value / factor());
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-")
      value += tokens[at++] === "+" ? product() : -product();
    return value;
  };
  const result = sum();
  need(at === tokens.length);
  return result;
}

/** Where the brace that opens just before `from` closes. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  throw new Error("cannot unroll: unbalanced braces");
}

/** Indices of numbers alone as one number, "H[2u * (2u + 3u) / 2u]" as "H[5u]"; "i + 0u" as "i". */
const computed = (text: string): string =>
  text
    .replace(/\[([\du+*/() -]+)\]/g, (_, index: string) => `[${whole(index, new Map())}u]`)
    .replace(/ \+ 0u(?=[\],;)])/g, "");

/**
 * `source` with every marked loop written out; `constants` are the names that bounds may use.
 */
export function unroll(source: string, constants: Readonly<Record<string, number>>): string {
  const names = new Map(Object.entries(constants));
  const pieces: string[] = [];
  let rest = source;
  for (;;) {
    const match = MARK.exec(rest);
    if (match === null) break;
    const [mark, name, from, to] = [...match];
    const open = match.index + mark.length;
    const close = closing(rest, open);
    const body = rest.slice(open, close).replace(/^\n/, "").trimEnd();
    pieces.push(rest.slice(0, match.index).trimEnd());
    const word = new RegExp(`\\b${name}\\b`, "g");
    for (let i = whole(from, names); i < whole(to, names); i++) {
      const copy = unroll(computed(body.replace(word, `${i}u`)), constants);
      pieces.push(/\b(let|var)\b/.test(copy) ? `{\n${copy}\n}` : copy); // its own names need a block
    }
    rest = rest.slice(close + 1).replace(/^\n/, "");
  }
  pieces.push(rest);
  return pieces.join("\n");
}

/**
 * `source` with every marked loop as a loop that no compiler writes out: `settings.words`, which a
 * kernel has, is never 0, and no minimum of it with a bound is less than the bound. A product hides
 * the bound; from a minimum Mesa learns the most turns, and writes them out.
 */
export const unbounded = (source: string): string =>
  source
    .replace(/min\((\w+), settings\.words\)/g, "$1 * min(settings.words, 1u)")
    .replace(
      new RegExp(MARK, "g"),
      (_, name: string, from: string, to: string) =>
        `for (var ${name} = ${from}; ${name} < (${to}) * min(settings.words, 1u); ${name}++) {`,
    );
