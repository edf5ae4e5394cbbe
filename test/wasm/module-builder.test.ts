import { describe, expect, test } from "vitest";
import { callOf, drop } from "../../src/wasm/function-builder.ts";
import { ModuleBuilder } from "../../src/wasm/module-builder.ts";
import { f64, i32, i64 } from "../../src/wasm/scalar.ts";
import { f64x2, v128 } from "../../src/wasm/simd.ts";
import { instantiate } from "./instantiate.ts";

describe("a module", () => {
  test("without functions is a module", () => {
    expect(WebAssembly.validate(new ModuleBuilder().bytes())).toBe(true);
  });

  test("computes with arguments, constants and calls", () => {
    const module = new ModuleBuilder();
    const square = module.func("square", ["f64"], "f64", (_, x) => f64.mul(x, x));
    const norm = module.func("norm", ["f64", "f64"], "f64", (_, x, y) =>
      f64.add(callOf(square, x), callOf(square, y)),
    );
    module.export(norm);
    const { norm: run, square: hidden } = instantiate(module);
    expect(run(3, 4)).toBe(25);
    expect(hidden).toBeUndefined();
  });

  test("sums an array of a memory, two numbers at once", () => {
    const module = new ModuleBuilder();
    module.importMemory("env", "memory", { min: 1 });
    const squares = module.func("squares", ["i32", "i32"], "f64", (f, address, n) => {
      const total = f.local("v128");
      f.for(0, n, 2, (i) => {
        const x = f.let(v128.load(i32.add(address, i32.shl(i, 3))));
        f.set(total, f64x2.add(total, f64x2.mul(x, x)));
      });
      return f64.add(f64x2.extractLane(total, 0), f64x2.extractLane(total, 1));
    });
    module.export(squares);
    const memory = new WebAssembly.Memory({ initial: 1 });
    new Float64Array(memory.buffer, 64, 6).set([1, 2, 3, 4, 5, 6]);
    const { squares: run } = instantiate(module, memory);
    expect(run(64, 6)).toBe(91);
    expect(run(64, 0)).toBe(0);
  });

  test("uses a shared memory, and writes its constants there", () => {
    const module = new ModuleBuilder();
    module.importMemory("env", "memory", { min: 1, max: 4, shared: true });
    module.importConstantsAddress("env", "constants");
    const place = module.table([2.5, 0]);
    const scale = module.func("scale", ["f64"], "none", (f, x) => {
      f.do(f64.store(8, f64.mul(f64.load(module.constantsAddress, place), x)));
    });
    module.export(scale);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
    instantiate(module, memory, 1008).scale(4);
    expect(new Float64Array(memory.buffer)[1]).toBe(10);
  });

  test("has functions of hundreds of variables and thousands of instructions", () => {
    const module = new ModuleBuilder();
    const sum = module.func("sum", ["f64"], "f64", (f, x) => {
      const terms = Array.from({ length: 3000 }, (_, n) => f.let(f64.mul(x, n)));
      return terms.reduce((total, term) => f.let(f64.add(total, term)));
    });
    module.export(sum);
    expect(instantiate(module).sum(2)).toBe(3000 * 2999);
  });
});

describe("control", () => {
  test("flows through branches and loops", () => {
    const module = new ModuleBuilder();
    // Steps of the Collatz sequence from n to 1.
    const collatz = module.func("collatz", ["i32"], "i32", (f, n) => {
      const steps = f.local("i32");
      f.if(i32.gtS(n, 1), () =>
        f.loop((again) => {
          f.if(
            i32.and(n, 1),
            () => f.set(n, i32.add(i32.mul(n, 3), 1)),
            () => f.set(n, i32.shrU(n, 1)),
          );
          f.set(steps, i32.add(steps, 1));
          f.branchIf(again, i32.gtS(n, 1));
        }),
      );
      return steps;
    });
    module.export(collatz);
    const { collatz: run } = instantiate(module);
    expect([27, 1, 6].map((n) => run(n))).toEqual([111, 0, 8]);
  });

  test("counts loops from and to, by steps, nested", () => {
    const module = new ModuleBuilder();
    const pairs = module.func("pairs", ["i32", "i32"], "i32", (f, from, to) => {
      const count = f.local("i32");
      f.for(from, to, 2, (i) => f.for(i, to, 1, () => f.set(count, i32.add(count, 1))));
      return count;
    });
    module.export(pairs);
    const { pairs: run } = instantiate(module);
    expect(run(0, 4)).toBe(4 + 2);
    expect(run(4, 4)).toBe(0);
    expect(run(-3, 2)).toBe(5 + 3 + 1);
  });

  test("drops values", () => {
    const module = new ModuleBuilder();
    const first = module.func("first", ["f64", "f64"], "f64", (f, a, b) => {
      f.do(drop(f64.add(a, b)));
      return a;
    });
    module.export(first);
    expect(instantiate(module).first(3, 7)).toBe(3);
  });
});

describe("types", () => {
  test("of operands are checked by TypeScript", () => {
    const module = new ModuleBuilder();
    module.func("wrong", ["f64", "v128"], "f64", (f, x, y) => {
      // @ts-expect-error -- a vector is not a number
      f64.add(x, y);
      // @ts-expect-error -- a number is not a vector
      f64x2.add(x, y);
      // @ts-expect-error -- a float64 number is no address
      f64.load(x);
      // @ts-expect-error -- integers of 64 bits are bigints
      i64.add(1n, 1);
      // @ts-expect-error -- a variable has one type
      f.set(f.local("i32"), x);
      // @ts-expect-error -- there are two lanes
      f64x2.extractLane(y, 2);
      return x;
    });
    // @ts-expect-error -- the result is another
    module.func("other", ["f64"], "v128", (_, x) => x);
    const unary = module.func("unary", ["f64"], "f64", (_, x) => x);
    // @ts-expect-error -- it takes one operand
    callOf(unary, f64.const(1), f64.const(2));
    // @ts-expect-error -- a shared memory has a largest size
    module.importMemory("env", "memory", { min: 1, shared: true });
  });
});
