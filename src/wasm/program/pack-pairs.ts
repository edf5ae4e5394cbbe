/**
 * Copies what the pairs of groups read to where they read it: the columns of the two lanes side by
 * side, step by step, so that one instruction loads both. It is done once for a fit's weights.
 */
import type { Program } from "../../expr/program.ts";
import type { Code, Local } from "../code.ts";
import { callOf, type FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32 } from "../scalar.ts";
import { cellFinder } from "./cell-functions.ts";
import type { CodePlan } from "./code-plan.ts";
import { HEADER, type Layout, PAIR, pairWidth, stepWidth } from "./layout.ts";
import type { StateFunction } from "./sums.ts";

/** Writes the function. */
export function packPairs(
  module: ModuleBuilder,
  program: Program,
  plan: CodePlan,
  layout: Layout,
): StateFunction {
  const { tables } = program;
  const width = stepWidth(program, plan);
  const findCells = cellFinder(module, program, plan, layout);
  // Of a row's address, and those of its numbers' places, which are 16 bytes apart.
  const copy = module.func("copy", ["i32", "i32", "i32"], "none", (f, from, to, bytes) =>
    f.for(0, bytes, 8, (at) =>
      f.do(f64.store(i32.add(to, i32.shl(at, 1)), f64.load(i32.add(from, at)))),
    ),
  );
  return module.func("pack", ["i32"], "none", (f, state) => {
    const field = (name: keyof typeof HEADER) => f.let(i32.load(state, HEADER[name]));
    const [pairs, mix, mixes] = [field("pairs"), field("mix"), field("mixes")];
    f.for(0, i32.load(state, HEADER.pairCount), 1, (n) => {
      const pair = f.let(i32.add(pairs, i32.mul(n, PAIR.size)));
      for (const [lane, offset] of PAIR.lanes.entries()) {
        const part = f.let(i32.add(pair, offset));
        const group = i32.mul(i32.load(part, PAIR.group), 8 * tables.mix.length);
        const to = i32.add(i32.mul(n, pairWidth(program)), 8 * lane);
        f.do(callOf(copy, i32.add(mix, group), i32.add(mixes, to), i32.const(8 * tables.mix.length))); // prettier-ignore
        const rows = new PresentRows(f, field("rowWeights"), i32.load(part, PAIR.row));
        f.for(0, i32.load(part, PAIR.skip), 1, () => rows.next());
        const count = f.let(i32.load(part, PAIR.count));
        const from = f.let(i32.load(pair, PAIR.from));
        const step = f.let(i32.add(i32.add(field("steps"), 8 * lane), i32.mul(from, width))); // prettier-ignore
        const weight = f.let(i32.add(i32.add(field("weights"), 8 * lane), i32.shl(from, 4)));
        const [run, response] = [field("run"), field("response")];
        f.for(0, i32.load(pair, PAIR.steps), 1, (i) => {
          // A lane that has no more runs repeats its last one, which weighs nothing then: what is
          // finite for that one is finite.
          f.if(
            i32.ltS(i, count),
            () => {
              rows.next();
              f.do(f64.store(weight, rows.weight));
            },
            () => f.do(f64.store(weight, 0)),
          );
          const rowOf = (table: Local<"i32">, columns: number): Code<"i32"> =>
            i32.add(table, i32.mul(rows.row, 8 * columns));
          const [own, observed] = [tables.run.length, tables.response.length];
          f.do(
            callOf(copy, rowOf(run, own), step, i32.const(8 * own)),
            callOf(copy, rowOf(response, observed), i32.add(step, 16 * own), i32.const(8 * observed)), // prettier-ignore
          );
          f.set(step, i32.add(step, width));
          f.set(weight, i32.add(weight, 16));
        });
      }
    });
    if (plan.cells.length > 0) f.do(callOf(findCells, state));
  });
}

/** The rows of a table that weigh something, from one on. */
class PresentRows {
  /** The number of the row; before the first, one less than where they begin. */
  readonly row: Local<"i32">;
  readonly #f: FunctionBuilder;
  readonly #weights: Local<"i32">;

  constructor(f: FunctionBuilder, weights: Local<"i32">, first: Code<"i32">) {
    this.#f = f;
    this.#weights = weights;
    this.row = f.let(i32.sub(first, 1));
  }

  get weight(): Code<"f64"> {
    return f64.load(i32.add(this.#weights, i32.shl(this.row, 3)));
  }

  next(): void {
    this.#f.loop((again) => {
      this.#f.set(this.row, i32.add(this.row, 1));
      this.#f.branchIf(again, f64.eq(this.weight, 0));
    });
  }
}
