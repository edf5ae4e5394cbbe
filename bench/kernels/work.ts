/**
 * What a search kernel has to do for one fit-iteration (an evaluation with all derivatives, and a
 * step), counted from its program: the other half of the roofline.
 */
import type { OpName } from "../../src/expr/graph.ts";
import { type Level, levelOf, type Program } from "../../src/expr/program.ts";
import type { Packed } from "../../src/solve/pack-tables.ts";

/**
 * Operations of one fit-iteration. Divisions, minima and comparisons count as one flop each: a
 * lower bound.
 */
export interface Work {
  /** Exponentials and logarithms. */
  readonly transcendentals: number;
  readonly flops: number;
  /** Table entries read, float32 each. */
  readonly loads: number;
}

/**
 * [transcendentals, flops] of an operator's WGSL: src/expr/operators.ts and
 * shaders/lib/special.wgsl.
 */
const COST: Readonly<Record<OpName, readonly [number, number]>> = {
  add: [0, 1],
  sub: [0, 1],
  mul: [0, 1],
  div: [0, 1],
  neg: [0, 0],
  exp: [1, 1],
  log: [1, 1],
  sqrt: [0, 1],
  tanh: [1, 2],
  atan: [1, 0],
  sin: [1, 6],
  cos: [1, 6],
  abs: [0, 1],
  min: [0, 1],
  max: [0, 1],
  step: [0, 1],
  logz: [1, 2],
  recipz: [0, 3],
  phi2: [1, 25],
  // With φ₂ of the same z, which is always there.
  phi3: [0, 2],
  phi4: [0, 2],
  log1pc: [1, 22],
  dlog1pc: [1, 44],
  d2log1pc: [1, 66],
};

const plus = (a: Work, b: Work, times = 1): Work => ({
  transcendentals: a.transcendentals + times * b.transcendentals,
  flops: a.flops + times * b.flops,
  loads: a.loads + times * b.loads,
});

const NOTHING: Work = { transcendentals: 0, flops: 0, loads: 0 };

export function levelWork(program: Program, name: Level): Work {
  let work = NOTHING;
  for (const slot of program.slots) {
    if (levelOf(slot) !== name) continue;
    if (slot.kind === "column") work = plus(work, { ...NOTHING, loads: 1 });
    if (slot.kind !== "op") continue;
    const [transcendentals, flops] = COST[slot.op];
    work = plus(work, { transcendentals, flops, loads: 0 });
  }
  return work;
}

/**
 * The work of one fit-iteration of a program on packed runs: an evaluation with all derivatives,
 * the bend of the step, and two solves.
 */
export function workOf(program: Program, packed: Packed): Work {
  const p = program.params;
  const q = program.columns.length;
  const runs = packed.order.length;
  const groups = packed.start.length - 1;
  // Huber's loss and weight (10), v += ψ·d and ω·d (3 a column), S += (ωd)dᵀ (2 an entry); the
  // weight of the run is one more load.
  const run = plus(levelWork(program, "run"), {
    transcendentals: 0,
    flops: 10 + 3 * q + q * (q + 1),
    loads: 1,
  });
  // GᵀSG, skipping the zeros of G: the coordinates' nonzeros times the columns, then once more for
  // each pair of coordinates.
  const nonzeros = Array.from({ length: p }, () => 0);
  for (const column of program.columns)
    for (const { param } of column.entries) nonzeros[param] = (nonzeros[param] ?? 0) + 1;
  let spread = 0;
  for (const [i, mine] of nonzeros.entries()) {
    spread += 2 * mine * (q + 1);
    for (let j = 0; j <= i; j++) spread += 2 * Math.min(mine, nonzeros[j] ?? 0);
  }
  const mix = plus(levelWork(program, "mix"), { transcendentals: 0, flops: spread, loads: 0 });
  const solve = 2 * ((p * (p + 1) * (p + 2)) / 3 + 2 * p * p + 8 * p);
  const straight = plus(
    plus(plus(levelWork(program, "fit"), { ...NOTHING, flops: solve }), mix, groups),
    run,
    runs,
  );
  const { bent } = program;
  if (bent === undefined) return straight;
  // Huber's weight (5), v += ω·r″·d (2 a column); Gᵀv, 2 a nonzero.
  const bendRun = plus(levelWork(bent, "run"), { transcendentals: 0, flops: 5 + 2 * q, loads: 1 });
  const bendMix = plus(levelWork(bent, "mix"), {
    transcendentals: 0,
    flops: 2 * nonzeros.reduce((a, b) => a + b, 0),
    loads: 0,
  });
  return plus(plus(plus(straight, levelWork(bent, "fit")), bendMix, groups), bendRun, runs);
}
