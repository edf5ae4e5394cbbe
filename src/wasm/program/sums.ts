/**
 * From the steps of a pair of groups to the coordinates. `addBlock` adds a block's products to S =
 * Σ w·ω·d·dᵀ, and to Σ w·ψ·d, which is a row below S. `gather` keeps the nonzeros of G, the groups'
 * factor of the Jacobian, and the products S·G for a few pairs; `flush` then adds GᵀSG of all of
 * them to H at once, and Gᵀψ to the gradient: each number of H is loaded and stored once for all.
 */
import type { Program } from "../../expr/program.ts";
import type { Code, Local } from "../code.ts";
import type { Func } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32 } from "../scalar.ts";
import { f64x2, v128 } from "../simd.ts";
import type { CodePlan } from "./code-plan.ts";
import { BLOCK, ENTRY, type Layout, placeOf, TILE } from "./layout.ts";

/** Of a state. */
export type StateFunction = Func<readonly ["i32"], "none">;
/** Of a state, and a number. */
export type NumberedFunction = Func<readonly ["i32", "i32"], "none">;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The most columns whose loops are written out. */
const WRITTEN_OUT = 12;

/** The sum of both lanes. */
export const bothLanes = (
  sum: Code<"v128">,
  f: { let(x: Code<"v128">): Local<"v128"> },
): Code<"f64"> => {
  const kept = f.let(sum);
  return f64.add(f64x2.extractLane(kept, 0), f64x2.extractLane(kept, 1));
};

/** Which rows of S a function adds to: all, or the last one alone, where it needs no other. */
type SummedRows = "all" | "last";

/** Adds the products of a block's steps, of so many, to rows of S. */
export const addBlock = (
  module: ModuleBuilder,
  name: string,
  layout: Layout,
  columns: number,
  rows: SummedRows,
): NumberedFunction =>
  columns <= WRITTEN_OUT
    ? addBlockWrittenOut(module, name, layout, columns, rows)
    : addBlockInTiles(module, name, layout, columns, rows);

/** Sums that are kept in registers at once. */
const REGISTERS = 10;

/** Every sum has a place of its own in the code. */
function addBlockWrittenOut(
  module: ModuleBuilder,
  name: string,
  { slopes, pulls, S, width, units }: Layout,
  columns: number,
  rows: SummedRows,
): NumberedFunction {
  const sums = range(columns + 1)
    .slice(rows === "all" ? 0 : columns)
    .flatMap((a) => range(Math.min(a + 1, columns)).map((b) => ({ a, b })));
  return module.func(name, ["i32", "i32"], "none", (f, state, steps) => {
    const end = f.let(i32.add(state, i32.shl(steps, 4)));
    for (let from = 0; from < sums.length; from += REGISTERS) {
      const some = sums.slice(from, from + REGISTERS).map(({ a, b }) => {
        const place = S + 16 * (width * a + b);
        return { a, b, place, total: f.let(v128.load(state, place)) };
      });
      const at = f.let(state);
      const pulled = new Map(some.map(({ a }) => [a, f.local("v128")]));
      f.loop((again) => {
        for (const [a, pull] of pulled) f.set(pull, v128.load(at, pulls + 16 * BLOCK * a));
        for (const { a, b, total } of some) {
          const pull = pulled.get(a) ?? total;
          const d = v128.load(at, slopes + 16 * BLOCK * b);
          f.set(total, f64x2.add(total, units.has(b) ? pull : f64x2.mul(pull, d)));
        }
        f.set(at, i32.add(at, 16));
        f.branchIf(again, i32.ltU(at, end));
      });
      for (const { place, total } of some) f.do(v128.store(state, total, place));
    }
  });
}

/** In loops over rows and tiles of columns, for programs of many columns. */
function addBlockInTiles(
  module: ModuleBuilder,
  name: string,
  { slopes, pulls, S, width }: Layout,
  columns: number,
  rows: SummedRows,
): NumberedFunction {
  return module.func(name, ["i32", "i32"], "none", (f, state, steps) => {
    const bytes = f.let(i32.shl(steps, 4));
    f.for(rows === "all" ? 0 : columns, columns + 1, 1, (a) => {
      const pull = f.let(i32.add(state, i32.mul(a, 16 * BLOCK)));
      const row = f.let(i32.add(state, i32.mul(a, 16 * width)));
      const last = f.let(i32.add(a, 1));
      f.if(i32.gtS(last, columns), () => f.set(last, i32.const(columns)));
      f.for(0, last, TILE, (b) => {
        const into = f.let(i32.add(row, i32.shl(b, 4)));
        const at = f.let(i32.add(state, i32.mul(b, 16 * BLOCK)));
        const far = f.let(i32.sub(pull, at));
        const end = f.let(i32.add(at, bytes));
        const totals = range(TILE).map((j) => f.let(v128.load(into, S + 16 * j)));
        f.loop((again) => {
          const pulled = f.let(v128.load(i32.add(at, far), pulls));
          for (const [j, total] of totals.entries()) {
            const d = v128.load(at, slopes + 16 * BLOCK * j);
            f.set(total, f64x2.add(total, f64x2.mul(pulled, d)));
          }
          f.set(at, i32.add(at, 16));
          f.branchIf(again, i32.ltU(at, end));
        });
        for (const [j, total] of totals.entries()) f.do(v128.store(into, total, S + 16 * j));
      });
    });
  });
}

/** Sets S to 0. */
export function clearSums(module: ModuleBuilder, layout: Layout, columns: number): StateFunction {
  return module.func("clear_sums", ["i32"], "none", (f, state) => {
    const end = f.let(i32.add(state, 16 * layout.width * (columns + 1)));
    const at = f.let(state);
    f.loop((again) => {
      for (const j of range(TILE)) f.do(v128.store(at, f64x2.const(0), layout.S + 16 * j));
      f.set(at, i32.add(at, 16 * TILE));
      f.branchIf(again, i32.ltU(at, end));
    });
  });
}

/** The most products of S and G whose code is written out. */
const MOST_PRODUCTS = 800;

/** Keeps G and S·G of a pair, as the one that is so many × 16 bytes into a chunk. */
export const gather = (
  module: ModuleBuilder,
  layout: Layout,
  columns: number,
  program: Program,
  plan: CodePlan,
): NumberedFunction =>
  layout.entries.length * (columns + 1) <= MOST_PRODUCTS
    ? gatherWrittenOut(module, layout, columns, program, plan)
    : gatherInLoops(module, layout, columns);

/** Every product has a place of its own in the code. */
function gatherWrittenOut(
  module: ModuleBuilder,
  layout: Layout,
  columns: number,
  { slots }: Program,
  plan: CodePlan,
): NumberedFunction {
  const { S, width, G, T, chunk, entries } = layout;
  return module.func("gather", ["i32", "i32"], "none", (f, state, pair) => {
    const into = f.let(i32.add(state, pair));
    for (const [e, { column, slot }] of entries.entries()) {
      const to = 16 * chunk * e;
      const constant = slots[slot].kind === "const" ? slots[slot].value : undefined;
      const g = f.let(v128.load(state, placeOf(layout, plan, slot)));
      f.do(v128.store(into, g, G + to));
      for (const c of range(columns + 1)) {
        // S is symmetric, and has its lower triangle.
        const [row, other] = c >= column ? [c, column] : [column, c];
        const s = v128.load(state, S + 16 * (width * row + other));
        const product = constant === 1 ? s : f64x2.mul(s, g);
        f.do(v128.store(into, product, T + 16 * chunk * entries.length * c + to));
      }
    }
  });
}

function gatherInLoops(module: ModuleBuilder, layout: Layout, columns: number): NumberedFunction {
  const { S, width, G, T, chunk, entries, entryTable } = layout;
  const row = 16 * chunk * entries.length;
  return module.func("gather", ["i32", "i32"], "none", (f, state, pair) => {
    // The upper triangle of S is the lower one.
    f.for(1, columns, 1, (a) => {
      const across = f.let(i32.add(state, i32.mul(a, 16 * width)));
      const down = f.let(i32.add(state, i32.shl(a, 4)));
      const end = f.let(i32.add(across, i32.shl(a, 4)));
      f.loop((again) => {
        f.do(v128.store(down, v128.load(across, S), S));
        f.set(across, i32.add(across, 16));
        f.set(down, i32.add(down, 16 * width));
        f.branchIf(again, i32.ltU(across, end));
      });
    });
    f.for(0, entries.length, 1, (e) => {
      const entry = f.let(i32.add(state, i32.mul(e, ENTRY.size)));
      const value = i32.load(entry, entryTable + ENTRY.value);
      const g = f.let(v128.load(i32.add(state, value)));
      const sums = f.let(i32.add(state, i32.load(entry, entryTable + ENTRY.column)));
      const into = f.let(i32.add(i32.add(state, pair), i32.mul(e, 16 * chunk)));
      f.do(v128.store(into, g, G));
      const product = (s: Code<"i32">, t: Code<"i32">, c: number) =>
        f.do(v128.store(t, f64x2.mul(v128.load(s, S + 16 * width * c), g), T + row * c));
      if (columns <= WRITTEN_OUT) for (const c of range(columns + 1)) product(sums, into, c);
      else
        f.for(0, columns + 1, 1, () => {
          product(sums, into, 0);
          f.set(sums, i32.add(sums, 16 * width));
          f.set(into, i32.add(into, row));
        });
    });
  });
}

/** Makes a pair of a chunk one that adds nothing. */
export function gatherNothing(
  module: ModuleBuilder,
  layout: Layout,
  columns: number,
): NumberedFunction {
  const { G, chunk, entries } = layout;
  // T stands right behind G, with rows of the same length.
  const end = 16 * chunk * entries.length * (columns + 2);
  return module.func("gather_nothing", ["i32", "i32"], "none", (f, state, pair) =>
    f.for(0, end, 16 * chunk, (at) =>
      f.do(v128.store(i32.add(i32.add(state, pair), at), f64x2.const(0), G)),
    ),
  );
}

/** Adds a chunk to the gradient and to H. */
export function flush(module: ModuleBuilder, layout: Layout, columns: number): StateFunction {
  const { G, T, chunk, entries, entryTable, gradient, H } = layout;
  const row = 16 * chunk * entries.length;
  return module.func("flush", ["i32"], "none", (f, state) => {
    const addTo = (address: Code<"i32">, offset: number, sum: Code<"v128">) => {
      const into = f.let(address);
      f.do(f64.store(into, f64.add(f64.load(into, offset), bothLanes(sum, f)), offset));
    };
    const sumOf = (terms: readonly Code<"v128">[]): Code<"v128"> =>
      terms.length === 1
        ? terms[0]
        : f64x2.add(sumOf(terms.slice(0, terms.length / 2)), sumOf(terms.slice(terms.length / 2)));
    f.for(0, entries.length, 1, (e) => {
      const entry = f.let(i32.add(state, i32.mul(e, ENTRY.size)));
      const own = f.let(i32.add(state, i32.mul(e, 16 * chunk)));
      const param = i32.load(entry, entryTable + ENTRY.param);
      addTo(
        i32.add(state, param),
        gradient,
        sumOf(range(chunk).map((k) => v128.load(own, T + row * columns + 16 * k))),
      );
      const g = range(chunk).map((k) => f.let(v128.load(own, G + 16 * k)));
      const into = f.let(i32.add(state, i32.load(entry, entryTable + ENTRY.row)));
      const at = f.let(i32.add(state, i32.load(entry, entryTable + ENTRY.products)));
      const other = f.let(state);
      const last = f.let(
        i32.add(state, i32.mul(i32.load(entry, entryTable + ENTRY.earlier), ENTRY.size)),
      );
      f.loop((again) => {
        const terms = g.map((x, k) => f64x2.mul(x, v128.load(at, T + 16 * k)));
        addTo(i32.add(into, i32.load(other, entryTable + ENTRY.param)), H, sumOf(terms));
        f.set(at, i32.add(at, 16 * chunk));
        f.set(other, i32.add(other, ENTRY.size));
        f.branchIf(again, i32.ltU(other, last));
      });
    });
  });
}

/** Adds a pair's Gᵀ·(last row of S) to the entries' sums. */
export function addPulls(module: ModuleBuilder, layout: Layout, columns: number): StateFunction {
  const { S, width, entries, entryTable, sums } = layout;
  return module.func("add_pulls", ["i32"], "none", (f, state) =>
    f.for(0, entries.length, 1, (e) => {
      const entry = f.let(i32.add(state, i32.mul(e, ENTRY.size)));
      const g = v128.load(i32.add(state, i32.load(entry, entryTable + ENTRY.value)));
      const column = i32.add(state, i32.load(entry, entryTable + ENTRY.column));
      const pull = v128.load(column, S + 16 * width * columns);
      const into = f.let(i32.add(state, i32.shl(e, 4)));
      f.do(v128.store(into, f64x2.add(v128.load(into, sums), f64x2.mul(g, pull)), sums));
    }),
  );
}

/** Sets the entries' sums to 0. */
export function clearPulls(module: ModuleBuilder, { entries, sums }: Layout): StateFunction {
  return module.func("clear_pulls", ["i32"], "none", (f, state) =>
    f.for(0, 16 * entries.length, 16, (at) =>
      f.do(v128.store(i32.add(state, at), f64x2.const(0), sums)),
    ),
  );
}

/** Adds the entries' sums to the gradient. */
export function flushPulls(module: ModuleBuilder, layout: Layout): StateFunction {
  const { entries, entryTable, sums, gradient } = layout;
  return module.func("flush_pulls", ["i32"], "none", (f, state) =>
    f.for(0, entries.length, 1, (e) => {
      const entry = f.let(i32.add(state, i32.mul(e, ENTRY.size)));
      const into = f.let(i32.add(state, i32.load(entry, entryTable + ENTRY.param)));
      const sum = bothLanes(v128.load(i32.add(state, i32.shl(e, 4)), sums), f);
      f.do(f64.store(into, f64.add(f64.load(into, gradient), sum), gradient));
    }),
  );
}
