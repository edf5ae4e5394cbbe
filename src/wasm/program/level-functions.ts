/** The functions of the levels of a program: `fit` once a point, `mix` once a pair of groups. */
import type { Level, Program, Table } from "../../expr/program.ts";
import type { Func, FunctionBuilder } from "../function-builder.ts";
import type { Local } from "../code.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { LevelParts } from "./code-plan.ts";
import { type Rows, type SlotCode, SlotWriter } from "./slot-writer.ts";

/** Of a state. */
export type FitFunction = Func<readonly ["i32"], "none">;
/** Of a state and the addresses of the two lanes' rows of the mix table. */
export type MixFunction = Func<readonly ["i32", "i32", "i32"], "none">;
/** Of a state and the two lanes' rows of the table of runs, and of responses. */
export type RunFunction = Func<readonly ["i32", "i32", "i32", "i32", "i32"], "none">;

/** Functions that compute a level one after another. */
export interface LevelFunctions {
  readonly fit: readonly FitFunction[];
  readonly mix: readonly MixFunction[];
  /** None where the level is short: it is then a part of the functions that use it. */
  readonly run: readonly RunFunction[];
  /** Bytes of a row of the mix table. */
  readonly width: number;
}

export function levelFunctions(
  module: ModuleBuilder,
  code: SlotCode,
  program: Program,
  parts: LevelParts,
  suffix: string,
): LevelFunctions {
  const write = (
    f: FunctionBuilder,
    state: Local<"i32">,
    ids: readonly number[],
    rows: Partial<Record<Table, Rows>>,
  ): void => {
    const writer = new SlotWriter(f, state, code, program);
    writer.compute(ids, rows);
    writer.store(ids);
  };
  const name = (level: Level, n: number): string => `${level}${suffix}${n === 0 ? "" : n + 1}`;
  return {
    width: 8 * program.tables.mix.length,
    fit: parts.fit.map((ids, n) =>
      module.func(name("fit", n), ["i32"], "none", (f, state) => write(f, state, ids, {})),
    ),
    mix: parts.mix.map((ids, n) =>
      module.func(name("mix", n), ["i32", "i32", "i32"], "none", (f, state, row0, row1) =>
        write(f, state, ids, { mix: [row0, row1] }),
      ),
    ),
    run:
      parts.run.length <= 1
        ? []
        : parts.run.map((ids, n) =>
            module.func(
              name("run", n),
              ["i32", "i32", "i32", "i32", "i32"],
              "none",
              (f, state, run0, run1, response0, response1) =>
                write(f, state, ids, { run: [run0, run1], response: [response0, response1] }),
            ),
          ),
  };
}
