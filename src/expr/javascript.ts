/**
 * A program as JavaScript text, compiled: straight-line code, several times faster than the
 * interpreter and bit for bit the same.
 */
import type { Evaluator64 } from "./evaluator.ts";
import type { Node, OpName } from "./graph.ts";
import { fold, type Loss, type LossKind, lossOf, matrixWeight } from "./loss.ts";
import { OP_NAMES, OPS } from "./operators.ts";
import { type BentProgram, type Level, ofLevel, type Program, type Slot } from "./program.ts";
import { scatterLoop, scatterText } from "./scatter-columns.ts";

/** The code of a level of a program, or of some of its slots. */
interface Code {
  /** The slots that it computes, in order. */
  readonly ids: readonly number[];
  /** Slots computed before that it needs. */
  readonly reads: readonly number[];
  /** A line a slot. */
  readonly body: string;
  /** What a slot is called in it: s… if computed here, p… if before, or its value if constant. */
  readonly name: (slot: number) => string;
}

let isAllowed: boolean | undefined;

/**
 * Whether JavaScript may be compiled here. A content security policy without 'unsafe-eval' forbids
 * it, which only an attempt tells. There is one: browsers report each to the console.
 */
export function canCompile(): boolean {
  if (isAllowed === undefined) {
    try {
      // oxlint-disable-next-line typescript/no-implied-eval -- an empty function, to see whether one may be made
      isAllowed = typeof new Function() === "function";
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      isAllowed = false;
    }
  }
  return isAllowed;
}

/**
 * The compiled form of a program, where `canCompile`; `loss` is that of `sumLoss` and `sumBend`.
 */
export function compiled(program: Program | BentProgram, loss: LossKind): Evaluator64 {
  // Operators without a spelling of their own are functions that the text calls by name.
  const called = OP_NAMES.filter((op) => OPS[op].js === undefined);
  // The text is made of the operator table's spellings and of numbers only: nothing a user typed
  // reaches it.
  // oxlint-disable-next-line typescript/no-implied-eval -- compiling is the point
  const make = new Function("scatterLoop", ...called, script(program, lossOf(loss))) as (
    ...functions: unknown[]
  ) => Evaluator64;
  return make(() => scatterLoop(program), ...called.map((op) => OPS[op].f64));
}

function script(program: Program | BentProgram, loss: Loss): string {
  const fit = levelCode(program, "fit", "0");
  const mix = levelCode(program, "mix", "group");
  const run = levelCode(program, "run", "at");
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
list(values, tables, from, to, into, stride) {
${loads(run.reads)}
for (let at = from; at < to; at++) {
${run.body}
${[program.value, ...program.columns.map((c) => c.partial)].map((slot, c) => `into[${c} * stride + at] = ${run.name(slot)};`).join("\n")}
}
},
${lossSum(program, run, loss)},
${"bend" in program ? bendSum(program, run, loss) : valueSum(program, run)},
scatter: ${scatterText(program) ?? "scatterLoop()"}
};`;
}

/**
 * The most slots that a function computes. Engines leave functions of more code unoptimized, ten
 * times slower: V8's bound is 60 kB of bytecode, of which an operation takes about 20 bytes.
 */
const LONGEST = 500;

/** The text of `sumValue`. Long code is in pieces, which hand their values on in `values`. */
function valueSum(program: Program, run: Code): string {
  const { ids, name } = run;
  const whole = ids.length <= LONGEST;
  const pieces = Array.from({ length: Math.ceil(ids.length / LONGEST) }, (_, n) =>
    ids.slice(n * LONGEST, (n + 1) * LONGEST),
  );
  const value = (i: number): string =>
    whole || program.slots[i].kind === "const" ? name(i) : `values[${i}]`;
  return `sumValue: (() => {
${whole ? "" : pieces.map((slots, n) => `const piece${n} = ${pieceText(program, slots)};`).join("\n")}
return (values, tables, weight, from, to, slopes) => {
${whole ? loads(run.reads) : ""}
let total = 0;
for (let at = from; at < to; at++) {
const w = weight[at];
if (w === 0) continue;
${whole ? run.body : pieces.map((_, n) => `piece${n}(values, tables, at);`).join("\n")}
total += w * ${value(program.value)};
${program.columns.map((c, a) => `slopes[${a}] += w * ${value(c.partial)};`).join("\n")}
}
return total;
};
})()`;
}

/** A function that computes some slots of the run level and stores them. */
function pieceText(program: Program, ids: readonly number[]): string {
  const code = codeOf(program, ids, "at");
  return `(values, tables, at) => {\n${loads(code.reads)}\n${code.body}\n${stores(code)}\n}`;
}

/**
 * The text of `sumLoss`. Sums are kept in local variables; interpreter.ts has the same computation
 * in readable form.
 */
function lossSum(program: Program, run: Code, loss: Loss): string {
  const partials = program.columns.map((c) => run.name(c.partial));
  const each = (f: (a: number) => string, glue = " "): string =>
    partials.map((_, a) => f(a)).join(glue);
  const pair = (f: (a: number, b: number, at: number) => string, glue = " "): string =>
    partials
      .flatMap((_, a) => partials.slice(0, a + 1).map((__, b) => f(a, b, (a * (a + 1)) / 2 + b)))
      .join(glue);
  return `sumLoss(values, tables, weight, from, to, delta, tau, { S, v }) {
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

/** The text of `sumBend`. */
function bendSum(program: BentProgram, { reads, body, name }: Code, loss: Loss): string {
  return `sumBend(values, tables, weight, from, to, delta, tau, pulls) {
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

/** The code of one level; `row` is the text of the data row that it reads. */
function levelCode(program: Program | BentProgram, level: Level, row: string): Code {
  const { value, columns } = program;
  const summed = [
    value,
    ...columns.map((c) => c.partial),
    ...("bend" in program ? [program.bend] : []),
  ];
  return codeOf(program, ofLevel(program, level), row, level === "run" ? summed : []);
}

/** The code of some slots; `besides` are slots that are read beside their arguments. */
function codeOf(
  program: Program,
  ids: readonly number[],
  row: string,
  besides: readonly number[] = [],
): Code {
  const { slots, tables } = program;
  const own = new Set(ids);
  const name = (i: number): string => {
    const slot = slots[i];
    if (slot.kind === "const") return number(slot.value);
    return own.has(i) ? `s${i}` : `p${i}`;
  };
  const valueText = (slot: Slot): string => {
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
    reads: [...new Set([...needed, ...besides])].filter(
      (i) => !own.has(i) && slots[i].kind !== "const",
    ),
    body: ids.map((i) => `const s${i} = ${valueText(slots[i])};`).join("\n"),
  };
}

/** An operator over the texts of its arguments. */
function spellCall(op: OpName, args: readonly string[]): string {
  const [a, b = ""] = args;
  return OPS[op].js?.(a, b) ?? `${op}(${args.join(", ")})`;
}

/** `matrixWeight`. At τ = 1, which the search has throughout, that is ω, which takes less time. */
const weightText = (loss: Loss): string =>
  `(tau === 1 ? ${spell(loss.omega(1))} : ${spell(matrixWeight(loss))})`;

/** An expression of the loss table, over the generated variables residual, delta and tau. */
const spell = (node: Node): string => fold(node, { number, leaf: (name) => name, call: spellCall });

/** Lines that put a code's slots into `values`, and that get slots from there. */
const stores = ({ ids }: Code): string => ids.map((i) => `values[${i}] = s${i};`).join("\n");
const loads = (ids: readonly number[]): string =>
  ids.map((i) => `const p${i} = values[${i}];`).join("\n");

/** A literal; String(-0) is "0", and a sign needs parentheses after another. */
const number = (x: number): string => (x < 0 ? `(${x})` : Object.is(x, -0) ? "(-0)" : String(x));
