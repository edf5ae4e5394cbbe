/**
 * Runs as the programs read them: rows in groups of one mixture each, and columns of the
 * expressions that depend on data only, computed once in float64.
 */
import type { Tables } from "../expr/evaluator.ts";
import { evaluateColumns } from "../expr/float64.ts";
import type { Node } from "../expr/graph.ts";
import { type Program, RESPONSE } from "../expr/program.ts";
import { equalRows, rowsByGroup } from "../stats/equal-rows.ts";

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
  const firsts = start.subarray(0, -1).map((at) => order[at]);
  const tables = { runs, domains };
  return {
    start,
    order,
    mix: tableOf(program.tables.mix, firsts, tables),
    run: tableOf(program.tables.run, order, tables),
    // A missing loss weighs nothing; 1 stands for it, of which every residual is finite.
    responses: losses.map((y) =>
      tableOf(program.tables.response, order, {
        ...tables,
        response: y.map((v) => (Number.isNaN(v) ? 1 : v)),
      }),
    ),
    weights: losses.map((y, t) => {
      const column = numbers(order.length); // a `map` of it would not be shared
      for (const [at, row] of order.entries())
        column[at] = Number.isNaN(y[row]) ? 0 : (weights?.[t][row] ?? 1);
      return column;
    }),
  };
}

/** What the leaves of data columns are read from. */
interface Leaves {
  readonly runs: Columns;
  readonly domains: number;
  readonly response?: Float64Array;
}

/** Rows whose columns are computed at once. */
const SLAB = 1024;

/** The values of expressions that depend on data only, row-major, at some rows. */
function tableOf(roots: readonly Node[], rows: Int32Array, leaves: Leaves): Float64Array {
  const table = numbers(rows.length * roots.length);
  if (roots.length === 0) return table;
  for (let from = 0; from < rows.length; from += SLAB) {
    const slab = rows.subarray(from, from + SLAB);
    const columns = evaluateColumns(roots, slab.length, (leaf) => leafColumn(leaf, slab, leaves));
    for (const [c, column] of columns.entries())
      for (let i = 0; i < slab.length; i++) table[(from + i) * roots.length + c] = column[i];
  }
  return table;
}

/** A leaf's values at some rows. */
function leafColumn(leaf: Node, rows: Int32Array, leaves: Leaves): Float64Array {
  const { runs, domains, response } = leaves;
  if (leaf.kind === "weight")
    return Float64Array.from(rows, (row) => runs.weights[row * domains + leaf.index]);
  if (leaf.kind !== "input") throw new Error(`a data column depends on ${leaf.kind}`);
  const column = leaf.name === RESPONSE ? response : runs.inputs[leaf.name];
  if (column === undefined) throw new Error(`the law needs the input ${leaf.name}`);
  return Float64Array.from(rows, (row) => column[row]);
}

/** From so many numbers on, threads share them: a copy for each would fill the memory. */
const SHARED = 2 ** 17;

/** Zeros; many of them in memory that threads share, where a page may have that. */
const numbers = (length: number): Float64Array =>
  length >= SHARED && typeof SharedArrayBuffer !== "undefined"
    ? new Float64Array(new SharedArrayBuffer(8 * length))
    : new Float64Array(length);

/** All rows as they are. */
const oneGroup = (rows: number): Pick<Packed, "order" | "start"> => ({
  order: Int32Array.from({ length: rows }, (_, i) => i),
  start: Int32Array.of(0, rows),
});

/** Rows with equal shares, in order of first appearance. */
const groups = (runs: Columns, domains: number): Pick<Packed, "order" | "start"> =>
  rowsByGroup(equalRows(runs.rows, [{ values: runs.weights, width: domains }]));
