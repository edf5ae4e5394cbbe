/** The job of work on runs: a fit or a validation. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { VERSION } from "../../base/version.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";
import type { Law } from "../../laws/law.ts";
import type { Job, Json } from "../../records/job.ts";
import { digestOf, type Hashed } from "../../records/record-keys.ts";

/**
 * What is done to runs with some laws.
 *
 * @param settings options with their defaults, as plain data
 */
export const jobOfRuns = (
  verb: string,
  laws: readonly Law[],
  runs: Runs,
  settings: object,
): Job => ({
  verb,
  version: VERSION,
  data: {
    table: runs.sha256,
    rows: runs.train.rows,
    testRows: runs.test?.rows ?? 0,
    domains: runs.domains,
    ...(runs.phases === undefined ? {} : { phases: plain(runs.phases) }),
    targets: runs.targets,
    reading: plain(runs.reading),
    // What a table became: it is the same for the same table and reading.
    contents: bytesToHex(digestOf([...partsOf(runs.train), ...partsOf(runs.test)])),
  },
  settings: {
    laws: laws.map(({ name, definition }) => plain({ name, definition })),
    ...(plain(settings) as object),
  },
});

const plain = (value: unknown): Json =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);

function partsOf(set: RunSet | undefined): Hashed[] {
  if (set === undefined) return ["none"];
  const { inputs, weights, losses, sigmas = [], rowWeights, groups = [] } = set;
  return [
    ...Object.entries(inputs).flat(),
    weights,
    losses.length,
    ...losses,
    ...sigmas,
    ...(rowWeights === undefined ? [] : [rowWeights]),
    groups.join("\n"),
  ];
}
