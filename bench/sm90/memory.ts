/** What a workgroup of a search kernel works on, for candidates of the first target. */
import { firstOf } from "../../src/base/known.ts";
import { packRecords } from "../../src/fit/search/gpu/records.ts";
import type { Problem, Start } from "../../src/fit/search/problem.ts";
import { VECTOR } from "../../src/gpu/layout.ts";
import {
  candidatesOf,
  NOBODY,
  packBlocks,
  type Plan,
  tablesOf,
} from "../../src/gpu/search/kernel-plan.ts";
import { type Memory, vector } from "./warp.ts";

/** The rows of a table. */
const rowsOf = (table: Float32Array): Float64Array[] =>
  Array.from({ length: table.length / VECTOR.length }, (_, n) =>
    vector(table.subarray(VECTOR.length * n, VECTOR.length * (n + 1))),
  );

/** The kernel's buffers, and the number of rows of its table of mixtures. */
export function memoryOf(
  { program, packed, losses }: Problem,
  plan: Plan,
  starts: readonly Start[],
): { readonly memory: Memory; readonly groups: number } {
  const { groups, mixes, runs } = tablesOf(plan, program, packed, undefined, 1);
  const tables = Object.entries({ ...mixes, ...runs([0]) }).map(([name, table]) => [
    name,
    rowsOf(table),
  ]);
  const schedule = new Uint32Array(candidatesOf(plan)).fill(NOBODY);
  for (const lane of starts.keys()) schedule[lane] = lane;
  const records = packRecords(starts, program.params);
  const blocks = packBlocks([{ before: 0, drawn: 0, delta: firstOf(losses).delta }]);
  return { groups, memory: { ...Object.fromEntries(tables), schedule, blocks, records } as Memory };
}
