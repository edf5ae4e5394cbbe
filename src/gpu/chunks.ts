/** Long work in short dispatches: browsers kill those of several seconds, and users want an abort to be quick. */
import type { Device } from "./device.ts";

const CHUNK_MS = 150;
const IN_FLIGHT = 2;
/** Blocks of a kernel's first chunk. */
const FIRST = 16;

/** Blocks a chunk by kernel: what took about CHUNK_MS last time. */
const chunks = new WeakMap<GPUComputePipeline, number>();

/** Told between chunks; `done` counts up to 1. */
export interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly tick: (done: number) => void;
}

/**
 * Dispatches blocks 0 … count − 1 with `submit`, at most two chunks under way and `most` blocks a chunk; stops between chunks when the signal fires.
 * Returns how many were dispatched; by then all of them are done.
 */
export async function inChunks(
  device: Device,
  pipeline: GPUComputePipeline,
  submit: (from: number, size: number) => Promise<void>,
  count: number,
  most: number,
  watch: Watch,
): Promise<number> {
  const flying: Promise<void>[] = [];
  let begun = 0;
  let clock = performance.now();
  try {
    while (begun < count && watch.signal?.aborted !== true) {
      const known = chunks.get(pipeline);
      const size = Math.min(known ?? FIRST, most, count - begun);
      await submit(begun, size);
      begun += size;
      const share = begun / count;
      const land = async (): Promise<void> => {
        await device.idle();
        const now = performance.now();
        const took = Math.max(now - clock, 0.1);
        clock = now;
        // The first chunk of a kernel includes the driver's own compilation: its time says nothing.
        chunks.set(
          pipeline,
          known === undefined ? 2 * FIRST : Math.max(1, Math.round(size * Math.min(4, Math.max(0.25, CHUNK_MS / took)))),
        );
        watch.tick(share);
      };
      const flight = land();
      flight.catch(() => undefined); // awaited below: until then a failure must not count as unhandled, which ends the process
      flying.push(flight);
      if (flying.length >= IN_FLIGHT || known === undefined) await flying.shift();
    }
    await Promise.all(flying);
  } finally {
    await Promise.allSettled(flying);
  }
  return begun;
}
