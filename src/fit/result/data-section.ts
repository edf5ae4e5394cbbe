/** What the fit file says of the runs. */
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import { coverageOf, reachOf, span } from "./coverage.ts";
import type { FitFile } from "./fit-file.ts";

/** The file's `data` section. */
export function dataSection(runs: Runs): FitFile["data"] {
  const { train } = runs;
  const others = Object.keys(train.inputs).flatMap((name) => {
    const range = name === "params" || name === "tokens" ? null : span(train.inputs[name]);
    return range === null ? [] : [[name, range] as const];
  });
  return {
    source: runs.source,
    sha256: runs.sha256,
    rows: train.rows,
    testRows: runs.test?.rows ?? 0,
    ...(runs.units === undefined ? {} : { units: runs.units }),
    ...(runs.reading === undefined ? {} : { reading: runs.reading }),
    domains: runs.domains,
    dropped: runs.dropped,
    notes: runs.notes,
    coverage: coverageOf(train),
    range: {
      ...reachOf(train.inputs),
      ...(others.length === 0 ? {} : { inputs: Object.fromEntries(others) }),
    },
    mixtures: mixturesOf(train, runs.domains.length),
  };
}

/** The distinct mixtures in order of appearance, each with its number of runs. */
function mixturesOf({ rows, weights }: RunSet, domains: number): FitFile["data"]["mixtures"] {
  if (domains === 0) return [];
  const mixtures = new Map<string, { weights: number[]; runs: number }>();
  for (let row = 0; row < rows; row++) {
    const shares = [...weights.subarray(row * domains, (row + 1) * domains)];
    const known = mixtures.get(shares.join());
    if (known === undefined) mixtures.set(shares.join(), { weights: shares, runs: 1 });
    else known.runs++;
  }
  return [...mixtures.values()];
}
