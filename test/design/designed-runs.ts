/** Runs as they are trained: of a design, with losses of one target. */
import type { Runs, RunSet } from "../../src/data/runs/run-set.ts";

/** What of a run is planned. */
export interface PlannedRun {
  readonly params: number;
  readonly tokens: number;
  readonly weights: ArrayLike<number>;
}

/** @param lossesOf the losses of the planned runs, row by row */
export function designedRuns(
  rows: readonly PlannedRun[],
  domains: readonly string[],
  lossesOf: (set: Pick<RunSet, "rows" | "inputs" | "weights">) => Float64Array,
): Runs {
  const inputs = {
    params: Float64Array.from(rows, ({ params }) => params),
    tokens: Float64Array.from(rows, ({ tokens }) => tokens),
  };
  const weights = Float64Array.from(rows.flatMap((run) => Array.from(run.weights)));
  const set = { rows: rows.length, inputs, weights };
  const rowNumbers = Int32Array.from(rows.keys(), (row) => row + 1);
  return {
    source: "pool.csv",
    sha256: "",
    domains,
    targets: ["loss"],
    train: { ...set, rowNumbers, losses: [lossesOf(set)] },
    test: undefined,
    dropped: [],
    notes: [],
  };
}
