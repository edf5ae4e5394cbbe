/**
 * Runs as the programs read them: rows grouped by mixture, data-only expressions computed once in
 * float64.
 */
import type { Tables } from "../expr/evaluator.ts";
import { evaluate } from "../expr/float64.ts";
import type { Node } from "../expr/graph.ts";
import { type Program, RESPONSE } from "../expr/program.ts";

/** The part of a set of runs that `pack` needs; see data/runs/runs.ts. */
export interface Columns {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** rows × domains, row-major. */
  readonly weights: Float64Array;
}

export interface Packed {
  /** Runs of group g are start[g] … start[g+1] − 1, in packed order. */
  readonly start: Int32Array;
  /** Packed position → row of the run set. */
  readonly order: Int32Array;
  readonly mix: Float64Array;
  readonly run: Float64Array;
  /** One response table and one row of weights a target. A missing loss has weight 0. */
  readonly responses: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
}

/** The tables of one target, as a program's evaluator takes them. */
export const tablesOf = (packed: Packed, target: number): Tables => ({
  mix: packed.mix,
  run: packed.run,
  response: packed.responses[target] ?? new Float64Array(),
});

/**
 * Packs runs for a program; `losses` has one column a target (empty where nothing is fitted), NaN
 * where the cell is missing. `weights`: what rows weigh, by target; without them all alike.
 */
export function pack(
  program: Program,
  runs: Columns,
  domains: number,
  losses: readonly Float64Array[],
  weights?: readonly Float64Array[],
): Packed {
  const mixed = program.tables.mix.length > 0;
  const { order, start } = mixed
    ? groups(runs, domains)
    : {
        order: Int32Array.from({ length: runs.rows }, (_, i) => i),
        start: Int32Array.of(0, runs.rows),
      };
  const leaf = (row: number, response?: Float64Array) => (n: Node) => {
    if (n.kind === "weight") return runs.weights[row * domains + n.index];
    if (n.kind !== "input") throw new Error(`a data column depends on ${n.kind}`);
    const column = n.name === RESPONSE ? response : runs.inputs[n.name];
    if (column === undefined) throw new Error(`the law needs the input ${n.name}`);
    return column[row];
  };
  const fill = (
    roots: readonly Node[],
    rows: Int32Array,
    response?: Float64Array,
  ): Float64Array => {
    const table = new Float64Array(rows.length * roots.length);
    if (roots.length > 0)
      for (const [i, row] of rows.entries())
        table.set(evaluate(roots, leaf(row, response)), i * roots.length);
    return table;
  };
  const firsts = start.subarray(0, -1).map((at) => order[at]);
  return {
    start,
    order,
    mix: fill(program.tables.mix, firsts),
    run: fill(program.tables.run, order),
    // A missing loss is replaced by 1, which every residual can digest, and weighs nothing.
    responses: losses.map((y) =>
      fill(
        program.tables.response,
        order,
        y.map((v) => (Number.isNaN(v) ? 1 : v)),
      ),
    ),
    weights: losses.map((y, t) =>
      Float64Array.from(order, (row) => (Number.isNaN(y[row]) ? 0 : (weights?.[t][row] ?? 1))),
    ),
  };
}

/** Rows with equal shares, in order of first appearance. */
function groups(runs: Columns, domains: number): { order: Int32Array; start: Int32Array } {
  const members = new Map<string, number[]>();
  for (let row = 0; row < runs.rows; row++) {
    const key = runs.weights.subarray(row * domains, (row + 1) * domains).join();
    const list = members.get(key);
    if (list === undefined) members.set(key, [row]);
    else list.push(row);
  }
  const start = new Int32Array(members.size + 1);
  for (const [g, list] of [...members.values()].entries()) start[g + 1] = start[g] + list.length;
  return { order: Int32Array.from([...members.values()].flat()), start };
}
