/**
 * Sums and multiples of stretches of float64 numbers, as a WebAssembly module. Sums are four, which
 * are added in the end, as in src/fit/starts/stretches.ts: the same bits.
 */
import { MOST_PAGES } from "../availability.ts";
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import { ModuleBuilder } from "../module-builder.ts";
import { IMPORTS, type WrittenModule } from "../program/program-module.ts";
import { f64, i32 } from "../scalar.ts";
import { f64x2, v128 } from "../simd.ts";

/** What the module exports; stretches are addresses, of `count` numbers each. */
export interface StretchExports {
  /** Σ a·b. */
  readonly dot: (a: number, b: number, count: number) => number;
  /** a −= x·b; returns Σ a². */
  readonly subtract: (a: number, x: number, b: number, count: number) => number;
  /** to = −from. */
  readonly negate: (from: number, to: number, count: number) => void;
  /** to = from, but 0 where that is smaller than `least`; returns the largest |from|. */
  readonly copy: (from: number, to: number, least: number, count: number) => number;
  /** to = from/x. */
  readonly divide: (from: number, x: number, to: number, count: number) => void;
  /** to = from·x·factors. */
  readonly scale: (from: number, x: number, factors: number, to: number, count: number) => void;
  /** to += from·x·factors. */
  readonly addScaled: (from: number, x: number, factors: number, to: number, count: number) => void;
}

/** The module, in the binary format. */
export function stretchModule(shared: boolean): WrittenModule {
  const module = new ModuleBuilder();
  module.importMemory(IMPORTS.module, IMPORTS.memory, { min: 1, max: MOST_PAGES, shared });
  module.importConstantsAddress(IMPORTS.module, IMPORTS.constants);
  addDot(module);
  addSubtract(module);
  addNegate(module);
  addCopy(module);
  addDivide(module);
  addScale(module, "scale");
  addScale(module, "addScaled");
  return { bytes: module.bytes(), constantBytes: module.constantBytes };
}

/** Goes through stretches by so many numbers at once, and one by one at their ends. */
function through(
  f: FunctionBuilder,
  stretches: readonly Local<"i32">[],
  count: Local<"i32">,
  step: 2 | 4,
  some: () => void,
  one: () => void,
): void {
  const [first] = stretches;
  const [last, end] = [i32.and(count, -step), count].map((to) =>
    f.let(i32.add(first, i32.shl(to, 3))),
  );
  const part = (to: Local<"i32">, bytes: number, body: () => void): void =>
    f.if(i32.ltU(first, to), () =>
      f.loop((again) => {
        body();
        for (const stretch of stretches) f.set(stretch, i32.add(stretch, bytes));
        f.branchIf(again, i32.ltU(first, to));
      }),
    );
  part(last, 8 * step, some);
  part(end, 8, one);
}

/** Four sums: the first two, and the others. */
interface Sums {
  readonly add: (offset: 0 | 16, terms: Code<"v128">) => void;
  /** To the first. */
  readonly addOne: (term: Code<"f64">) => void;
  readonly total: () => Code<"f64">;
}

function sumsOf(f: FunctionBuilder): Sums {
  const [low, high] = [f.let(f64x2.const(0)), f.let(f64x2.const(0))];
  const pair = (sums: Local<"v128">): Code<"f64"> =>
    f64.add(f64x2.extractLane(sums, 0), f64x2.extractLane(sums, 1));
  return {
    add: (offset, terms) => {
      const sums = offset === 0 ? low : high;
      f.set(sums, f64x2.add(sums, terms));
    },
    addOne: (term) =>
      f.set(low, f64x2.replaceLane(low, 0, f64.add(f64x2.extractLane(low, 0), term))),
    total: () => f64.add(pair(low), pair(high)),
  };
}

/** Halves of four numbers. */
const HALVES = [0, 16] as const;

function addDot(module: ModuleBuilder): void {
  const dot = module.func("dot", ["i32", "i32", "i32"], "f64", (f, a, b, count) => {
    const sums = sumsOf(f);
    const [x, y] = [f.let(a), f.let(b)];
    through(
      f,
      [x, y],
      count,
      4,
      () => {
        for (const at of HALVES) sums.add(at, f64x2.mul(v128.load(x, at), v128.load(y, at)));
      },
      () => sums.addOne(f64.mul(f64.load(x), f64.load(y))),
    );
    return sums.total();
  });
  module.export(dot);
}

function addSubtract(module: ModuleBuilder): void {
  const types = ["i32", "f64", "i32", "i32"] as const;
  const subtract = module.func("subtract", types, "f64", (f, a, x, b, count) => {
    const sums = sumsOf(f);
    const both = f.let(f64x2.splat(x));
    const [to, from] = [f.let(a), f.let(b)];
    through(
      f,
      [to, from],
      count,
      4,
      () => {
        for (const at of HALVES) {
          const left = f.let(f64x2.sub(v128.load(to, at), f64x2.mul(both, v128.load(from, at))));
          f.do(v128.store(to, left, at));
          sums.add(at, f64x2.mul(left, left));
        }
      },
      () => {
        const left = f.let(f64.sub(f64.load(to), f64.mul(x, f64.load(from))));
        f.do(f64.store(to, left));
        sums.addOne(f64.mul(left, left));
      },
    );
    return sums.total();
  });
  module.export(subtract);
}

function addNegate(module: ModuleBuilder): void {
  const negate = module.func("negate", ["i32", "i32", "i32"], "none", (f, a, b, count) => {
    const [from, to] = [f.let(a), f.let(b)];
    through(
      f,
      [from, to],
      count,
      2,
      () => f.do(v128.store(to, f64x2.neg(v128.load(from)))),
      () => f.do(f64.store(to, f64.mul(-1, f64.load(from)))),
    );
  });
  module.export(negate);
}

function addCopy(module: ModuleBuilder): void {
  const types = ["i32", "i32", "f64", "i32"] as const;
  const copy = module.func("copy", types, "f64", (f, a, b, least, count) => {
    const [from, to] = [f.let(a), f.let(b)];
    const [bound, largest] = [f.let(f64x2.splat(least)), f.let(f64x2.const(0))];
    /** Of numbers: 0 for the small ones; keeps the largest size. */
    const without = (numbers: Local<"v128">): Code<"v128"> => {
      const size = f.let(f64x2.abs(numbers));
      f.set(largest, f64x2.pmax(largest, size));
      return v128.andnot(numbers, f64x2.lt(size, bound));
    };
    through(
      f,
      [from, to],
      count,
      2,
      () => f.do(v128.store(to, without(f.let(v128.load(from))))),
      () => {
        const kept = without(f.let(v128.load64Splat(from)));
        f.do(f64.store(to, f64x2.extractLane(kept, 0)));
      },
    );
    const other = f64x2.splat(f64x2.extractLane(largest, 1));
    return f64x2.extractLane(f64x2.pmax(largest, other), 0);
  });
  module.export(copy);
}

function addDivide(module: ModuleBuilder): void {
  const types = ["i32", "f64", "i32", "i32"] as const;
  const divide = module.func("divide", types, "none", (f, a, x, b, count) => {
    const both = f.let(f64x2.splat(x));
    const [from, to] = [f.let(a), f.let(b)];
    through(
      f,
      [from, to],
      count,
      2,
      () => f.do(v128.store(to, f64x2.div(v128.load(from), both))),
      () => f.do(f64.store(to, f64.div(f64.load(from), x))),
    );
  });
  module.export(divide);
}

function addScale(module: ModuleBuilder, name: "scale" | "addScaled"): void {
  const types = ["i32", "f64", "i32", "i32", "i32"] as const;
  const adds = name === "addScaled";
  const scale = module.func(name, types, "none", (f, a, x, b, c, count) => {
    const both = f.let(f64x2.splat(x));
    const [from, factors, to] = [f.let(a), f.let(b), f.let(c)];
    through(
      f,
      [from, factors, to],
      count,
      2,
      () => {
        const made = f64x2.mul(f64x2.mul(v128.load(from), both), v128.load(factors));
        f.do(v128.store(to, adds ? f64x2.add(v128.load(to), made) : made));
      },
      () => {
        const made = f64.mul(f64.mul(f64.load(from), x), f64.load(factors));
        f.do(f64.store(to, adds ? f64.add(f64.load(to), made) : made));
      },
    );
  });
  module.export(scale);
}
