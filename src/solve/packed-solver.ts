/**
 * Solves symmetric positive definite systems: by WebAssembly where that computes float64 in this
 * thread, by JavaScript where not.
 */
import { wasmMemory, type WasmMemory } from "../wasm/availability.ts";
import { FULL, tellFallback } from "../wasm/fallback.ts";
import { type CholeskyExports, choleskyModule } from "../wasm/linear/cholesky-module.ts";
import { compiledModule, instantiated, type Instantiated } from "../wasm/program/module-of-program.ts"; // prettier-ignore
import { GrowingRegion, type Region } from "../wasm/regions.ts";
import { factor, solve } from "./cholesky.ts";

/** A solver of systems of one size. What it is given in its arrays it leaves its results in. */
export interface PackedSolver {
  /**
   * The matrix, as a packed lower triangle; `factor` leaves L there. Solvers of one thread may
   * share it: nobody else may factor between a `factor` and the last `solve` that goes with it.
   */
  readonly A: Float64Array;
  /** False where the matrix is not positive definite. */
  factor(): boolean;
  /** Solves LLᵀx = b in place of b. */
  solve(b: Float64Array): void;
}

/** Of fewer equations a call of WebAssembly takes longer than solving them. */
const FEW = 8;

/** A solver of systems of n equations in this thread. */
export function packedSolver(n: number): PackedSolver {
  const own = n < FEW ? undefined : wasmMemory();
  return (own && wasmSolver(own, n)) ?? new JavaScriptSolver(n);
}

class JavaScriptSolver implements PackedSolver {
  readonly A: Float64Array;

  constructor(readonly n: number) {
    this.A = new Float64Array((n * (n + 1)) / 2);
  }

  factor(): boolean {
    return factor(this.A, this.n);
  }

  solve(b: Float64Array): void {
    solve(this.A, b, this.n);
  }
}

/** What a thread has for all its solvers. */
interface Shared {
  readonly functions: Instantiated<CholeskyExports>;
  readonly room: GrowingRegion;
}

/** By memory; "none" where the module has no instance there. */
const shared = new WeakMap<WasmMemory, Shared | "none">();

function sharedIn(own: WasmMemory): Shared | "none" {
  const known = shared.get(own);
  if (known !== undefined) return known;
  const functions = instantiated<CholeskyExports>(compiledModule(() => choleskyModule(own.isShared)), own); // prettier-ignore
  const made = functions === undefined ? "none" : { functions, room: new GrowingRegion(own) };
  shared.set(own, made);
  return made;
}

function wasmSolver(own: WasmMemory, n: number): PackedSolver | undefined {
  const common = sharedIn(own);
  if (common === "none") return undefined;
  const { room } = common;
  const bytes = 8 * ((n * (n + 1)) / 2 + n);
  if ((room.region?.bytes ?? 0) >= bytes || room.grow(bytes)) return new WasmSolver(common, n);
  tellFallback(FULL);
  return undefined;
}

class WasmSolver implements PackedSolver {
  readonly #shared: Shared;
  readonly #n: number;
  #region: Region | undefined;
  #A: Float64Array = new Float64Array();
  #b: Float64Array = new Float64Array();

  constructor(common: Shared, n: number) {
    this.#shared = common;
    this.#n = n;
  }

  get A(): Float64Array {
    this.#look();
    return this.#A;
  }

  factor(): boolean {
    const { address } = this.#look();
    return this.#shared.functions.exports.factor(address, this.#n) === 1;
  }

  solve(b: Float64Array): void {
    const { address } = this.#look();
    const [view, n] = [this.#b, this.#n];
    view.set(b);
    this.#shared.functions.exports.solve(address, address + this.#A.byteLength, n);
    b.set(view);
  }

  /** Views of the region as it is now: it may have grown, or its memory. */
  #look(): Region {
    const { region } = this.#shared.room;
    if (region === undefined) throw new Error("a solver has no room in WebAssembly's memory");
    if (region !== this.#region || this.#A.length === 0) {
      const entries = (this.#n * (this.#n + 1)) / 2;
      this.#region = region;
      this.#A = region.numbers.subarray(0, entries);
      this.#b = region.numbers.subarray(entries, entries + this.#n);
    }
    return region;
  }
}
