import type { Code } from "../../../src/wasm/code.ts";
import { MathFunctions } from "../../../src/wasm/math/math-functions.ts";
import { ModuleBuilder } from "../../../src/wasm/module-builder.ts";
import { v128 } from "../../../src/wasm/simd.ts";
import { instantiate } from "../instantiate.ts";

type Vector = Code<"v128">;

/** Computes f(a, b) of pairs of numbers: two at once, one in each lane. */
export type Lanes = (a: readonly number[], b?: readonly number[]) => number[];

/** An expression over two vectors, compiled, to be called with arrays. */
export function lanesOf(spell: (math: MathFunctions, a: Vector, b: Vector) => Vector): Lanes {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { min: 2 }, 65536);
  const math = new MathFunctions(module);
  module.export(
    module.func("run", [], "none", (f) => {
      const [a, b] = [f.let(v128.load(0)), f.let(v128.load(16))];
      f.do(v128.store(32, spell(math, a, b)));
    }),
  );
  const memory = new WebAssembly.Memory({ initial: 2 });
  const { run } = instantiate(module, memory);
  const cells = new Float64Array(memory.buffer, 0, 6);
  return (a, b = a) =>
    a.flatMap((_, at) => {
      if (at % 2 === 1) return [];
      // An odd count's last partner is itself.
      const next = Math.min(at + 1, a.length - 1);
      cells.set([a[at], a[next], b[at], b[next]]);
      run();
      return [cells[4], cells[5]].slice(0, next - at + 1);
    });
}
