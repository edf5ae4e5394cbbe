/**
 * A program as JavaScript text, compiled: straight-line code, several times faster than the
 * interpreter and bit for bit the same.
 */
import type { Evaluator64 } from "./evaluator.ts";
import type { Node, OpName } from "./graph.ts";
import { fold, type Loss, type LossKind, lossOf, matrixWeight } from "./loss.ts";
import { OP_NAMES, OPS } from "./operators.ts";
import { type BentProgram, type Level, ofLevel, type Program, type Slot } from "./program.ts";
import { spreadLoop, spreadText } from "./scatter-columns.ts";

/**
 * One level's code. `name` is the text of a slot as this level sees it, `reads` the slots of
 * earlier levels it needs.
 */
interface Part {
  readonly ids: readonly number[];
  readonly reads: readonly number[];
  readonly body: string;
  readonly name: (slot: number) => string;
}

/** Throws EvalError where a page's policy forbids compiling. */
export function compiled(program: Program | BentProgram, loss: LossKind): Evaluator64 {
  const called = OP_NAMES.filter((op) => OPS[op].js === undefined);
  // The text is made of the operator table's spellings and of numbers only: nothing a user typed
  // reaches it.
  // oxlint-disable-next-line typescript/no-implied-eval -- compiling is the point; evaluator64 falls back where it is forbidden
  const make = new Function("spreadLoop", ...called, script(program, lossOf(loss))) as (
    ...functions: unknown[]
  ) => Evaluator64;
  return make(() => spreadLoop(program), ...called.map((op) => OPS[op].f64));
}

function script(program: Program | BentProgram, loss: Loss): string {
  const fit = part(program, "fit", "0");
  const mix = part(program, "mix", "group");
  const run = part(program, "run", "at");
  return `"use strict";
return {
fit(values, theta) {
${fit.body}
${stores(fit)}
},
mix(values, tables, group) {
${loads(mix.reads)}
${mix.body}
${stores(mix)}
},
run(values, tables, at) {
${loads(run.reads)}
${run.body}
${stores(run)}
return ${run.name(program.value)};
},
${sumOverRuns(program, run, loss)},
${"bend" in program ? bends(program, run, loss) : weightedSum(program, run)},
spread: ${spreadText(program) ?? "spreadLoop()"}
};`;
}

/**
 * Engines leave functions of more code than this unoptimized, ten times slower; V8's bound is 60 kB
 * of bytecode, of which an operation takes about 20 bytes.
 */
const LONGEST = 500;

/** The text of `sum`; long code in pieces that hand their values on in `values`. */
function weightedSum(program: Program, run: Part): string {
  const { ids, name } = run;
  const whole = ids.length <= LONGEST;
  const inPieces = Array.from({ length: Math.ceil(ids.length / LONGEST) }, (_, n) =>
    ids.slice(n * LONGEST, (n + 1) * LONGEST),
  );
  const value = (i: number): string =>
    whole || program.slots[i].kind === "const" ? name(i) : `values[${i}]`;
  return `sum: (() => {
${whole ? "" : inPieces.map((some, n) => `const piece${n} = ${piece(program, some)};`).join("\n")}
return (values, tables, weight, from, to, slopes) => {
${whole ? loads(run.reads) : ""}
let total = 0;
for (let at = from; at < to; at++) {
const w = weight[at];
if (w === 0) continue;
${whole ? run.body : inPieces.map((_, n) => `piece${n}(values, tables, at);`).join("\n")}
total += w * ${value(program.value)};
${program.columns.map((c, a) => `slopes[${a}] += w * ${value(c.partial)};`).join("\n")}
}
return total;
};
})()`;
}

/** A function that computes some slots of the run level and stores them. */
function piece(program: Program, ids: readonly number[]): string {
  const some = partOf(program, ids, "at");
  return `(values, tables, at) => {\n${loads(some.reads)}\n${some.body}\n${stores(some)}\n}`;
}

/**
 * The text of `runs`. Sums are kept in local variables; float64.ts has the same computation in
 * readable form.
 */
function sumOverRuns(program: Program, run: Part, loss: Loss): string {
  const partials = program.columns.map((c) => run.name(c.partial));
  const each = (f: (a: number) => string, glue = " "): string =>
    partials.map((_, a) => f(a)).join(glue);
  const pair = (f: (a: number, b: number, at: number) => string, glue = " "): string =>
    partials
      .flatMap((_, a) => partials.slice(0, a + 1).map((__, b) => f(a, b, (a * (a + 1)) / 2 + b)))
      .join(glue);
  return `runs(values, tables, weight, from, to, delta, tau, { S, v }) {
${loads(run.reads)}
let total = 0;
${each((a) => `let v${a} = v[${a}];`)}
${pair((a, b, at) => `let S${a}_${b} = S[${at}];`)}
for (let at = from; at < to; at++) {
const w = weight[at];
if (w === 0) continue;
${run.body}
const residual = ${run.name(program.value)};
total += w * ${spell(loss.rho)};
const psi = w * ${spell(loss.psi)};
const omega = w * ${weightText(loss)};
${each((a) => `v${a} += psi * ${partials[a]}; const d${a} = omega * ${partials[a]};`, "\n")}
${pair((a, b) => `S${a}_${b} += d${a} * ${partials[b]};`, "\n")}
}
${each((a) => `v[${a}] = v${a};`)}
${pair((a, b, at) => `S[${at}] = S${a}_${b};`)}
return total;
}`;
}

/** The text of `bends`. */
function bends(program: BentProgram, { reads, body, name }: Part, loss: Loss): string {
  return `bends(values, tables, weight, from, to, delta, tau, pulls) {
${loads(reads)}
${program.columns.map((_, a) => `let v${a} = pulls[${a}];`).join(" ")}
for (let at = from; at < to; at++) {
const w = weight[at];
if (w === 0) continue;
${body}
const residual = ${name(program.value)};
const pull = w * ${weightText(loss)} * ${name(program.bend)};
${program.columns.map((c, a) => `v${a} += pull * ${name(c.partial)};`).join("\n")}
}
${program.columns.map((_, a) => `pulls[${a}] = v${a};`).join(" ")}
}`;
}

/**
 * The code of one level; `row` is the text of the data row it reads. Slots of this level are local
 * variables s…, earlier ones are p….
 */
function part(program: Program | BentProgram, level: Level, row: string): Part {
  const { value, columns } = program;
  const read = [
    value,
    ...columns.map((c) => c.partial),
    ...("bend" in program ? [program.bend] : []),
  ];
  // What the sums over runs read besides.
  return partOf(program, ofLevel(program, level), row, level === "run" ? read : []);
}

function partOf(
  program: Program,
  ids: readonly number[],
  row: string,
  more: readonly number[] = [],
): Part {
  const { slots, tables } = program;
  const own = new Set(ids);
  const name = (i: number): string => {
    const slot = slots[i];
    if (slot.kind === "const") return number(slot.value);
    return own.has(i) ? `s${i}` : `p${i}`;
  };
  const right = (slot: Slot): string => {
    if (slot.kind === "const") return number(slot.value);
    if (slot.kind === "param") return `theta[${slot.index}]`;
    if (slot.kind === "column")
      return `tables.${slot.table}[${row} * ${tables[slot.table].length} + ${slot.index}]`;
    return spellCall(slot.op, slot.args.map(name));
  };
  const needed = ids.flatMap((i) => {
    const slot = slots[i];
    return slot.kind === "op" ? slot.args : [];
  });
  return {
    ids,
    name,
    reads: [...new Set([...needed, ...more])].filter(
      (i) => !own.has(i) && slots[i].kind !== "const",
    ),
    body: ids.map((i) => `const s${i} = ${right(slots[i])};`).join("\n"),
  };
}

/** An operator over the texts of its arguments. */
function spellCall(op: OpName, args: readonly string[]): string {
  const [a, b = ""] = args;
  return OPS[op].js?.(a, b) ?? `${op}(${args.join(", ")})`;
}

/** `matrixWeight`; at τ = 1, which the search has throughout, that is ω, and sooner computed. */
const weightText = (loss: Loss): string =>
  `(tau === 1 ? ${spell(loss.omega(1))} : ${spell(matrixWeight(loss))})`;

/** An expression of the loss table, over the generated variables residual, delta and tau. */
const spell = (node: Node): string => fold(node, { number, leaf: (name) => name, call: spellCall });

const stores = ({ ids }: Part): string => ids.map((i) => `values[${i}] = s${i};`).join("\n");
const loads = (ids: readonly number[]): string =>
  ids.map((i) => `const p${i} = values[${i}];`).join("\n");

/** A literal; String(-0) is "0", and a sign needs parentheses after another. */
const number = (x: number): string => (x < 0 ? `(${x})` : Object.is(x, -0) ? "(-0)" : String(x));
