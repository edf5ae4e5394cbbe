/** A few rows of the runs, evenly spaced: enough to see how large things are. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Node } from "../../expr/graph.ts";

type Inputs = Pick<RunSet, "rows" | "inputs" | "weights">;

export interface SampleRows {
  readonly count: number;
  /** The values of a row's leaves; NaN for parameters. */
  readonly leafAt: (row: number) => (leaf: Node) => number;
  /** A leaf's values at all of these rows. */
  readonly leafColumn: (leaf: Node) => Float64Array;
}

/** Positions of at most `most` rows of those that have a value, evenly spaced. */
export function spacedRows(values: ArrayLike<number>, most: number): number[] {
  const present = Array.from(values, (_, row) => row).filter((row) => !Number.isNaN(values[row]));
  if (present.length <= most) return present;
  const step = (present.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => present[Math.round(i * step)] ?? 0);
}

/** The leaves at some rows of the runs. */
export function sampleRows(
  { inputs, weights }: Inputs,
  domains: number,
  rows: readonly number[],
): SampleRows {
  const valueAt = (leaf: Node, row: number): number => {
    if (leaf.kind === "weight") return weights[row * domains + leaf.index] ?? NaN;
    return leaf.kind === "input" ? (inputs[leaf.name]?.[row] ?? NaN) : NaN;
  };
  return {
    count: rows.length,
    leafAt: (position) => (leaf) => valueAt(leaf, rows[position] ?? 0),
    leafColumn: (leaf) => Float64Array.from(rows, (row) => valueAt(leaf, row)),
  };
}

/**
 * Gives the sample of each response, of at most `most` rows that have one: the same object again
 * where the rows are those of the response before, as they are of all without gaps.
 */
export function rowSampler(
  runs: Inputs,
  domains: number,
  most: number,
): (values: ArrayLike<number>) => SampleRows {
  let last: { readonly rows: readonly number[]; readonly sample: SampleRows } | undefined;
  return (values) => {
    const rows = spacedRows(values, most);
    if (last?.rows.length !== rows.length || rows.some((row, i) => row !== last?.rows[i]))
      last = { rows, sample: sampleRows(runs, domains, rows) };
    return last.sample;
  };
}
