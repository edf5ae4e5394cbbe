/** What the fit file says of the runs. */
import { given } from "../../base/objects.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import { equalRows } from "../../stats/equal-rows.ts";
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
    ...given({ phases: runs.phases }),
    dropped: runs.dropped,
    notes: runs.notes,
    coverage: coverageOf(train),
    range: {
      ...reachOf(train.inputs),
      ...(others.length === 0 ? {} : { inputs: Object.fromEntries(others) }),
    },
    ...mixturesOf(train, runs.domains.length),
  };
}

/** Distinct mixtures that a file lists. */
export const MOST_MIXTURES = 2 ** 12;

/**
 * The distinct mixtures in order of appearance, each with its number of runs. Of very many: those
 * with the least and the most of each domain, and others at equal distances; how many there are is
 * beside them then.
 */
function mixturesOf(
  { rows, weights }: RunSet,
  domains: number,
): Pick<FitFile["data"], "mixtures" | "distinctMixtures"> {
  if (domains === 0) return { mixtures: [] };
  const { count, groupOf, first } = equalRows(rows, [{ values: weights, width: domains }]);
  const runs = new Int32Array(count);
  for (const group of groupOf) runs[group]++;
  const share = (group: number, domain: number): number => weights[first[group] * domains + domain];
  const listed = count <= MOST_MIXTURES ? [...runs.keys()] : some(count, domains, share);
  const mixtures = listed.map((group) => ({
    weights: [...weights.subarray(first[group] * domains, (first[group] + 1) * domains)],
    runs: runs[group],
  }));
  return { mixtures, ...(listed.length < count ? { distinctMixtures: count } : {}) };
}

/** Some of very many mixtures. */
function some(
  count: number,
  domains: number,
  share: (group: number, domain: number) => number,
): number[] {
  const chosen = new Set<number>();
  for (let domain = 0; domain < domains; domain++) {
    let [least, most] = [0, 0];
    for (let group = 1; group < count; group++) {
      if (share(group, domain) < share(least, domain)) least = group;
      if (share(group, domain) > share(most, domain)) most = group;
    }
    chosen.add(least).add(most);
  }
  const step = count / (MOST_MIXTURES - chosen.size);
  for (let at = 0; at < count; at += step) chosen.add(Math.floor(at));
  return [...chosen].sort((a, b) => a - b);
}
