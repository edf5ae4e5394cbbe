/**
 * A workgroup of 32 invocations of a search kernel, which is one warp, run in JavaScript to count
 * how often the warp comes to each of the text's lines. Between two barriers a warp does a block as
 * often as the invocation that does it most.
 */
import { firstOf, itemAt, lastOf } from "../../src/base/known.ts";
import { blank } from "./cuda.ts";

const WARP = 32;

/** What a kernel works on: by binding, 32-bit words, or rows of four floats. */
export type Memory = Readonly<Record<string, Uint32Array | readonly Float64Array[]>>;

/** Where blocks begin and which block each line, numbered from 1, is of. */
interface Blocks {
  readonly text: string;
  readonly count: number;
  readonly ofLine: Int32Array;
}

const FUNCTION = /fn (\w+)\(([^{]*?)\)(?:\s*->\s*[\w<>]+)?\s*\{/g;

/** The text with a call of `enter_block` where each block of a function begins. */
function withCounts(wgsl: string): Blocks {
  const ofLine = new Int32Array(wgsl.split("\n").length + 2).fill(-1);
  let [line, count, text] = [1, 0, ""];
  const open: number[] = [];
  let isFunction = false;
  const functions = new Set(Array.from(wgsl.matchAll(FUNCTION), ({ index, 0: head }) => index + head.length - 1)); // prettier-ignore
  for (let i = 0; i < wgsl.length; i++) {
    const c = wgsl[i];
    text += c;
    if (c === "\n") {
      line++;
      if (open.length > 0) ofLine[line] = lastOf(open);
    } else if (c === "{") {
      isFunction = open.length > 0 || functions.has(i);
      if (!isFunction) continue;
      // What a loop's head does, it does once a turn.
      const head = wgsl.slice(Math.max(wgsl.lastIndexOf("\n", i), 0), i);
      if (/\bfor \(/.test(head)) ofLine[line] = count;
      open.push(count);
      text += ` enter_block(${count});`;
      count++;
    } else if (c === "}" && open.length > 0) open.pop();
  }
  return { text, count, ofLine };
}

/** Names of the functions that come to a barrier, or call one that does. */
function waiting(wgsl: string): Set<string> {
  const heads = Array.from(wgsl.matchAll(FUNCTION), ({ 1: name = "", index }) => ({ name, index }));
  const bodies = heads.map(({ name, index }, n) => ({
    name,
    body: wgsl.slice(index + 3 + name.length, heads[n + 1]?.index),
  }));
  const found = new Set<string>(["workgroupBarrier", "workgroupUniformLoad"]);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { name, body } of bodies)
      if ([...found].some((known) => new RegExp(`\\b${known}\\(`).test(body)))
        found.add(name);
  } // prettier-ignore
  return found;
}

/** The calls that `calls` finds as those of generators, in parentheses. */
function waited(text: string, calls: RegExp): string {
  let result = text;
  for (const { index, 0: head } of [...text.matchAll(calls)].toReversed()) {
    let end = index + head.length;
    for (let depth = 1; depth > 0; end++)
      depth += Number(result[end] === "(") - Number(result[end] === ")");
    result = `${result.slice(0, index)}(yield* ${result.slice(index, end)})${result.slice(end)}`;
  }
  return result;
}

/** A kernel of WGSL as JavaScript: a function of `library` that makes one of an invocation. */
function scriptOf(wgsl: string): string {
  const waits = waiting(wgsl);
  const calls = new RegExp(`(?<!function\\* )\\b(${[...waits].join("|")})\\(`, "g");
  const shared = Array.from(wgsl.matchAll(/var<workgroup> (\w+): ([^;]+);/g));
  const own = Array.from(wgsl.matchAll(/var<private> (\w+): ([^;]+);/g));
  const declared = (list: readonly RegExpMatchArray[]): string =>
    list
      .map(([, name, type = ""]) => `let ${name} = zero("${type.replace(/\s+/g, " ")}");`)
      .join("\n");
  const constants: string[] = [];
  const values = wgsl
    .replace(/const (\w+) = array<[^(]*>\(([^;]*)\);/g, (_, name: string, list: string) => {
      constants.push(`const ${name} = [${list}];`);
      return "";
    })
    .replace(/^const [^;]*;/gm, (line) => (constants.push(line), ""));
  const functions = waited(
    blank(values, /@group\(0\)[^;]*;|var<[^;]*;|@compute|@workgroup_size\(\w+\)/g)
      .replace(/struct (\w+) \{([^}]*)\}/g, (_, name: string, fields: string) => {
        const names = Array.from(fields.matchAll(/(\w+):/g), ([, field]) => field).join(", ");
        return `const ${name} = (${names}) => ({ ${names} });`;
      })
      .replace(FUNCTION, (_, name: string, list: string) => {
        const names = Array.from(list.matchAll(/(\w+):/g), ([, parameter]) => parameter);
        return `function${waits.has(name) ? "*" : ""} ${name}(${names.join(", ")}) {`;
      })
      .replace(/atomicStore\(&([^,]+), ([^)]+)\)/g, "$1 = $2")
      .replace(/atomicLoad\(&([^)]+)\)/g, "$1")
      .replace(/\bvar (\w+): [\w<>, ]+?( =|;)/g, "let $1$2")
      .replace(/\blet (?=\w+ =)/g, "const ")
      .replace(/\bvar /g, "let ")
      .replace(/workgroupUniformLoad\(&/g, "workgroupUniformLoad(")
      .replace(/\bbitcast<(\w+)>\(/g, "bitcast_$1(")
      .replace(/(\w+) \/ (\d+u|TEAM)\b/g, "Math.floor($1 / $2)")
      .replace(/^(\s*[\w[\].]+(?: \+ \d+u\])?) = (\w+\[[^;=]*\]);/gm, "$1 = copy($2);"),
    calls,
  );
  const text = `${constants.join("\n")}\n${declared(shared)}
    return function () {\n${declared(own)}\n${functions}\nreturn search;\n}`;
  return text.replace(/\b(0x[\da-f]+|\d+)u\b/g, "$1");
}

class Vector extends Float64Array {
  get x() { return itemAt(this, 0); } set x(value) { this[0] = value; }
  get y() { return itemAt(this, 1); } set y(value) { this[1] = value; }
  get z() { return itemAt(this, 2); } set z(value) { this[2] = value; }
  get w() { return itemAt(this, 3); } set w(value) { this[3] = value; }
} // prettier-ignore

/** A row of a table. */
export const vector = (values: ArrayLike<number>): Float64Array => Vector.from(values);

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** What the kernel's text calls. */
const LIBRARY = {
  select: (no: unknown, yes: unknown, is: boolean) => (is ? yes : no),
  clamp: (x: number, low: number, high: number) => Math.min(Math.max(x, low), high),
  bitcast_f32: (word: number) => ((words[0] = word), floats[0]),
  bitcast_u32: (x: number) => ((floats[0] = x), words[0]),
  u32: (x: number | boolean) => Math.trunc(Number(x)),
  f32: Number,
  copy: (x: unknown) => (x instanceof Vector ? Vector.from(x) : x),
  min: Math.min, max: Math.max, abs: Math.abs, exp: Math.exp, log: Math.log, sqrt: Math.sqrt,
  round: Math.round, floor: Math.floor, pow: Math.pow, sin: Math.sin, cos: Math.cos, tanh: Math.tanh,
  *workgroupBarrier() { yield; },
  *workgroupUniformLoad(from: number[]) { yield; const value = [...from]; yield; return value; },
}; // prettier-ignore

/** Zeros of a WGSL type; `sizeOf` says what its lengths are. */
function zeros(type: string, sizeOf: (length: string) => number): unknown {
  const array = /^array<(.*), ([^,<>]+)>$/.exec(type.trim());
  if (array !== null) {
    const [, element = "", length = ""] = array;
    return Array.from({ length: sizeOf(length) }, () => zeros(element, sizeOf));
  }
  if (type.startsWith("vec4")) return new Vector(4);
  return type === "bool" ? false : 0;
}

/** How often the warp comes to each line, numbered from 1. */
export function timesByLine(wgsl: string, memory: Memory, settings: object): Float64Array {
  const { text, count, ofLine } = withCounts(blank(wgsl, /\/\/[^\n]*/g));
  const sizes = new Map(
    Array.from(wgsl.matchAll(/^const (\w+) = (\d+)u;/gm), ([, name, value]) => [
      name,
      Number(value),
    ]),
  );
  const sizeOf = (length: string): number =>
    length.split("*").reduce((product, part) => {
      const name = part.trim();
      return product * (sizes.get(name) ?? parseInt(name, 10));
    }, 1);
  const own = Array.from({ length: WARP }, () => new Float64Array(count));
  let current = firstOf(own);
  const given: Record<string, unknown> = {
    ...LIBRARY,
    ...memory,
    settings,
    zero: (type: string) => zeros(type, sizeOf),
    enter_block: (block: number) => void (current[block] = itemAt(current, block) + 1),
  };
  // oxlint-disable-next-line no-implied-eval -- the kernel's own text, in a development check
  const make = new Function(...Object.keys(given), scriptOf(text))(
    ...Object.values(given),
  ) as () => (workgroup: object, local: number) => Generator | undefined;
  const lanes = own.map((times, n) => {
    current = times;
    return make()({ x: 0, y: 0, z: 0 }, n);
  });
  const total = new Float64Array(count);
  for (let going = true; going;) {
    going = false;
    for (const [n, invocation] of lanes.entries()) {
      current = itemAt(own, n);
      if (invocation?.next().done === false) going = true;
    }
    for (let block = 0; block < count; block++) {
      total[block] = itemAt(total, block) + Math.max(...own.map((times) => itemAt(times, block)));
      for (const times of own) times[block] = 0;
    }
  }
  return Float64Array.from(ofLine, (block) => (block < 0 ? 0 : itemAt(total, block)));
}

/** Whether a line, numbered from 1, is of a function that the text calls from several places. */
export function sharedLines(wgsl: string): (line: number) => boolean {
  const text = blank(wgsl, /\/\/[^\n]*/g);
  const heads = Array.from(text.matchAll(FUNCTION), ({ 1: name = "", index }) => ({
    name,
    from: text.slice(0, index).split("\n").length,
    calls: text.split(new RegExp(`\\b${name}\\(`)).length - 2,
  }));
  return (line) => {
    const own = heads.findLast(({ from }) => from <= line);
    return own === undefined || own.calls > 1;
  };
}
