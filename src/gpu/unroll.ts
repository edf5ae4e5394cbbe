/**
 * Unrolls the loops that a .wgsl file marks with a leading unroll comment, so that its array
 * indices become constants. The file stays valid WGSL as it stands, with loops. Every word equal to
 * the loop variable is replaced, so nested loops need names of their own.
 */

const MARK = /\/\*unroll\*\/ for \(var (\w+) = ([^;]+); \1 < ([^;]+); \1\+\+\) \{/;

/** Sums and differences of whole numbers and known names: "P", "i + 1u". */
function whole(text: string, names: ReadonlyMap<string, number>): number {
  let total = 0;
  let sign = 1;
  for (const token of text.split(/\s+/)) {
    if (token === "+" || token === "-") {
      sign = token === "+" ? 1 : -1;
      continue;
    }
    const value = names.get(token) ?? Number(token.replace(/u$/, ""));
    if (!Number.isInteger(value)) throw new Error(`cannot unroll: "${text}" is not a whole number`);
    total += sign * value;
  }
  return total;
}

function closing(text: string, open: number): number {
  let depth = 1;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  throw new Error("cannot unroll: unbalanced braces");
}

/** `source` with every marked loop written out; `constants` are the names that bounds may use. */
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
      const copy = unroll(body.replace(word, `${i}u`), constants);
      pieces.push(/\b(let|var)\b/.test(copy) ? `  {\n${copy}\n  }` : copy); // its own names need a block
    }
    rest = rest.slice(close + 1);
  }
  pieces.push(rest);
  return pieces.join("\n");
}
