/**
 * Cholesky's factor of a symmetric positive definite matrix, and solving with it, as a WebAssembly
 * module; src/solve/cholesky.ts has the same in JavaScript. A matrix is a packed lower triangle of
 * float64 numbers, row by row: (i, j) at i(i+1)/2 + j.
 */
import { MOST_PAGES } from "../availability.ts";
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import { ModuleBuilder } from "../module-builder.ts";
import { IMPORTS, type WrittenModule } from "../program/program-module.ts";
import { f64, i32 } from "../scalar.ts";
import { f64x2, v128 } from "../simd.ts";

/** What the module exports; matrices and vectors are addresses. */
export interface CholeskyExports {
  /** Factors A = LLᵀ of n rows in place; 0 where a pivot is not positive (A is then garbage). */
  readonly factor: (A: number, n: number) => number;
  /** Solves LLᵀx = b in place of b. */
  readonly solve: (L: number, b: number, n: number) => void;
}

/** The module, in the binary format. */
export function choleskyModule(shared: boolean): WrittenModule {
  const module = new ModuleBuilder();
  module.importMemory(IMPORTS.module, IMPORTS.memory, { min: 1, max: MOST_PAGES, shared });
  module.importConstantsAddress(IMPORTS.module, IMPORTS.constants);
  addFactor(module);
  addSolve(module);
  return { bytes: module.bytes(), constantBytes: module.constantBytes };
}

/** Column by column: the entries of a column wait for each other's numbers no more. */
function addFactor(module: ModuleBuilder): void {
  const factor = module.func("factor", ["i32", "i32"], "i32", (f, A, n) => {
    const isPositive = f.let(i32.const(1));
    const [j, row] = [f.let(i32.const(0)), f.let(A)];
    f.loop((again) => {
      const pivotAt = f.let(i32.add(row, i32.shl(j, 3)));
      const [square] = lessDots(f, j, row, [row]);
      const pivot = f.let(square);
      f.set(isPositive, i32.and(f64.lt(0, pivot), f64.lt(pivot, Infinity)));
      f.set(pivot, f64.sqrt(pivot));
      f.do(f64.store(pivotAt, pivot));
      f.if(isPositive, () => {
        // Two rows below at once, which read the row of the pivot together.
        const i = f.let(i32.add(j, 1));
        const below = f.let(rowAfter(row, j));
        const rest = f.let(i32.and(i32.sub(n, i), 1));
        f.if(rest, () => divide(f, j, row, [below], pivot));
        f.if(rest, () => {
          f.set(below, rowAfter(below, i));
          f.set(i, i32.add(i, 1));
        });
        f.for(i, n, 2, (at) => {
          const next = f.let(rowAfter(below, at));
          divide(f, j, row, [below, next], pivot);
          f.set(below, rowAfter(next, i32.add(at, 1)));
        });
      });
      f.set(row, rowAfter(row, j));
      f.set(j, i32.add(j, 1));
      f.branchIf(again, i32.and(isPositive, i32.ltS(j, n)));
    });
    return isPositive;
  });
  module.export(factor);
}

/** The address of the row behind row i. */
const rowAfter = (row: Code<"i32">, i: Code<"i32">): Code<"i32"> =>
  i32.add(row, i32.shl(i32.add(i, 1), 3));

/** Entries j of some rows become those of L. */
function divide(
  f: FunctionBuilder,
  j: Local<"i32">,
  row: Local<"i32">,
  rows: readonly Local<"i32">[],
  pivot: Local<"f64">,
): void {
  for (const [r, value] of lessDots(f, j, row, rows).entries())
    f.do(f64.store(i32.add(rows[r], i32.shl(j, 3)), f64.div(value, pivot)));
}

/** Entries `count` of some vectors, less the products of what is before them with another one's. */
function lessDots(
  f: FunctionBuilder,
  count: Local<"i32">,
  other: Local<"i32">,
  vectors: readonly Local<"i32">[],
): Code<"f64">[] {
  const sums = vectors.map(() => f.let(f64x2.const(0)));
  const [b, ...as] = [other, ...vectors].map((address) => f.let(address));
  const end = f.let(i32.add(b, i32.shl(i32.and(count, -2), 3)));
  f.if(i32.ltU(b, end), () =>
    f.loop((again) => {
      const factor = f.let(v128.load(b));
      for (const [r, a] of as.entries())
        f.set(sums[r], f64x2.add(sums[r], f64x2.mul(v128.load(a), factor)));
      for (const address of [b, ...as]) f.set(address, i32.add(address, 16));
      f.branchIf(again, i32.ltU(b, end));
    }),
  );
  const totals = sums.map((sum) =>
    f.let(f64.add(f64x2.extractLane(sum, 0), f64x2.extractLane(sum, 1))),
  );
  f.if(i32.and(count, 1), () => {
    for (const [r, a] of as.entries())
      f.set(totals[r], f64.add(totals[r], f64.mul(f64.load(a), f64.load(b))));
  });
  return vectors.map((vector, r) =>
    f64.sub(f64.load(i32.add(vector, i32.shl(count, 3))), totals[r]),
  );
}

function addSolve(module: ModuleBuilder): void {
  const solve = module.func("solve", ["i32", "i32", "i32"], "none", (f, L, b, n) => {
    const row = f.let(L);
    f.for(0, n, 1, (i) => {
      const at = f.let(i32.shl(i, 3));
      const [left] = lessDots(f, i, row, [b]);
      f.do(f64.store(i32.add(b, at), f64.div(left, f64.load(i32.add(row, at)))));
      f.set(row, rowAfter(row, i));
    });
    f.for(0, n, 1, (done) => {
      const i = f.let(i32.sub(i32.sub(n, 1), done));
      f.set(row, i32.sub(row, i32.shl(i32.add(i, 1), 3)));
      const at = f.let(i32.shl(i, 3));
      const x = f.let(f64.div(f64.load(i32.add(b, at)), f64.load(i32.add(row, at))));
      f.do(f64.store(i32.add(b, at), x));
      takeMultiple(f, i, b, row, x);
    });
  });
  module.export(solve);
}

/** The first `count` numbers of b become less by x times those of a row. */
function takeMultiple(
  f: FunctionBuilder,
  count: Local<"i32">,
  b: Local<"i32">,
  row: Local<"i32">,
  x: Local<"f64">,
): void {
  const both = f.let(f64x2.splat(x));
  const [to, from] = [f.let(b), f.let(row)];
  const end = f.let(i32.add(b, i32.shl(i32.and(count, -2), 3)));
  f.if(i32.ltU(to, end), () =>
    f.loop((again) => {
      f.do(v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(both, v128.load(from)))));
      for (const address of [to, from]) f.set(address, i32.add(address, 16));
      f.branchIf(again, i32.ltU(to, end));
    }),
  );
  f.if(i32.and(count, 1), () =>
    f.do(f64.store(to, f64.sub(f64.load(to), f64.mul(x, f64.load(from))))),
  );
}
