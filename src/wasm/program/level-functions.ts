/** The functions of the levels of a program: `fit` once a point, `mix` once a pair of groups. */
import type { Level, Program } from "../../expr/program.ts";
import type { Func, FunctionBuilder } from "../function-builder.ts";
import type { Local } from "../code.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { LevelParts } from "./code-plan.ts";
import { pairWidth } from "./layout.ts";
import { type Rows, type SlotCode, SlotWriter } from "./slot-writer.ts";

/** Of a state. */
export type FitFunction = Func<readonly ["i32"], "none">;
/** Of a state and the address of the columns of a pair, or of a step. */
export type RowFunction = Func<readonly ["i32", "i32"], "none">;

/** Functions that compute a level one after another. */
export interface LevelFunctions {
  readonly fit: readonly FitFunction[];
  readonly mix: readonly RowFunction[];
  /** None where the level is short: it is then a part of the functions that use it. */
  readonly run: readonly RowFunction[];
  /** Bytes of the columns of a pair. */
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
    rows: Rows,
  ): void => {
    const writer = new SlotWriter(f, state, code, program);
    writer.compute(ids, rows);
    writer.store(ids);
  };
  const name = (level: Level, n: number): string => `${level}${suffix}${n === 0 ? "" : n + 1}`;
  return {
    width: pairWidth(program),
    fit: parts.fit.map((ids, n) =>
      module.func(name("fit", n), ["i32"], "none", (f, state) => write(f, state, ids, {})),
    ),
    mix: parts.mix.map((ids, n) =>
      module.func(name("mix", n), ["i32", "i32"], "none", (f, state, pair) =>
        write(f, state, ids, { pair }),
      ),
    ),
    run:
      parts.run.length <= 1
        ? []
        : parts.run.map((ids, n) =>
            module.func(name("run", n), ["i32", "i32"], "none", (f, state, step) =>
              write(f, state, ids, { step }),
            ),
          ),
  };
}
