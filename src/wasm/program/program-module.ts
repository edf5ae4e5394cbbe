/**
 * A program as a WebAssembly module: the objective of a fit, its gradient, the matrix JᵀΩJ and
 * second derivatives in one call each. layout.ts says how the memory looks that it works on,
 * wasm-evaluation.ts fills it; src/solve/javascript-evaluation.ts has the same in JavaScript.
 */
import { type LossKind, lossOf } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import { callOf, drop, type FunctionBuilder } from "../function-builder.ts";
import { MOST_PAGES } from "../availability.ts";
import type { Code, Local } from "../code.ts";
import { MathFunctions } from "../math/math-functions.ts";
import { ModuleBuilder } from "../module-builder.ts";
import { f64, i32 } from "../scalar.ts";
import { f64x2, v128 } from "../simd.ts";
import type { CellColumn } from "./cell-columns.ts";
import { fillCells } from "./cell-functions.ts";
import { planOf } from "./code-plan.ts";
import { BLOCK, fixedPart, HEADER, type Layout, layoutOf, PAIR, stepWidth } from "./layout.ts";
import { type LevelFunctions, levelFunctions } from "./level-functions.ts";
import { lossNodes } from "./loss-code.ts";
import {
  bendBlock,
  type LossBlock,
  lossBlock,
  pullBlock,
  type RunBlock,
  runBlock,
  type RunLevel,
  type RunResult,
  slopeBlock,
} from "./run-blocks.ts";
import { packPairs } from "./pack-pairs.ts";
import type { ProgramCode } from "./slot-writer.ts";
import {
  addBlock,
  addPulls,
  bothLanes,
  clearPulls,
  clearSums,
  flush,
  flushPulls,
  gather,
  gatherNothing,
  type NumberedFunction,
  type StateFunction,
} from "./sums.ts";

/** What a module exports; `state` is the address of a fit's state (layout.ts). */
export interface ProgramExports {
  /** Copies the columns that the other functions read; once for the weights of a fit. */
  readonly pack: (state: number) => void;
  /** Returns the objective at the state's point; leaves gradient and H in the state. */
  readonly evaluate: (state: number, tau: number) => number;
  /** Leaves JᵀΩr″ along the state's direction in place of the gradient. Of bent programs. */
  readonly bend?: (state: number, tau: number) => void;
  /** Keeps w·ψ of each run, at the state's point. */
  readonly pull: (state: number) => void;
  /** Leaves Jᵀ(w·ψ) with ψ as `pull` has left it in place of the gradient. */
  readonly slopes: (state: number) => void;
}

/** What a module imports: the memory that all share, and the address of its constants there. */
export const IMPORTS = { module: "mixlaw", memory: "memory", constants: "constants" } as const;

/** A module in the binary format, and how many bytes of constants it needs in the memory. */
export interface WrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly constantBytes: number;
}

/** What JavaScript has to know of a program's states (layout.ts): offsets in bytes. */
export interface StateForm extends Pick<Layout, "theta" | "gradient" | "H"> {
  /** Bytes of what a step reads. */
  readonly step: number;
  /** A state as it begins. */
  readonly fixed: Float64Array;
}

/** A program's module, and what its states look like. */
export interface WrittenProgram extends WrittenModule {
  readonly state: StateForm;
}

/** The module of a program for a loss. */
export function programModule(program: Program, loss: LossKind, shared: boolean): WrittenProgram {
  const module = new ModuleBuilder();
  module.importMemory(IMPORTS.module, IMPORTS.memory, { min: 1, max: MOST_PAGES, shared });
  module.importConstantsAddress(IMPORTS.module, IMPORTS.constants);
  const plan = planOf(program);
  const layout = layoutOf(program, plan);
  const code: ProgramCode = { program, plan, layout, math: new MathFunctions(module) };
  const nodes = lossNodes(lossOf(loss));
  const q = program.columns.length;
  const levels = levelFunctions(module, code, program, plan.parts, "");
  const level = { program, functions: levels.run };
  const clear = clearSums(module, layout, q);
  const finish = divideByMass(module, layout);
  module.export(packPairs(module, program, plan, layout));
  const run = stepsOf(module, "", code, level, ["residual", "slopes"], plan.cells);
  const weigh = lossBlock(module, code, nodes);
  const keep = gather(module, layout, q, program, plan);
  evaluation(module, layout, q, { levels, ...run, weigh, clear, keep, finish });
  const residuals = runBlock(module, "residual_block", code, level, ["residual"]);
  keepPulls(module, { levels, run: residuals, weigh: pullBlock(module, code, nodes) });
  const write = pullFunctions(module, layout, q, clear, finish);
  const slopes = runBlock(module, "slopes_block", code, level, ["slopes"]);
  write("slopes", { levels, run: slopes, weigh: slopeBlock(module, code) });
  if (program.bent !== undefined && plan.bent !== undefined) {
    const bent = levelFunctions(module, code, program.bent, plan.bent, "_bent");
    const bentLevel = { program: program.bent, functions: bent.run };
    const results = ["residual", "slopes", "bend"] as const;
    const bentRun = stepsOf(module, "_bent", code, bentLevel, results, plan.bentCells);
    write("bend", { levels: bent, ...bentRun, weigh: bendBlock(module, code, nodes) });
  }
  const { theta, gradient, H } = layout;
  const step = stepWidth(program, plan);
  const state = { theta, gradient, H, step, fixed: fixedPart(program, layout, plan) };
  return { bytes: module.bytes(), constantBytes: module.constantBytes, state };
}

/** The run level. */
interface Steps {
  readonly run: RunBlock;
  /** The same where cells are used, and what computes them. */
  readonly celled?: { readonly fill: StateFunction; readonly run: RunBlock };
}

/** The functions of a pass over the data. */
interface Pass extends Steps {
  readonly levels: LevelFunctions;
  readonly weigh: LossBlock;
}

/** Writes the functions of a run level with and without cells. */
function stepsOf(
  module: ModuleBuilder,
  suffix: string,
  code: ProgramCode,
  level: RunLevel,
  results: readonly RunResult[],
  cells: readonly CellColumn[],
): Steps {
  const run = runBlock(module, `run_block${suffix}`, code, level, results);
  if (cells.length === 0) return { run };
  const celled = {
    fill: fillCells(module, `fill_cells${suffix}`, code, level.program, cells),
    run: runBlock(module, `run_block_of_cells${suffix}`, code, level, results, cells),
  };
  return { run, celled };
}

/**
 * Goes through the pairs of groups: their mix level, then the run level of blocks of their steps,
 * and what is to be done with each block.
 */
function eachPair(
  f: FunctionBuilder,
  state: Local<"i32">,
  { levels: { fit, mix, width }, run, celled }: Pass,
  body: (blocks: (each: (first: Code<"i32">, steps: Code<"i32">) => void) => void) => void,
): void {
  for (const part of fit) f.do(callOf(part, state));
  const pairs = f.let(i32.load(state, HEADER.pairs));
  const columns = f.let(i32.load(state, HEADER.mixes));
  const isCelled = celled && f.let(i32.load(state, HEADER.isCelled));
  if (celled !== undefined && isCelled !== undefined)
    f.if(isCelled, () => f.do(callOf(celled.fill, state)));
  f.for(0, i32.load(state, HEADER.pairCount), 1, (n) => {
    const pair = f.let(i32.add(pairs, i32.mul(n, PAIR.size)));
    for (const part of mix) f.do(callOf(part, state, columns));
    f.set(columns, i32.add(columns, width));
    const first = f.let(i32.load(pair, PAIR.from));
    const end = f.let(i32.add(first, i32.load(pair, PAIR.steps)));
    body((each) =>
      f.loop((again) => {
        const steps = f.let(i32.sub(end, first));
        f.if(i32.gtS(steps, BLOCK), () => f.set(steps, i32.const(BLOCK)));
        const runPlain = (): void => f.do(callOf(run, state, first, steps));
        if (celled === undefined || isCelled === undefined) runPlain();
        else f.if(isCelled, () => f.do(callOf(celled.run, state, first, steps)), runPlain);
        each(first, steps);
        f.set(first, i32.add(first, BLOCK));
        f.branchIf(again, i32.ltS(first, end));
      }),
    );
  });
}

function evaluation(
  module: ModuleBuilder,
  layout: Layout,
  q: number,
  pass: Pass & {
    readonly clear: StateFunction;
    readonly keep: NumberedFunction;
    readonly finish: NumberedFunction;
  },
): void {
  const { weigh, clear, keep, finish } = pass;
  const add = addBlock(module, "add_block", layout, q, "all");
  const keepNothing = gatherNothing(module, layout, q);
  const flushAll = flush(module, layout, q);
  const chunk = 16 * layout.chunk;
  const evaluate = module.func("evaluate", ["i32", "f64"], "f64", (f, state, tau) => {
    f.do(callOf(finish, state, i32.const(CLEAR_ALL)));
    const total = f.local("v128");
    const kept = f.local("i32");
    eachPair(f, state, pass, (blocks) => {
      f.do(callOf(clear, state));
      blocks((first, steps) => {
        f.set(total, f64x2.add(total, callOf(weigh, state, first, steps, tau)));
        f.do(callOf(add, state, steps));
      });
      f.do(callOf(keep, state, kept));
      f.set(kept, i32.add(kept, 16));
      f.if(i32.eq(kept, chunk), () => {
        f.do(callOf(flushAll, state));
        f.set(kept, i32.const(0));
      });
    });
    f.if(kept, () => {
      f.for(kept, chunk, 16, (at) => f.do(callOf(keepNothing, state, at)));
      f.do(callOf(flushAll, state));
    });
    f.do(callOf(finish, state, i32.const(0)));
    return f64.div(bothLanes(total, f), f64.load(state, HEADER.mass));
  });
  module.export(evaluate);
}

const CLEAR_ALL = 1;

/** Divides gradient and H by the mass; or, with `CLEAR_ALL`, sets them to 0. */
function divideByMass(module: ModuleBuilder, layout: Layout): NumberedFunction {
  const { gradient, entryTable } = layout;
  return module.func("finish", ["i32", "i32"], "none", (f, state, clear) => {
    const mass = f.let(v128.load64Splat(state, HEADER.mass));
    // Both stand one behind the other, filled up to whole vectors.
    f.for(0, entryTable - gradient, 16, (offset) => {
      const at = f.let(i32.add(state, offset));
      f.if(
        clear,
        () => f.do(v128.store(at, f64x2.const(0), gradient)),
        () => f.do(v128.store(at, f64x2.div(v128.load(at, gradient), mass), gradient)),
      );
    });
  });
}

/** Writes functions that add up Gᵀ(Σ pull·d) in place of the gradient. */
function pullFunctions(
  module: ModuleBuilder,
  layout: Layout,
  q: number,
  clear: StateFunction,
  finish: NumberedFunction,
): (name: string, pass: Pass) => void {
  const add = addBlock(module, "add_pull_block", layout, q, "last");
  const clearAll = clearPulls(module, layout);
  const addAll = addPulls(module, layout, q);
  const flushAll = flushPulls(module, layout);
  return (name, pass) => {
    const func = module.func(name, ["i32", "f64"], "none", (f, state, tau) => {
      f.do(callOf(finish, state, i32.const(CLEAR_ALL)), callOf(clearAll, state));
      eachPair(f, state, pass, (blocks) => {
        f.do(callOf(clear, state));
        blocks((first, steps) =>
          f.do(drop(callOf(pass.weigh, state, first, steps, tau)), callOf(add, state, steps)),
        );
        f.do(callOf(addAll, state));
      });
      f.do(callOf(flushAll, state), callOf(finish, state, i32.const(0)));
    });
    module.export(func);
  };
}

function keepPulls(module: ModuleBuilder, pass: Pass): void {
  const pull = module.func("pull", ["i32"], "none", (f, state) =>
    eachPair(f, state, pass, (blocks) =>
      blocks((first, steps) => f.do(drop(callOf(pass.weigh, state, first, steps, f64.const(1))))),
    ),
  );
  module.export(pull);
}
