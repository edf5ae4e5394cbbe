/**
 * Runs as the programs read them: rows in groups of one mixture each, and columns of the
 * expressions that depend on data only, computed once in float64.
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
  /** Row-major, a row a group. */
  readonly mix: Float64Array;
  /** Row-major, a row a run, in packed order. */
  readonly run: Float64Array;
  /** By target: row-major, a row a run. */
  readonly responses: readonly Float64Array[];
  /** By target: what a run weighs, 0 where its loss is missing. */
  readonly weights: readonly Float64Array[];
}

/** The tables of one target, as a program's evaluator takes them. */
export const tablesOf = (packed: Packed, target: number): Tables => ({
  mix: packed.mix,
  run: packed.run,
  response: packed.responses[target] ?? new Float64Array(),
});

/**
 * Packs runs for a program.
 *
 * @param losses a column a target, NaN where the cell is missing; none where nothing is fitted
 * @param weights what rows weigh, by target; without them all alike
 * @throws Error where the program reads an input that the runs lack
 */
export function pack(
  program: Program,
  runs: Columns,
  domains: number,
  losses: readonly Float64Array[],
  weights?: readonly Float64Array[],
): Packed {
  const isGrouped = program.tables.mix.length > 0;
  const { order, start } = isGrouped ? groups(runs, domains) : oneGroup(runs.rows);
  const fill = (
    roots: readonly Node[],
    rows: Int32Array,
    response?: Float64Array,
  ): Float64Array => {
    const table = new Float64Array(rows.length * roots.length);
    if (roots.length > 0)
      for (const [i, row] of rows.entries())
        table.set(evaluate(roots, leafAt(runs, domains, row, response)), i * roots.length);
    return table;
  };
  const firsts = start.subarray(0, -1).map((at) => order[at]);
  return {
    start,
    order,
    mix: fill(program.tables.mix, firsts),
    run: fill(program.tables.run, order),
    // A missing loss weighs nothing; 1 stands for it, of which every residual is finite.
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

/** The values of a row, as leaves of the expressions that depend on data only. */
const leafAt =
  ({ weights, inputs }: Columns, domains: number, row: number, response?: Float64Array) =>
  (leaf: Node): number => {
    if (leaf.kind === "weight") return weights[row * domains + leaf.index];
    if (leaf.kind !== "input") throw new Error(`a data column depends on ${leaf.kind}`);
    const column = leaf.name === RESPONSE ? response : inputs[leaf.name];
    if (column === undefined) throw new Error(`the law needs the input ${leaf.name}`);
    return column[row];
  };

/** All rows as they are. */
const oneGroup = (rows: number): Pick<Packed, "order" | "start"> => ({
  order: Int32Array.from({ length: rows }, (_, i) => i),
  start: Int32Array.of(0, rows),
});

/** Rows with equal shares, in order of first appearance. */
function groups(runs: Columns, domains: number): Pick<Packed, "order" | "start"> {
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
