/**
 * Monte Carlo over mixtures on the GPU. What comes back is a few numbers a block of 4096 samples
 * and one histogram. A block is a pure function of (laws, draws, its number), so results do not
 * depend on how blocks are cut into chunks.
 */
import type { Watch } from "../../base/watch.ts";
import { bindGroup, createBuffers, stagingBuffer, submitPass } from "../buffers.ts";
import { inChunks } from "../chunks.ts";
import type { Device } from "../device.ts";
import { bytesOf, layoutEntries, uniformBytes, unpackStructs } from "../layout.ts";
import { BINS, BLOCK, type Draws, type LawRows, type Range } from "./draws.ts";
import {
  bindingsOf,
  BLOCK_RESULT,
  packDomains,
  packRows,
  packSettings,
  packTargets,
  SETTINGS,
} from "./mixtures-layout.ts";
import { mixturesSource } from "./mixtures-source.ts";

/** The kernel's name. */
export const MONTE_CARLO = "Monte Carlo";
const BLOCK_BYTES = bytesOf(BLOCK_RESULT);
const HISTOGRAM_BYTES = 4 * BINS;

/** What is left of each block: a column for each field of BLOCK_RESULT. */
export type Blocks = Readonly<Record<keyof typeof BLOCK_RESULT, Float64Array>>;

export interface Tally extends Blocks {
  /** Samples done: all that were asked for, unless the signal fired. */
  readonly samples: number;
  /** The histogram: feasible samples by interval. */
  readonly counts: Float64Array;
}

/**
 * Draws and evaluates samples 0 … samples − 1; stops between chunks when the signal fires. `most`
 * limits the blocks a chunk.
 */
export async function runMixtures(
  device: Device,
  laws: readonly LawRows[],
  draws: Draws,
  range: Range,
  samples: number,
  watch: Watch,
  most: number = device.limits.maxComputeWorkgroupsPerDimension,
): Promise<Tally> {
  const bindings = bindingsOf(laws);
  const code = mixturesSource(laws, draws);
  const pipeline = await device.pipeline(MONTE_CARLO, code, "sample", layoutEntries(bindings));
  const count = Math.ceil(samples / BLOCK);
  const buffers = await device.checked(MONTE_CARLO, (gpu) => ({
    ...createBuffers(gpu, bindings, {
      settings: uniformBytes(SETTINGS),
      domains: packDomains(draws),
      rows: packRows(draws.rows),
      blocks: BLOCK_BYTES * count,
      histogram: HISTOGRAM_BYTES,
      targets: packTargets(laws),
    }),
    staging: stagingBuffer(gpu, Math.max(BLOCK_BYTES * count, HISTOGRAM_BYTES)),
  }));
  try {
    const group = await device.checked(MONTE_CARLO, (gpu) =>
      bindGroup(gpu, pipeline, bindings, buffers),
    );
    const submit = (from: number, size: number): Promise<void> =>
      device.checked(MONTE_CARLO, (gpu) => {
        // The write waits in the queue behind the chunks submitted before: one buffer does for all.
        gpu.queue.writeBuffer(buffers.settings, 0, packSettings(draws, range, samples, from));
        submitPass(gpu, pipeline, (pass) => {
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(size);
        });
      });
    const done = await inChunks(device, pipeline, { submit, count, most }, watch);
    const read = (buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> =>
      device.read(MONTE_CARLO, buffer, buffers.staging, bytes);
    const blocks = done === 0 ? new ArrayBuffer() : await read(buffers.blocks, BLOCK_BYTES * done);
    const histogram = await read(buffers.histogram, HISTOGRAM_BYTES);
    return {
      samples: Math.min(samples, done * BLOCK),
      counts: Float64Array.from(new Uint32Array(histogram)),
      ...unpackStructs(BLOCK_RESULT, blocks),
    };
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
}
