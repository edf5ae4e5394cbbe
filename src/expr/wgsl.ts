/**
 * The WGSL form of a program. One line a node, stable names (level and slot number: fit3, mix8,
 * run21), constant indices only: dynamic indices into private arrays are 10 × slower on software
 * adapters.
 */
import { type Node, topological } from "./graph.ts";
import { OPS } from "./operators.ts";
import { Interner } from "./simplify.ts";
import { type Level, levelOf, type Program, type Table } from "./program.ts";

/** How a kernel reads a column of each table, as WGSL. */
export type TableAccess = Readonly<Record<Table, (column: number) => string>>;

/** A float32 literal; WGSL refuses one that overflows. */
export function literal(value: number): string {
  const x = Math.max(-3.4e38, Math.min(3.4e38, value));
  const text = String(x);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * The text of a reference to slot i. (Not "f32" for slot 32 of level fit: that name would hide the
 * type.)
 */
export function reference(program: Program, i: number): string {
  const slot = program.slots[i];
  if (slot.kind === "const")
    return slot.value < 0 ? `(${literal(slot.value)})` : literal(slot.value);
  return `${levelOf(slot)}${i}`;
}

/**
 * The `let` lines of one level. Parameters and columns go by their index: names come from tables
 * and fit files, and a line break in one would put code into the kernel. `point` is the array of
 * coordinates, `direction` that of a bent program's direction.
 */
export function lines(
  program: Program,
  level: Level,
  access: TableAccess,
  point: string,
  direction = "",
): string[] {
  return program.slots.flatMap((slot, i) => {
    if (levelOf(slot) !== level) return [];
    const name = reference(program, i);
    if (slot.kind === "param") {
      const { params } = program;
      const from =
        slot.index < params ? `${point}[${slot.index}]` : `${direction}[${slot.index - params}]`;
      return [`let ${name} = ${from};`];
    }
    if (slot.kind === "column") return [`let ${name} = ${access[slot.table](slot.index)};`];
    if (slot.kind !== "op") return [];
    const [a, b] = slot.args.map((arg) => reference(program, arg));
    return [`let ${name} = ${OPS[slot.op].wgsl(a ?? "", b ?? "")};`];
  });
}

/**
 * Named expressions as `let` lines: a line an operator, and one for what several have in common.
 *
 * @param values the expressions, by the names that their lines give them
 * @param leaves what leaves are called that do not go by their own names
 * @example statements({ twice: mul(input("delta"), 2) }, { delta: "settings.delta" })
 *   // ["let twice = settings.delta * 2.0;"]
 */
export function statements(
  values: Readonly<Record<string, Node>>,
  leaves: Readonly<Record<string, string>>,
): string[] {
  const interner = new Interner();
  const named = new Map(
    Object.entries(values).map(([name, node]) => [interner.canonical(node), name] as const),
  );
  const names = new Map<Node, string>();
  const out: string[] = [];
  for (const node of topological(named.keys())) {
    const text = textOf(node, names, leaves);
    const name = named.get(node) ?? (node.kind === "op" ? `part${out.length}` : text);
    if (name !== text) out.push(`let ${name} = ${text};`);
    names.set(node, name);
  }
  return out;
}

/** The text of a node whose arguments have names. */
function textOf(
  node: Node,
  names: ReadonlyMap<Node, string>,
  leaves: Readonly<Record<string, string>>,
): string {
  if (node.kind === "const") return literal(node.value);
  if (node.kind === "input") return leaves[node.name] ?? node.name;
  if (node.kind !== "op") throw new Error(`a named expression does not depend on ${node.kind}`);
  const [a = "", b = ""] = node.args.map((argument) => names.get(argument));
  return OPS[node.op].wgsl(a, b);
}
