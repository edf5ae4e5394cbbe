/**
 * The steps of a group of coordinates as compiled code. Groups of the same shape, such as those of
 * a law's domains, share it: it reads which slots are meant from a list.
 */
import type { OpName } from "../graph.ts";
import { canCompile } from "../javascript.ts";
import { OP_NAMES, OPS } from "../operators.ts";
import type { Slot } from "../program.ts";

/** Computes some slots of a memory. */
export type Steps = (memory: Float64Array) => void;

/** Code of a shape: `places` has the slots that it reads and writes, in the order of its text. */
type Shape = (memory: Float64Array, places: Int32Array) => void;

const shapes = new Map<string, Shape>();

/** Operators without a spelling of their own are functions that the text calls by name. */
const CALLED = OP_NAMES.filter((op) => OPS[op].js === undefined);

/** Engines leave functions of more code unoptimized. */
const LONGEST = 400;

/** Code for these slots, in their order; undefined where none may be compiled, or it is long. */
export function compiledSteps(slots: readonly Slot[], steps: Int32Array): Steps | undefined {
  if (steps.length > LONGEST || !canCompile()) return undefined;
  const places: number[] = [];
  const placed = (slot: number): string => `m[p[${places.push(slot) - 1}]]`;
  const computed = new Map<number, string>();
  const lines = [...steps].map((id, n) => {
    const slot = slots[id];
    if (slot.kind !== "op") throw new Error(`slot ${id} is not computed`);
    const text = spelled(slot.op, inOrder(slot.op, slot.args, computed).map((arg) => computed.get(arg) ?? placed(arg))); // prettier-ignore
    computed.set(id, `s${n}`);
    return `const s${n} = ${placed(id)} = ${text};`;
  });
  const text = lines.join("\n");
  const shape = shapes.get(text) ?? shapeOf(text);
  shapes.set(text, shape);
  const own = Int32Array.from(places);
  return (memory) => shape(memory, own);
}

/** Sums and products are the same in either order: what was computed before comes first. */
const inOrder = (
  op: OpName,
  args: readonly number[],
  computed: ReadonlyMap<number, string>,
): readonly number[] =>
  (op === "add" || op === "mul") && args.length === 2 && !computed.has(args[0])
    ? args.toReversed()
    : args;

const spelled = (op: OpName, [a, b = a]: readonly string[]): string =>
  OPS[op].js?.(`(${a})`, `(${b})`) ?? `${op}(${a}, ${b})`;

function shapeOf(text: string): Shape {
  // The text is made of the operator table's spellings and of numbers only.
  // oxlint-disable-next-line typescript/no-implied-eval -- compiling is the point
  const make = new Function(...CALLED, `"use strict"; return (m, p) => {\n${text}\n};`) as (
    ...functions: unknown[]
  ) => Shape;
  return make(...CALLED.map((op) => OPS[op].f64));
}
