/** The code of cells (cell-columns.ts): which there are, what is computed, how steps read it. */
import type { Program } from "../../expr/program.ts";
import type { Code, Local } from "../code.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32, i64 } from "../scalar.ts";
import { v128 } from "../simd.ts";
import { type CellColumn, MOST_CELLS } from "./cell-columns.ts";
import type { CodePlan } from "./code-plan.ts";
import { HEADER, type Layout, PAIR, stepWidth } from "./layout.ts";
import { type ProgramCode, SlotWriter } from "./slot-writer.ts";
import type { StateFunction } from "./sums.ts";

/** Bytes of a number for each cell of a column. */
const ROW = 8 * MOST_CELLS;

/** Where a step has the offset of its cell of a column. */
const offsetIn = (program: Program, plan: CodePlan, column: number): number =>
  stepWidth(program, plan) - 16 * (plan.cells.length - placeOf(plan, column));

const placeOf = ({ cells }: CodePlan, column: number): number =>
  cells.findIndex((other) => other.column === column);

/**
 * Of a state whose steps are packed: finds the cells, and says at each step which are its own. They
 * are used if each stands for two runs or more, on average.
 */
export function cellFinder(
  module: ModuleBuilder,
  program: Program,
  plan: CodePlan,
  layout: Layout,
): StateFunction {
  const width = stepWidth(program, plan);
  return module.func("find_cells", ["i32"], "none", (f, state) => {
    const steps = f.let(i32.const(0));
    f.for(0, i32.load(state, HEADER.pairCount), 1, (n) => {
      const pair = i32.add(i32.load(state, HEADER.pairs), i32.mul(n, PAIR.size));
      f.set(steps, i32.add(steps, i32.load(pair, PAIR.steps)));
    });
    const [total, isFull] = [f.local("i32"), f.local("i32")];
    for (const [c, { column }] of plan.cells.entries()) {
      const first = layout.cells + ROW * c;
      const count = f.let(i32.const(0));
      const own = f.let(i32.const(0));
      for (const lane of [0, 8]) {
        const step = f.let(i32.add(i32.load(state, HEADER.steps), lane));
        f.for(0, steps, 1, () => {
          const value = i64.load(step, 16 * column);
          const cell = (): Code<"i32"> => i32.add(state, i32.shl(own, 3));
          // It is often that of the step before, or the next one.
          const isOther = (): Code<"i32"> => i64.ne(i64.load(cell(), first), value);
          f.if(isOther(), () => {
            f.set(own, i32.add(own, 1));
            f.if(i32.or(i32.geS(own, count), isOther()), () => {
              // What is looked for stands behind the cells, so that it is found.
              f.set(own, count);
              f.do(f64.store(cell(), f64.load(step, 16 * column), first));
              f.set(own, i32.const(-1));
              f.loop((again) => {
                f.set(own, i32.add(own, 1));
                f.branchIf(again, isOther());
              });
            });
          });
          f.if(i32.geS(own, count), () => {
            f.set(count, i32.add(own, 1));
            f.if(i32.geS(count, MOST_CELLS), () => {
              f.set(isFull, i32.const(1));
              f.set(count, i32.const(MOST_CELLS - 1));
            });
          });
          f.do(i32.store(step, i32.shl(own, 3), offsetIn(program, plan, column)));
          f.set(step, i32.add(step, width));
        });
      }
      // Two are computed at once.
      const end = i32.add(state, i32.shl(count, 3));
      f.do(f64.store(end, f64.load(state, first), first));
      f.do(i32.store(state, count, layout.cellCounts + 16 * c));
      f.set(total, i32.add(total, count));
    }
    const isWorth = i32.ltS(total, i32.mul(steps, plan.cells.length));
    f.do(i32.store(state, i32.and(isWorth, i32.eq(isFull, 0)), HEADER.isCelled));
  });
}

/** Of a state: computes what a program has in the cells. */
export function fillCells(
  module: ModuleBuilder,
  name: string,
  code: ProgramCode,
  program: Program,
  cells: readonly CellColumn[],
): StateFunction {
  const { plan, layout } = code;
  return module.func(name, ["i32"], "none", (f, state) => {
    let place = layout.cellRoots;
    for (const { column, ids, roots } of cells) {
      const c = placeOf(plan, column);
      const at = f.let(state);
      const count = i32.load(state, layout.cellCounts + 16 * c);
      const end = f.let(i32.add(state, i32.shl(count, 3)));
      const writer = new SlotWriter(f, state, code, program);
      writer.loadArguments(ids);
      f.loop((again) => {
        writer.compute(ids, { cell: v128.load(at, layout.cells + ROW * c) });
        for (const [r, root] of roots.entries())
          f.do(v128.store(at, writer.value(root), place + ROW * r));
        f.set(at, i32.add(at, 16));
        f.branchIf(again, i32.ltU(at, end));
      });
      place += ROW * roots.length;
    }
  });
}

/** Gives a step's writer what was computed in its cells. */
export function loadCells(
  writer: SlotWriter,
  { program, plan, layout }: ProgramCode,
  cells: readonly CellColumn[],
  step: Local<"i32">,
): void {
  const { f, state } = writer;
  let place = layout.cellRoots;
  for (const { column, roots } of cells) {
    const [a, b] = [0, 8].map((lane) =>
      f.let(i32.add(state, i32.load(step, offsetIn(program, plan, column) + lane))),
    );
    for (const root of roots) {
      writer.give(root, f.let(v128.load64Lane(b, v128.load64Zero(a, place), 1, place)));
      place += ROW;
    }
  }
}
