/**
 * Weighted sums of a law's targets over the simplex, and their gradients: in WebAssembly, or in
 * JavaScript where that does not run.
 */
import { type Evaluator64, type Tables, workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import type { Program } from "../../expr/program.ts";
import { type WasmMemory, wasmMemory } from "../../wasm/availability.ts";
import { FULL, tellFallback } from "../../wasm/fallback.ts";
import {
  type CompiledModule,
  compiledModule,
  type Instantiated,
  instantiated,
  type Refusal,
} from "../../wasm/program/module-of-program.ts";
import { GrowingRegion, type Region } from "../../wasm/regions.ts";
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

/** What computes the sums of laws in JavaScript. */
const inJavaScript = new WeakMap<SimplexPrograms, InJavaScript>();
/** The same in WebAssembly; of a law without an instance, what came of compiling it. */
type OfLaws = WeakMap<SimplexPrograms, InWebAssembly | CompiledModule | Refusal>;
/** By memory: for sums of any targets, and for those of one. */
const inMemory = new WeakMap<WasmMemory, { readonly several: OfLaws; readonly alone: OfLaws }>();
/** Of a program of so many slots sums of one target have a module of their own. */
const LONG = 1000;

/** What computes a sum of a law in this thread. */
export function sumsOf(programs: SimplexPrograms, sum: WeightedRows): SimplexSums {
  const own = wasmMemory();
  const wasm = own && wasmSums(programs, own, isAlone(programs, sum));
  if (wasm?.holds(sum) === true) return wasm;
  const sums = inJavaScript.get(programs) ?? new InJavaScript(programs);
  inJavaScript.set(programs, sums);
  return sums;
}

const isAlone = ({ gradient }: SimplexPrograms, { weights }: WeightedRows): boolean =>
  weights.length === 1 && gradient.slots.length >= LONG;

function wasmSums(
  programs: SimplexPrograms,
  own: WasmMemory,
  alone: boolean,
): InWebAssembly | undefined {
  const laws = inMemory.get(own) ?? { several: new WeakMap(), alone: new WeakMap() };
  inMemory.set(own, laws);
  const byLaw = alone ? laws.alone : laws.several;
  const known = byLaw.get(programs);
  if (known instanceof InWebAssembly) return known;
  const layout = simplexLayout(programs);
  const compiled = known ?? compiledModule(() => simplexModule(programs, layout, own.isShared, alone)); // prettier-ignore
  const instance = instantiated<SimplexExports>(compiled, own);
  const sums = instance && new InWebAssembly(instance, layout, own);
  byLaw.set(programs, sums ?? compiled);
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
  readonly #instance: Instantiated<SimplexExports>;
  readonly #layout: SimplexLayout;
  readonly #room: GrowingRegion;
  #resident: WeightedRows | undefined;
  /** The address of the weights, and how many there are. */
  #weights = 0;
  #count = 0;

  constructor(instance: Instantiated<SimplexExports>, layout: SimplexLayout, own: WasmMemory) {
    this.#instance = instance;
    this.#layout = layout;
    this.#room = new GrowingRegion(own);
  }

  /** Whether there is room for a sum, from now on. */
  holds({ rows, weights }: WeightedRows): boolean {
    const n = weights.length;
    const count = n + (n % 2);
    const bytes = this.#layout.size + 8 * count * (rows.length / n + 1);
    const { region } = this.#room;
    if (region !== undefined && region.bytes >= bytes) return true;
    this.#resident = undefined;
    const isLarger = this.#room.grow(bytes);
    if (!isLarger) tellFallback(FULL);
    return isLarger;
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
    const { region } = this.#room;
    if (region === undefined) throw new Error("a sum has no room in WebAssembly's memory");
    if (this.#resident !== sum) this.#put(sum, region);
    region.numbers.set(h, this.#layout.theta / 8);
    return region;
  }

  /**
   * Puts the rows of a sum into the memory, two of them side by side; of an odd number, half of the
   * last one twice.
   */
  #put(sum: WeightedRows, region: Region): void {
    const { rows, weights } = sum;
    const n = weights.length;
    const width = rows.length / n;
    const count = n + (n % 2);
    const from = this.#layout.size / 8;
    const at = from + count * width;
    const { numbers } = region;
    for (let row = 0; row < count; row++) {
      const lane = row % 2;
      const own = Math.min(row, n - 1) * width;
      for (let c = 0; c < width; c++)
        numbers[from + (row - lane) * width + 2 * c + lane] = rows[own + c];
    }
    numbers.set(weights, at);
    if (n < count) numbers.fill(weights[n - 1] / 2, at + n - 1, at + count);
    this.#weights = region.address + 8 * at;
    this.#count = count;
    this.#resident = sum;
  }
}
