/**
 * Arithmetic on stretches of one list of numbers, for the small linear problems of starts, of which
 * there are millions. By WebAssembly where that computes float64 in this thread, by JavaScript
 * where not: the same bits.
 */
import { wasmMemory, type WasmMemory } from "../../wasm/availability.ts";
import { FULL, tellFallback } from "../../wasm/fallback.ts";
import { type StretchExports, stretchModule } from "../../wasm/linear/stretch-module.ts";
import { compiledModule, instantiated, type Instantiated } from "../../wasm/program/module-of-program.ts"; // prettier-ignore
import { claimRegion } from "../../wasm/regions.ts";

/** A list of numbers, and what is done with stretches of it; see StretchExports. */
export interface Stretches extends StretchExports {
  /** The list. To be asked for anew by whoever uses it after others did. */
  readonly numbers: Float64Array;
  /** What functions take for the stretch that begins with number `place` of the list. */
  address(place: number): number;
}

/** By JavaScript. */
export class JavaScriptStretches implements Stretches {
  readonly numbers: Float64Array;

  constructor(length: number) {
    this.numbers = new Float64Array(length);
  }

  address(place: number): number {
    return place;
  }

  dot(a: number, b: number, count: number): number {
    const { numbers } = this;
    // Four sums, which a processor does beside each other.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let i = 0;
    for (; i + 3 < count; i += 4) {
      s0 += numbers[a + i] * numbers[b + i];
      s1 += numbers[a + i + 1] * numbers[b + i + 1];
      s2 += numbers[a + i + 2] * numbers[b + i + 2];
      s3 += numbers[a + i + 3] * numbers[b + i + 3];
    }
    for (; i < count; i++) s0 += numbers[a + i] * numbers[b + i];
    return s0 + s1 + (s2 + s3);
  }

  subtract(a: number, x: number, b: number, count: number): number {
    const { numbers } = this;
    for (let i = 0; i < count; i++) numbers[a + i] -= x * numbers[b + i];
    return this.dot(a, a, count);
  }

  negate(from: number, to: number, count: number): void {
    const { numbers } = this;
    for (let i = 0; i < count; i++) numbers[to + i] = -numbers[from + i];
  }

  copy(from: number, to: number, least: number, count: number): number {
    const { numbers } = this;
    let largest = 0;
    for (let i = 0; i < count; i++) {
      const value = numbers[from + i];
      const size = Math.abs(value);
      if (size > largest) largest = size;
      numbers[to + i] = size < least ? 0 : value;
    }
    return largest;
  }

  divide(from: number, x: number, to: number, count: number): void {
    const { numbers } = this;
    for (let i = 0; i < count; i++) numbers[to + i] = numbers[from + i] / x;
  }

  scale(from: number, x: number, factors: number, to: number, count: number): void {
    const { numbers } = this;
    for (let i = 0; i < count; i++) numbers[to + i] = numbers[from + i] * x * numbers[factors + i];
  }

  addScaled(from: number, x: number, factors: number, to: number, count: number): void {
    const { numbers } = this;
    for (let i = 0; i < count; i++) numbers[to + i] += numbers[from + i] * x * numbers[factors + i];
  }
}

/** What a thread has for all its lists of a memory. */
interface Shared {
  readonly functions: Instantiated<StretchExports>;
  /** By their pages. */
  readonly lists: Map<number, Stretches>;
}

/** By memory; "none" where the module has no instance there. */
const shared = new WeakMap<WasmMemory, Shared | "none">();
/** Numbers of a page. */
const PAGE = 2 ** 13;

/**
 * A list of so many numbers, which all that ask for it in this thread use one after the other: what
 * is in it is good until another computes.
 */
export function stretches(length: number): Stretches {
  const own = wasmMemory();
  return (own && wasmStretches(own, Math.ceil(length / PAGE))) ?? new JavaScriptStretches(length);
}

function wasmStretches(own: WasmMemory, pages: number): Stretches | undefined {
  const common = sharedIn(own);
  if (common === "none") return undefined;
  const { functions, lists } = common;
  const known = lists.get(pages);
  if (known !== undefined) return known;
  const region = claimRegion(own, common, pages * PAGE);
  if (region === undefined) {
    tellFallback(FULL);
    return undefined;
  }
  const list = {
    ...functions.exports,
    get numbers() {
      return region.numbers;
    },
    address: (place: number) => region.address + 8 * place,
  };
  lists.set(pages, list);
  return list;
}

function sharedIn(own: WasmMemory): Shared | "none" {
  const known = shared.get(own);
  if (known !== undefined) return known;
  const functions = instantiated<StretchExports>(compiledModule(() => stretchModule(own.isShared)), own); // prettier-ignore
  const made =
    functions === undefined ? "none" : { functions, lists: new Map<number, Stretches>() };
  shared.set(own, made);
  return made;
}
