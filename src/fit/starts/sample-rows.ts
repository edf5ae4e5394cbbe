/** A few rows of the runs, evenly spaced: enough to see how large things are. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { Node } from "../../expr/graph.ts";

type Inputs = Pick<RunSet, "rows" | "inputs" | "weights">;

export interface SampleRows {
  readonly count: number;
  /** The values of a row's leaves; NaN for parameters. */
  readonly leafAt: (row: number) => (leaf: Node) => number;
}

/** Positions of at most `most` rows of those that have a value, evenly spaced. */
export function spacedRows(values: ArrayLike<number>, most: number): number[] {
  const present = Array.from(values, (_, row) => row).filter((row) => !Number.isNaN(values[row]));
  if (present.length <= most) return present;
  const step = (present.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => present[Math.round(i * step)] ?? 0);
}

/** The leaves at some rows of the runs. */
export const sampleRows = (
  { inputs, weights }: Inputs,
  domains: number,
  rows: readonly number[],
): SampleRows => ({
  count: rows.length,
  leafAt: (position) => {
    const row = rows[position] ?? 0;
    return (leaf) => {
      if (leaf.kind === "weight") return weights[row * domains + leaf.index] ?? NaN;
      return leaf.kind === "input" ? (inputs[leaf.name]?.[row] ?? NaN) : NaN;
    };
  },
});
