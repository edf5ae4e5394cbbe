/**
 * The float64 form of a program: what polishes, checks and reports. Compiled to JavaScript where that is allowed, interpreted where it is not
 * (pages whose policy forbids `new Function`); both do the same operations in the same order, so they agree bit for bit.
 */
import { type Node, topological } from "./graph.ts";
import { OPS } from "./ops.ts";
import type { Level, Program, Slot, Table } from "./program.ts";

/** Columns of data, row-major: table[row·width + column]. */
export interface Tables {
  readonly mix: Float64Array;
  readonly run: Float64Array;
  readonly response: Float64Array;
}

/** What `runs` adds into. */
export interface Sums {
  /** Σ w·ω·d dᵀ over the columns, packed lower triangle: (a,b) at a(a+1)/2 + b. */
  readonly S: Float64Array;
  /** Σ w·ψ(r)·d. */
  readonly v: Float64Array;
}

/** One candidate's working memory is `values`, a number a slot. */
export interface Evaluator64 {
  /** Parameters → fit-level slots. */
  fit(values: Float64Array, theta: Float64Array): void;
  /** Group `group`'s columns → mix-level slots. */
  mix(values: Float64Array, tables: Tables, group: number): void;
  /** Run `run`'s columns → run-level slots; returns the program's value. */
  run(values: Float64Array, tables: Tables, run: number): number;
  /**
   * Residual sums over runs [from, to): returns Σ w·ρ(r) with Huber's ρ (r²/2 up to δ, δ(|r| − δ/2) beyond) and adds to `sums`.
   * Weights ω of S: 1 up to δ, tau·δ/|r| beyond (tau = 1 is IRLS, which majorizes; smaller is nearer Newton's Hessian). Runs of weight 0 are not read.
   */
  runs(
    values: Float64Array,
    tables: Tables,
    weight: Float64Array,
    from: number,
    to: number,
    delta: number,
    tau: number,
    sums: Sums,
  ): number;
}

const TABLE_ARGS: Record<Table, string> = { mix: "tables.mix", run: "tables.run", response: "tables.response" };

/** Slots of one level in order, with the columns that level loads. */
function ofLevel(program: Program, level: Level): number[] {
  return program.slots.flatMap((slot, i) => {
    if (slot.kind === "const") return [];
    const at = slot.kind === "op" ? slot.level : slot.kind === "param" ? "fit" : slot.table === "mix" ? "mix" : "run";
    return at === level ? [i] : [];
  });
}

/** Fresh working memory with the constants in place. */
export function workspace(program: Program): Float64Array {
  return Float64Array.from(program.slots, (slot) => (slot.kind === "const" ? slot.value : 0));
}

/** The compiled form, or the interpreted one where the page forbids compiling. */
export function evaluator64(program: Program): Evaluator64 {
  try {
    return compiled(program);
  } catch (error) {
    if (error instanceof EvalError) return interpreted(program); // content security policy without 'unsafe-eval'
    throw error;
  }
}

export function interpreted(program: Program): Evaluator64 {
  const { slots, columns, tables: layout } = program;
  const execute = (
    ids: readonly number[],
    values: Float64Array,
    theta: Float64Array | undefined,
    tables: Tables | undefined,
    row: number,
  ) => {
    for (const i of ids) {
      const slot = slots[i];
      if (slot.kind === "op") {
        values[i] = OPS[slot.op].f64(values[slot.args[0]], values[slot.args[1] ?? 0]);
      } else if (slot.kind === "param") values[i] = theta?.[slot.index] as number;
      else if (slot.kind === "column") values[i] = tables?.[slot.table][row * layout[slot.table].length + slot.index] as number;
    }
  };
  const [fitIds, mixIds, runIds] = [ofLevel(program, "fit"), ofLevel(program, "mix"), ofLevel(program, "run")];
  const run = (values: Float64Array, tables: Tables, at: number): number => {
    execute(runIds, values, undefined, tables, at);
    return values[program.value];
  };
  return {
    fit: (values, theta) => execute(fitIds, values, theta, undefined, 0),
    mix: (values, tables, group) => execute(mixIds, values, undefined, tables, group),
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
        for (let a = 0, at2 = 0; a < columns.length; a++) {
          const da = values[(columns[a] as { partial: number }).partial];
          v[a] = (v[a]) + psi * da;
          const scaled = omega * da;
          for (let b = 0; b <= a; b++, at2++)
            S[at2] = (S[at2]) + scaled * (values[(columns[b] as { partial: number }).partial]);
        }
      }
      return total;
    },
  };
}

export function compiled(program: Program): Evaluator64 {
  const { slots, columns, tables: layout } = program;
  const used = [...new Set(slots.flatMap((s) => (s.kind === "op" && OPS[s.op].js === undefined ? [s.op] : [])))];
  const level = { fit: ofLevel(program, "fit"), mix: ofLevel(program, "mix"), run: ofLevel(program, "run") };
  // A slot of the level under way is a local variable; one of an earlier level is read from `values`.
  const code = (ids: readonly number[], row: string) => {
    const local = new Set(ids);
    const ref = (i: number): string => {
      const slot = slots[i];
      if (slot.kind === "const") return slot.value < 0 ? `(${slot.value})` : String(slot.value);
      return local.has(i) ? `s${i}` : `p${i}`;
    };
    const body = ids.map((i) => {
      const slot = slots[i];
      if (slot.kind === "op") {
        const args = slot.args.map(ref);
        return `const s${i} = ${OPS[slot.op].js?.(args[0] ?? "", args[1] ?? "") ?? `${slot.op}(${args.join(", ")})`};`;
      }
      if (slot.kind === "param") return `const s${i} = theta[${slot.index}];`;
      if (slot.kind === "column") return `const s${i} = ${TABLE_ARGS[slot.table]}[${row} * ${layout[slot.table].length} + ${slot.index}];`;
      return "";
    });
    const reads = [
      ...new Set(
        ids.flatMap((i) => {
          const slot = slots[i];
          return slot.kind === "op" ? slot.args.filter((a) => !local.has(a) && (slots[a]).kind !== "const") : [];
        }),
      ),
    ];
    return { body: body.join("\n"), reads, ref };
  };
  const stores = (ids: readonly number[]) => ids.map((i) => `values[${i}] = s${i};`).join("\n");
  const loads = (ids: readonly number[]) => ids.map((i) => `const p${i} = values[${i}];`).join("\n");
  const fit = code(level.fit, "0");
  const mix = code(level.mix, "group");
  const run = code(level.run, "at");
  const partials = columns.map((c) => run.ref(c.partial));
  const outside = [...new Set([program.value, ...columns.map((c) => c.partial)])].filter(
    (i) => (slots[i]).kind !== "const" && !level.run.includes(i) && !run.reads.includes(i),
  );
  const pairs = columns.flatMap((_, a) => columns.slice(0, a + 1).map((__, b) => [a, b] as const));
  const text = `"use strict";
return {
fit(values, theta) {
${fit.body}
${stores(level.fit)}
},
mix(values, tables, group) {
${loads(mix.reads)}
${mix.body}
${stores(level.mix)}
},
run(values, tables, at) {
${loads([...run.reads, ...outside])}
${run.body}
${stores(level.run)}
return ${run.ref(program.value)};
},
runs(values, tables, weight, from, to, delta, tau, { S, v }) {
${loads([...run.reads, ...outside])}
let total = 0;
${columns.map((_, a) => `let v${a} = v[${a}];`).join(" ")}
${pairs.map(([a, b]) => `let S${a}_${b} = S[${(a * (a + 1)) / 2 + b}];`).join(" ")}
for (let at = from; at < to; at++) {
const w = weight[at];
if (w === 0) continue;
${run.body}
const r = ${run.ref(program.value)};
const size = Math.abs(r);
const inside = size <= delta;
total += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta));
const psi = w * (inside ? r : r > 0 ? delta : -delta);
const omega = w * (inside ? 1 : (tau * delta) / size);
${columns.map((_, a) => `v${a} += psi * ${partials[a]}; const d${a} = omega * ${partials[a]};`).join("\n")}
${pairs.map(([a, b]) => `S${a}_${b} += d${a} * ${partials[b]};`).join("\n")}
}
${columns.map((_, a) => `v[${a}] = v${a};`).join(" ")}
${pairs.map(([a, b]) => `S[${(a * (a + 1)) / 2 + b}] = S${a}_${b};`).join(" ")}
return total;
},
};`;
  // The text is made of the operator table's spellings and slot numbers only: nothing a user typed reaches it.
  const make = new Function(...used, text) as (...functions: unknown[]) => Evaluator64;
  return make(...used.map((op) => OPS[op].f64));
}

/** Evaluates data-only (or any closed) expressions directly: fills columns, and checks. `leaf` gives the value of each leaf that is not a constant. */
export function evaluate(roots: readonly Node[], leaf: (n: Node) => number): number[] {
  const values = new Map<Node, number>();
  for (const node of topological(roots)) {
    if (node.kind === "const") values.set(node, node.value);
    else if (node.kind === "op") {
      const [a, b] = node.args.map((x) => values.get(x) as number);
      values.set(node, OPS[node.op].f64(a, b ?? 0));
    } else values.set(node, leaf(node));
  }
  return roots.map((root) => values.get(root) as number);
}
