/** The tables of a problem on a device: what the search kernel reads of its runs. */
import { createBuffers } from "../../../gpu/buffers.ts";
import type { Device } from "../../../gpu/device.ts";
import {
  bindingsOf,
  rootSlopesOf,
  type Plan,
  type Tables,
  tablesOf,
} from "../../../gpu/search/kernel-plan.ts";
import { uploadSamples } from "../../../gpu/search/sample-weights.ts";
import { rowsOf, type TableContents } from "../../../gpu/search/tables.ts";
import { meanWeight } from "../../../random/resampling.ts";
import type { Problem } from "../problem.ts";

/** Buffers, by the names of a kernel's bindings. */
export type Buffers = Readonly<Record<string, GPUBuffer>>;

/** A problem's tables on a device. */
export interface LoadedTables {
  /** Rows of the table of mixtures. */
  readonly groups: number;
  /** What all targets read: mixtures, and sample weights where there are some. */
  readonly shared: Buffers;
  /** The buffers with the runs of each target: the same ones for several, where they fit. */
  readonly runs: readonly Buffers[];
  /** The rows there before those of each target, and the numbers of what a ridge draws. */
  readonly before: readonly number[];
  readonly drawn: readonly number[];
}

/**
 * Puts a problem's tables on a device. The runs of targets lie one after the other in one buffer,
 * as far as that may be large: their candidates are then one dispatch, and an adapter does not wait
 * for a target's last candidate before it begins the next target's.
 */
export async function uploadTables(
  device: Device,
  problem: Problem,
  plan: Plan,
): Promise<LoadedTables> {
  const { packed, program, samples } = problem;
  const bindings = bindingsOf(plan);
  const unit = samples === undefined ? 1 : meanWeight(samples);
  const tables = tablesOf(plan, program, packed, samples?.blockOf, unit);
  const targets = [...packed.responses.keys()];
  const together = targetsOfBuffer(device, plan, tables);
  const parts = targets.flatMap((first) =>
    first % together === 0 ? [targets.slice(first, first + together)] : [],
  );
  const { mixes, runs } = await device.checked("upload", (gpu) => ({
    mixes: createBuffers(gpu, bindings, tables.mixes),
    runs: parts.flatMap((part) => {
      const buffers = createBuffers(gpu, bindings, runsOf(problem, tables, part));
      return part.map(() => buffers);
    }),
  }));
  const sample_weights = samples && (await uploadSamples(device, samples));
  return {
    groups: tables.groups,
    shared: sample_weights === undefined ? mixes : { ...mixes, sample_weights },
    runs,
    before: targets.map((target) => (target % together) * tables.rows),
    drawn: targets.map((target) => (target % together) * program.params),
  };
}

/** Gives the device's memory back. */
export function freeTables({ shared, runs }: LoadedTables): void {
  for (const buffers of [shared, ...runs])
    for (const buffer of Object.values(buffers)) buffer.destroy();
}

/** How many targets have their runs in one buffer. */
const targetsOfBuffer = ({ limits }: Device, { runs }: Plan, { rows }: Tables): number =>
  Math.max(1, Math.floor(rowsOf(runs, limits.maxStorageBufferBindingSize) / rows));

/** The runs of some targets, and what a ridge draws of each. */
function runsOf(
  { penalties }: Problem,
  { runs }: Tables,
  targets: readonly number[],
): TableContents {
  if (penalties === undefined) return runs(targets);
  const { ridge, strengths } = penalties;
  const drawn = targets.flatMap((target) => [...rootSlopesOf(ridge, strengths[target])]);
  return { ...runs(targets), drawn: Float32Array.from(drawn) };
}
