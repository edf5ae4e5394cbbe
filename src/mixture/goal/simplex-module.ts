/**
 * A law over the simplex as a WebAssembly module: the weighted sum of its targets' losses, and its
 * gradient in the shares. Lanes are two targets. simplex-sums.ts has the same in JavaScript.
 */
import { MOST_PAGES } from "../../wasm/availability.ts";
import type { Local } from "../../wasm/code.ts";
import { callOf, type FunctionBuilder } from "../../wasm/function-builder.ts";
import { MathFunctions } from "../../wasm/math/math-functions.ts";
import { ModuleBuilder } from "../../wasm/module-builder.ts";
import { neededAtRuns, planOf } from "../../wasm/program/code-plan.ts";
import { levelFunctions } from "../../wasm/program/level-functions.ts";
import { IMPORTS, type WrittenModule } from "../../wasm/program/program-module.ts";
import { bothLanes } from "../../wasm/program/sums.ts";
import { type SlotCode, SlotWriter } from "../../wasm/program/slot-writer.ts";
import { f64, i32 } from "../../wasm/scalar.ts";
import { f64x2, v128 } from "../../wasm/simd.ts";
import type { SimplexPrograms } from "./law-on-simplex.ts";

/**
 * What a module exports: Σ w·L over `count` rows, an even number. `state` has the shares, `rows`
 * the targets' rows of the run table, the numbers of two of them side by side, `weights` a weight a
 * row; all are addresses.
 */
export interface SimplexExports {
  readonly value: SumFunction;
  /** Leaves the gradient in the state as well. */
  readonly gradient: SumFunction;
}
type SumFunction = (state: number, rows: number, weights: number, count: number) => number;

/** Offsets of the numbers of a state, in bytes. */
export interface SimplexLayout {
  /** The shares. */
  readonly theta: number;
  readonly gradient: number;
  /** What one function hands on to another, of each of the two. */
  readonly values: { readonly value: number; readonly gradient: number };
  readonly size: number;
}

/** The layout of the states of a module. */
export function simplexLayout({ value, gradient }: SimplexPrograms): SimplexLayout {
  const shares = 16 * Math.ceil(gradient.params / 2);
  const [bare, whole] = [value, gradient].map((program) => 16 * planOf(program).stored.size);
  const values = { value: 2 * shares, gradient: 2 * shares + bare };
  return { theta: 0, gradient: shares, values, size: values.gradient + whole };
}

/**
 * The module of a law over the simplex, in the binary format. What the shares alone decide is alike
 * in both lanes.
 * @param isAlone whether sums are of one target, which then has both lanes
 */
export function simplexModule(
  programs: SimplexPrograms,
  layout: SimplexLayout,
  shared: boolean,
  isAlone: boolean,
): WrittenModule {
  const module = new ModuleBuilder();
  module.importMemory(IMPORTS.module, IMPORTS.memory, { min: 1, max: MOST_PAGES, shared });
  module.importConstantsAddress(IMPORTS.module, IMPORTS.constants);
  const math = new MathFunctions(module);
  for (const name of ["value", "gradient"] as const) {
    const program = programs[name];
    const places = { theta: layout.theta, values: layout.values[name] };
    const alike: SlotCode["alike"] = isAlone ? ["fit", "run"] : ["fit"];
    const code: SlotCode = { program, plan: planOf(program), layout: places, math, alike };
    addSum(module, name, code, layout.gradient);
  }
  return { bytes: module.bytes(), constantBytes: module.constantBytes };
}

function addSum(
  module: ModuleBuilder,
  name: keyof SimplexPrograms,
  code: SlotCode,
  gradient: number,
): void {
  const { program, plan } = code;
  const levels = levelFunctions(module, code, program, plan.parts, `_${name}`);
  const results = [program.value, ...program.columns.map(({ partial }) => partial)];
  const ids = levels.run.length === 0 ? neededAtRuns(program, results) : [];
  const sum = module.func(
    name,
    ["i32", "i32", "i32", "i32"],
    "f64",
    (f, state, rows, weights, count) => {
      for (const part of levels.fit) f.do(callOf(part, state));
      const outer = new SlotWriter(f, state, code, program);
      outer.loadArguments(ids);
      if (levels.run.length === 0) for (const i of results) if (!ids.includes(i)) outer.keep(i);
      const total = f.local("v128");
      const slopes = program.columns.map(() => f.local("v128"));
      const width = 8 * program.tables.run.length;
      f.for(0, count, 2, (n) => {
        const step = f.let(i32.add(rows, i32.mul(n, width)));
        const weight = f.let(v128.load(i32.add(weights, i32.shl(n, 3))));
        for (const part of levels.run) f.do(callOf(part, state, step));
        const writer = levels.run.length === 0 ? outer : new SlotWriter(f, state, code, program);
        writer.compute(ids, { step });
        const add = (to: Local<"v128">, slot: number): void =>
          f.set(to, f64x2.add(to, f64x2.mul(weight, writer.value(slot))));
        add(total, program.value);
        for (const [c, { partial }] of program.columns.entries()) add(slopes[c], partial);
      });
      if (name === "gradient") storeGradient(f, state, code, slopes, gradient);
      return bothLanes(total, f);
    },
  );
  module.export(sum);
}

/** ∂Σ/∂hᵢ, by the entries of each column; lanes of what the shares alone decide are alike. */
function storeGradient(
  f: FunctionBuilder,
  state: Local<"i32">,
  code: SlotCode,
  slopes: readonly Local<"v128">[],
  gradient: number,
): void {
  const { program } = code;
  const writer = new SlotWriter(f, state, code, program);
  const sums = Array.from({ length: program.params }, () => f.local("f64"));
  for (const [c, { entries }] of program.columns.entries()) {
    const slope = f.let(bothLanes(slopes[c], f));
    for (const { param, slot } of entries) {
      const value = f64x2.extractLane(writer.value(slot), 0);
      f.set(sums[param], f64.add(sums[param], f64.mul(slope, value)));
    }
  }
  for (const [i, sum] of sums.entries()) f.do(f64.store(state, sum, gradient + 8 * i));
}
