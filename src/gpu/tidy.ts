/**
 * The one layout of WGSL text, generated or not: two spaces an open brace, two more for a line that
 * goes on, at most 100 columns, no blank lines but single ones between statements. Only white space
 * changes: generators write lines and need not know where they stand.
 */

const WIDTH = 100;

/** A line without its comment. */
function codeOf(line: string): string {
  const at = line.indexOf("//");
  return at < 0 ? line : line.slice(0, at).trimEnd();
}

/** How many more brackets a text opens than it closes. */
function opened(text: string, open: string, close: string): number {
  let depth = 0;
  for (const character of text) depth += character === open ? 1 : character === close ? -1 : 0;
  return depth;
}

/** Whether what follows a line begins a statement, a declaration or a struct's field. */
const isWhole = (code: string): boolean => ";{},".includes(code.at(-1) ?? "") || code[0] === "@";

/** Before these a line may be cut, and after commas and semicolons. */
const OPERATORS = new Set(["+", "-", "*", "/", "&&", "||", "==", "<", "<=", ">", ">="]);

/** The last place to cut in fewest brackets; between two statements before all others. */
function bestCut(head: string): number {
  let [best, least, depth] = [head.lastIndexOf(" "), Infinity, 0];
  for (let at = 1; at < head.length; at++) {
    const [before, here] = [head[at - 1], head[at]];
    if ("([{".includes(here)) depth++;
    else if (")]}".includes(here)) depth--;
    if (here !== " ") continue;
    const next = head.slice(at + 1, head.indexOf(" ", at + 1));
    if (before !== "," && before !== ";" && !OPERATORS.has(next)) continue;
    const rank = depth - (before === ";" ? 0.5 : 0);
    if (rank <= least) [best, least] = [at, rank];
  }
  return best;
}

/** A line's first piece of at most `width` columns, where it can be cut, and the rest. */
function cut(line: string, width: number): readonly [string, string] {
  const code = codeOf(line);
  const at = code.length > width ? bestCut(code.slice(0, width + 1)) : 0;
  return at > 0 ? [line.slice(0, at), line.slice(at).trimStart()] : [line, ""];
}

/** The same WGSL, laid out. @example tidy("if (a) {\nb = 1;\n}") // "if (a) {\n  b = 1;\n}" */
export function tidy(text: string): string {
  const lines: string[] = [];
  let [braces, parentheses, goesOn] = [0, 0, false];
  const add = (line: string): void => {
    const closes = line[0] === "}";
    if (closes && lines.at(-1) === "") lines.pop();
    const continued = (goesOn || parentheses > 0) && !closes && line[0] !== ")";
    const indent = "  ".repeat(braces - (closes ? 1 : 0) + (continued ? 1 : 0));
    const [first, rest] = cut(line, WIDTH - indent.length);
    lines.push(indent + first);
    const code = codeOf(first);
    braces = Math.max(0, braces + opened(code, "{", "}"));
    parentheses += opened(code, "(", ")");
    if (code !== "") goesOn = !isWhole(code);
    if (rest !== "") add(rest);
  };
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    if (line !== "") add(line);
    else if (lines.length > 0 && lines.at(-1) !== "" && !lines.at(-1)?.endsWith("{"))
      lines.push("");
  }
  return lines.join("\n").trimEnd();
}
