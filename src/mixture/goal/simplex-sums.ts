/**
 * Weighted sums of a law's targets over the simplex, and their gradients: in WebAssembly, or in
 * JavaScript where that does not run.
 */
import { type Evaluator64, type Tables, workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import type { Program } from "../../expr/program.ts";
import { type WasmMemory, wasmMemory } from "../../wasm/availability.ts";
import { type Instantiated, instantiated } from "../../wasm/program/module-of-program.ts";
import { claimRegion, type Region } from "../../wasm/regions.ts";
import type { SimplexPrograms } from "./law-on-simplex.ts";
import {
  type SimplexExports,
  type SimplexLayout,
  simplexLayout,
  simplexModule,
} from "./simplex-module.ts";

/** Targets of one law: a row each, as `SimplexLaw.fill` writes them, and weights that are not 0. */
export interface WeightedRows {
  readonly rows: Float64Array;
  readonly weights: Float64Array;
}

/** What computes the sums of a law. */
export interface SimplexSums {
  /** Σ w·L at the shares h. */
  value(sum: WeightedRows, h: Float64Array): number;
  /** The same; adds its gradient in the shares to `out`. */
  addGradient(sum: WeightedRows, h: Float64Array, out: Float64Array): number;
}

/** The sums of laws, by the memory that they are computed in; "javascript" without one. */
const known = new WeakMap<SimplexPrograms, Map<WasmMemory | "javascript", SimplexSums>>();

/** What computes the sums of a law in this thread. */
export function sumsOf(programs: SimplexPrograms): SimplexSums {
  const memory = wasmMemory();
  const byMemory = known.get(programs) ?? new Map<WasmMemory | "javascript", SimplexSums>();
  known.set(programs, byMemory);
  const sums =
    byMemory.get(memory ?? "javascript") ??
    (memory === undefined ? new InJavaScript(programs) : new InWebAssembly(programs, memory));
  byMemory.set(memory ?? "javascript", sums);
  return sums;
}

const NOTHING = new Float64Array();

/** A program's code, and what it works on. */
interface Working {
  readonly program: Program;
  readonly evaluator: Evaluator64;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

class InJavaScript implements SimplexSums {
  readonly #value: Working;
  readonly #gradient: Working;

  constructor({ value, gradient }: SimplexPrograms) {
    const workingOf = (program: Program): Working => ({
      program,
      evaluator: evaluator64(program),
      values: workspace(program),
      slopes: new Float64Array(program.columns.length),
    });
    this.#value = workingOf(value);
    this.#gradient = workingOf(gradient);
  }

  value(sum: WeightedRows, h: Float64Array): number {
    return this.#sum(this.#value, sum, h);
  }

  addGradient(sum: WeightedRows, h: Float64Array, out: Float64Array): number {
    const { program, values, slopes } = this.#gradient;
    slopes.fill(0);
    const loss = this.#sum(this.#gradient, sum, h);
    for (let c = 0; c < slopes.length; c++) {
      const { entries } = program.columns[c];
      for (let e = 0; e < entries.length; e++)
        out[entries[e].param] += slopes[c] * values[entries[e].slot];
    }
    return loss;
  }

  #sum({ evaluator, values, slopes }: Working, sum: WeightedRows, h: Float64Array): number {
    const { rows, weights } = sum;
    const tables: Tables = { mix: NOTHING, run: rows, response: NOTHING };
    evaluator.fit(values, h);
    return evaluator.sumValue(values, tables, weights, 0, weights.length, slopes);
  }
}

/**
 * The instance of a law's module has one state and one table in this thread's memory: the rows of
 * the sum that was asked for last.
 */
class InWebAssembly implements SimplexSums {
  readonly #memory: WasmMemory;
  readonly #instance: Instantiated<SimplexExports>;
  readonly #layout: SimplexLayout;
  /** Owns a region, and is let go for the owner of a larger one. */
  #holder: { readonly region?: Region } = {};
  #resident: WeightedRows | undefined;
  /** The address of the weights, and how many there are. */
  #weights = 0;
  #count = 0;

  constructor(programs: SimplexPrograms, memory: WasmMemory) {
    this.#memory = memory;
    this.#layout = simplexLayout(programs);
    const { bytes, constantBytes } = simplexModule(programs, this.#layout, memory.isShared);
    const made = { module: new WebAssembly.Module(bytes), constantBytes };
    this.#instance = instantiated<SimplexExports>(made, memory);
  }

  value(sum: WeightedRows, h: Float64Array): number {
    const { address } = this.#begin(sum, h);
    const { exports } = this.#instance;
    return exports.value(address, address + this.#layout.size, this.#weights, this.#count);
  }

  addGradient(sum: WeightedRows, h: Float64Array, out: Float64Array): number {
    const { address, numbers } = this.#begin(sum, h);
    const { exports } = this.#instance;
    const { gradient, size } = this.#layout;
    const loss = exports.gradient(address, address + size, this.#weights, this.#count);
    for (let i = 0; i < out.length; i++) out[i] += numbers[gradient / 8 + i];
    return loss;
  }

  #begin(sum: WeightedRows, h: Float64Array): Region {
    const { region } = this.#holder;
    const here = region === undefined || this.#resident !== sum ? this.#put(sum) : region;
    here.numbers.set(h, this.#layout.theta / 8);
    return here;
  }

  /** Puts the rows of a sum into the memory; of an odd number, half of the last one twice. */
  #put(sum: WeightedRows): Region {
    const { rows, weights } = sum;
    const n = weights.length;
    const width = rows.length / n;
    const count = n + (n % 2);
    const from = this.#layout.size / 8;
    const at = from + count * width;
    const region = this.#roomFor(at + count);
    const { numbers } = region;
    numbers.set(rows, from);
    numbers.set(weights, at);
    if (n < count) {
      numbers.copyWithin(from + n * width, from + (n - 1) * width, from + n * width);
      numbers.fill(weights[n - 1] / 2, at + n - 1, at + count);
    }
    this.#weights = region.address + 8 * at;
    this.#count = count;
    this.#resident = sum;
    return region;
  }

  #roomFor(numbers: number): Region {
    const { region } = this.#holder;
    if (region !== undefined && region.bytes >= 8 * numbers) return region;
    const holder: { region?: Region } = {};
    holder.region = claimRegion(this.#memory, holder, numbers);
    this.#holder = holder;
    return holder.region;
  }
}
