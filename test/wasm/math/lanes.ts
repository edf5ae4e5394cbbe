import type { Code } from "../../../src/wasm/code.ts";
import { MathFunctions } from "../../../src/wasm/math/math-functions.ts";
import { ModuleBuilder } from "../../../src/wasm/module-builder.ts";
import { v128 } from "../../../src/wasm/simd.ts";
import { instantiate } from "../instantiate.ts";

type Vector = Code<"v128">;
type Spelling = (math: MathFunctions, a: Vector, b: Vector) => Vector;

/** The most numbers that a loop computes in a run. */
export const CAPACITY = 4096;

/** A compiled loop over arrays of a memory: result[i] = f(a[i], b[i]) for i < n, an even number. */
export interface Loop {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly result: Float64Array;
  readonly run: (n: number) => void;
}

export function loopOf(spell: Spelling): Loop {
  const size = 8 * CAPACITY;
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { min: 4 });
  module.importConstantsAddress("env", "constants");
  const math = new MathFunctions(module);
  module.export(
    module.func("run", ["i32"], "none", (f, bytes) =>
      f.for(0, bytes, 16, (at) => {
        const [a, b] = [f.let(v128.load(at)), f.let(v128.load(at, size))];
        f.do(v128.store(at, spell(math, a, b), 2 * size));
      }),
    ),
  );
  const memory = new WebAssembly.Memory({ initial: 4 });
  const { run } = instantiate(module, memory, 3 * size);
  const [a, b, result] = [0, 1, 2].map(
    (part) => new Float64Array(memory.buffer, part * size, CAPACITY),
  );
  return { a, b, result, run: (n) => run(8 * n) };
}

/** Computes f(a, b) of pairs of numbers, neighbours at once: one in each lane. */
export type Lanes = (a: readonly number[], b?: readonly number[]) => number[];

/** An expression over two vectors, compiled, to be called with arrays. */
export function lanesOf(spell: Spelling): Lanes {
  const loop = loopOf(spell);
  return (a, b = a) => {
    const values: number[] = [];
    for (let from = 0; from < a.length; from += CAPACITY) {
      const part = a.slice(from, from + CAPACITY);
      loop.a.set(part);
      loop.b.set(b.slice(from, from + CAPACITY));
      loop.run(part.length + (part.length % 2));
      values.push(...loop.result.subarray(0, part.length));
    }
    return values;
  };
}
