/**
 * The float64 form of a program: what polishes, checks and reports. Compiled to JavaScript where
 * that is allowed, interpreted where it is not (pages whose policy forbids `new Function`); both do
 * the same operations in the same order, so they agree bit for bit.
 */
import type { Evaluator64, Tables } from "./evaluator.ts";
import { type Node, topological } from "./graph.ts";
import { OPS } from "./operators.ts";
import { type BentProgram, ofLevel, type Program } from "./program.ts";
import { compiled } from "./javascript.ts";
import { spreadLoop } from "./scatter-columns.ts";

/**
 * By program: writing the text takes milliseconds, and the engine optimizes a function for as long
 * as it is the same.
 */
const made = new WeakMap<Program | BentProgram, Evaluator64>();

/**
 * The compiled form, or the interpreted one where the page forbids compiling. Keeps nothing between
 * calls: the same program's is the same for all.
 */
export function evaluator64(program: Program | BentProgram): Evaluator64 {
  const code = made.get(program) ?? evaluatorOf(program);
  made.set(program, code);
  return code;
}

function evaluatorOf(program: Program | BentProgram): Evaluator64 {
  try {
    return compiled(program);
  } catch (error) {
    // content security policy without 'unsafe-eval'
    if (error instanceof EvalError) return interpreted(program);
    throw error;
  }
}

/** The interpreted form. */
export function interpreted(program: Program | BentProgram): Evaluator64 {
  const { slots, columns, tables: layout } = program;
  const none = new Float64Array();
  const empty: Tables = { mix: none, run: none, response: none };
  const execute = (
    ids: readonly number[],
    values: Float64Array,
    theta: Float64Array,
    tables: Tables,
    row: number,
  ): void => {
    for (const i of ids) {
      const slot = slots[i];
      if (slot.kind === "op")
        values[i] = OPS[slot.op].f64(values[slot.args[0]], values[slot.args[1] ?? 0]);
      else if (slot.kind === "param") values[i] = theta[slot.index];
      else if (slot.kind === "column")
        values[i] = tables[slot.table][row * layout[slot.table].length + slot.index];
    }
  };
  const [fitIds, mixIds, runIds] = [
    ofLevel(program, "fit"),
    ofLevel(program, "mix"),
    ofLevel(program, "run"),
  ];
  const run = (values: Float64Array, tables: Tables, at: number): number => {
    execute(runIds, values, none, tables, at);
    return values[program.value];
  };
  return {
    fit: (values, theta) => execute(fitIds, values, theta, empty, 0),
    mix: (values, tables, group) => execute(mixIds, values, none, tables, group),
    run,
    runs(values, tables, weight, from, to, delta, tau, { S, v }) {
      let total = 0;
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        const r = run(values, tables, at);
        const size = Math.abs(r);
        const inside = size <= delta;
        total += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta));
        const psi = w * (inside ? r : r > 0 ? delta : -delta);
        const omega = w * (inside ? 1 : (tau * delta) / size);
        for (let a = 0, ab = 0; a < columns.length; a++) {
          const partial = values[columns[a].partial];
          v[a] += psi * partial;
          const scaled = omega * partial;
          for (let b = 0; b <= a; b++, ab++) S[ab] += scaled * values[columns[b].partial];
        }
      }
      return total;
    },
    bends(values, tables, weight, from, to, delta, tau, pulls) {
      if (!("bend" in program)) throw new Error("the program has no second derivative");
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        const size = Math.abs(run(values, tables, at));
        const pull = w * (size <= delta ? 1 : (tau * delta) / size) * values[program.bend];
        for (const [a, { partial }] of columns.entries()) pulls[a] += pull * values[partial];
      }
    },
    spread: spreadLoop(program),
    sum(values, tables, weight, from, to, slopes) {
      let total = 0;
      for (let at = from; at < to; at++) {
        const w = weight[at];
        if (w === 0) continue;
        total += w * run(values, tables, at);
        for (const [a, { partial }] of columns.entries()) slopes[a] += w * values[partial];
      }
      return total;
    },
  };
}

/**
 * Evaluates data-only (or any closed) expressions directly: fills columns, and checks. `leaf` gives
 * the value of each leaf that is not a constant.
 */
export function evaluate(roots: readonly Node[], leaf: (n: Node) => number): number[] {
  const values = new Map<Node, number>();
  // topological order: arguments come first
  const value = (node: Node): number => values.get(node) ?? NaN;
  for (const node of topological(roots)) {
    if (node.kind === "const") values.set(node, node.value);
    else if (node.kind === "op") {
      const [a, b = 0] = node.args.map(value);
      values.set(node, OPS[node.op].f64(a, b));
    } else values.set(node, node.kind === "known" ? value(node.value) : leaf(node));
  }
  return roots.map(value);
}
