/**
 * The run level of a pair of groups, a block of steps at a time: a step is one run of each group.
 * First `runBlock` computes what the program gives: residuals r and their slopes d. Then another
 * function computes what the slopes are multiplied by, from r and the weights; `sums.ts` adds up
 * the products. One loop for both would be slower: a processor looks only so far ahead, and would
 * not begin the next step's exponentials before this step's divisions.
 */
import type { BentProgram, Program } from "../../expr/program.ts";
import type { Code, Local } from "../code.ts";
import { callOf, type Func, type FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar.ts";
import { f64x2, v128 } from "../simd.ts";
import type { CellColumn } from "./cell-columns.ts";
import { loadCells } from "./cell-functions.ts";
import { neededAtRuns } from "./code-plan.ts";
import { BLOCK, HEADER, stepWidth } from "./layout.ts";
import type { RowFunction } from "./level-functions.ts";
import { lossCode, type LossNodes, type LossScale } from "./loss-code.ts";
import { type ProgramCode, SlotWriter } from "./slot-writer.ts";

/** Of a state, the block's first step, and how many. */
export type RunBlock = Func<readonly ["i32", "i32", "i32"], "none">;
/** Of a state, the block's first step, how many, and τ: the sum of w·ρ, by lane. */
export type LossBlock = Func<readonly ["i32", "i32", "i32", "f64"], "v128">;

/** A program's run level: its code in functions of their own where it is long. */
export interface RunLevel {
  readonly program: Program | BentProgram;
  readonly functions: readonly RowFunction[];
}

/** What a block's function leaves of a program. */
export type RunResult = "residual" | "slopes" | "bend";

/** The slots of results, with the offsets from the state where they are left. */
function resultsOf(
  { layout }: ProgramCode,
  program: Program | BentProgram,
  results: readonly RunResult[],
): { readonly slot: number; readonly to: number }[] {
  return results.flatMap((result) => {
    if (result === "residual") return [{ slot: program.value, to: layout.residual }];
    if (result === "bend")
      return "bend" in program ? [{ slot: program.bend, to: layout.bend }] : [];
    return program.columns.map(({ partial }, a) => ({
      slot: partial,
      to: layout.slopes + 16 * BLOCK * a,
    }));
  });
}

/**
 * Computes a program's results at the steps of a block.
 *
 * @param cells what fillCells (cell-functions.ts) has computed of it
 */
export function runBlock(
  module: ModuleBuilder,
  name: string,
  code: ProgramCode,
  { program, functions }: RunLevel,
  results: readonly RunResult[],
  cells: readonly CellColumn[] = [],
): RunBlock {
  const width = stepWidth(code.program, code.plan);
  const given = cells.flatMap(({ roots }) => roots);
  const stored = resultsOf(code, program, results);
  const slots = stored.map(({ slot }) => slot);
  const isInline = functions.length === 0;
  const ids = isInline ? neededAtRuns(program, slots, given) : [];
  return module.func(name, ["i32", "i32", "i32"], "none", (f, state, from, steps) => {
    const outer = new SlotWriter(f, state, code, program);
    outer.loadArguments(ids, given);
    if (isInline) for (const i of slots) if (![...ids, ...given].includes(i)) outer.keep(i);
    const step = f.let(i32.add(i32.load(state, HEADER.steps), i32.mul(from, width)));
    const at = f.let(state);
    const end = f.let(i32.add(state, i32.shl(steps, 4)));
    f.loop((again) => {
      const writer = isInline ? outer : new SlotWriter(f, state, code, program);
      for (const part of functions) f.do(callOf(part, state, step));
      loadCells(writer, code, cells, step);
      writer.compute(ids, { step });
      for (const { slot, to } of stored) f.do(v128.store(at, writer.value(slot), to));
      f.set(step, i32.add(step, width));
      f.set(at, i32.add(at, 16));
      f.branchIf(again, i32.ltU(at, end));
    });
  });
}

/** A step, where a block's function weighs it. */
interface Step {
  readonly f: FunctionBuilder;
  /** r of the two runs. */
  readonly residual: Local<"v128">;
  /** Their weights. */
  readonly weight: Local<"v128">;
  /** The state's address, and 16 bytes for each step of the block before this one. */
  readonly at: Local<"i32">;
  /** The address of what `pullBlock` keeps of the step. */
  readonly pull: Local<"i32">;
}

/** A function that goes through the steps of a block, of which `runBlock` has left the results. */
function weighingBlock(
  module: ModuleBuilder,
  name: string,
  { layout, math }: ProgramCode,
  nodes: readonly LossNodes[keyof LossNodes][],
  body: (step: Step, loss: readonly Code<"v128">[], total: Local<"v128">) => void,
): LossBlock {
  return module.func(name, ["i32", "i32", "i32", "f64"], "v128", (f, state, from, steps, tau) => {
    const scale: LossScale = {
      delta: f.let(v128.load64Splat(state, HEADER.delta)),
      tau: f.let(f64x2.splat(tau)),
    };
    const loss = lossCode(f, math, nodes, scale);
    const total = f.local("v128");
    const [weights, pull] = [HEADER.weights, HEADER.pulls].map((field) =>
      f.let(i32.add(i32.load(state, field), i32.shl(from, 4))),
    );
    const at = f.let(state);
    const end = f.let(i32.add(state, i32.shl(steps, 4)));
    f.loop((again) => {
      const residual = f.let(v128.load(at, layout.residual));
      const weight = f.let(v128.load(weights));
      body({ f, residual, weight, at, pull }, loss(residual), total);
      for (const address of [weights, pull, at]) f.set(address, i32.add(address, 16));
      f.branchIf(again, i32.ltU(at, end));
    });
    return total;
  });
}

/** Sums w·ρ; leaves w·ω·d and w·ψ: all that an evaluation needs. */
export function lossBlock(
  module: ModuleBuilder,
  code: ProgramCode,
  { rho, psi, weight }: LossNodes,
): LossBlock {
  const { layout, program } = code;
  const q = program.columns.length;
  return weighingBlock(module, "loss_block", code, [rho, psi, weight], (step, loss, total) => {
    const { f, at, weight: w } = step;
    const [value, pull, stiffness] = loss;
    // A lane that only fills the step up may have an infinite loss.
    const present = f64x2.ne(w, f64x2.const(0));
    f.set(total, f64x2.add(total, v128.and(f64x2.mul(w, value), present)));
    const omega = f.let(f64x2.mul(w, stiffness));
    for (let a = 0; a < q; a++) {
      const d = v128.load(at, layout.slopes + 16 * BLOCK * a);
      const pulled = layout.units.has(a) ? omega : f64x2.mul(omega, d);
      f.do(v128.store(at, pulled, layout.pulls + 16 * BLOCK * a));
    }
    f.do(v128.store(at, f64x2.mul(w, pull), layout.pulls + 16 * BLOCK * q));
  });
}

/** Leaves w·ω·r″, for JᵀΩr″. */
export function bendBlock(
  module: ModuleBuilder,
  code: ProgramCode,
  { weight }: LossNodes,
): LossBlock {
  const { layout, program } = code;
  const to = layout.pulls + 16 * BLOCK * program.columns.length;
  return weighingBlock(module, "bend_block", code, [weight], (step, [stiffness]) => {
    const { f, at, weight: w } = step;
    const bend = v128.load(at, layout.bend);
    f.do(v128.store(at, f64x2.mul(f64x2.mul(w, stiffness), bend), to));
  });
}

/** Keeps w·ψ of each step, for `slopeBlock`. */
export const pullBlock = (
  module: ModuleBuilder,
  code: ProgramCode,
  { psi }: LossNodes,
): LossBlock =>
  weighingBlock(module, "pull_block", code, [psi], ({ f, weight, pull }, [force]) =>
    f.do(v128.store(pull, f64x2.mul(weight, force))),
  );

/** Leaves what `pullBlock` has kept, whatever the residuals are now. */
export function slopeBlock(module: ModuleBuilder, { layout, program }: ProgramCode): LossBlock {
  const to = layout.pulls + 16 * BLOCK * program.columns.length;
  const params = ["i32", "i32", "i32", "f64"] as const;
  return module.func("slope_block", params, "v128", (f, state, from, steps, tau) => {
    const pulls = f.let(i32.add(i32.load(state, HEADER.pulls), i32.shl(from, 4)));
    f.for(0, i32.shl(steps, 4), 16, (at) =>
      f.do(v128.store(i32.add(state, at), v128.load(i32.add(pulls, at)), to)),
    );
    return f64x2.splat(tau);
  });
}
