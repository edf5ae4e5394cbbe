/** Long work in short dispatches: browsers kill those of several seconds, and users want an abort to be quick. */
import type { Device } from "./device.ts";

const CHUNK_MS = 150;
const IN_FLIGHT = 2;
/** Blocks of a kernel's first chunk, whose time is not known. */
const FIRST = 16;

/**
 * How much of a chunk's expected time is slept through before the queue is asked. Dawn in Node polls while any promise of its own is pending, which takes a
 * core: a third of what a software adapter has on two. Asleep, nothing is pending.
 */
const ASLEEP = 0.85;

/** Milliseconds a block by kernel, as of its last chunk. */
const rates = new WeakMap<GPUComputePipeline, number>();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
  let landed: Promise<void> = Promise.resolve();
  let begun = 0;
  let clock = performance.now();
  try {
    while (begun < count && watch.signal?.aborted !== true) {
      const rate = rates.get(pipeline);
      const size = Math.min(rate === undefined ? FIRST : Math.max(1, Math.round(CHUNK_MS / rate)), most, count - begun);
      await submit(begun, size);
      begun += size;
      const share = begun / count;
      const before = landed;
      const land = async (): Promise<void> => {
        await before;
        if (rate !== undefined) await sleep(ASLEEP * Math.min(CHUNK_MS, rate * size));
        await device.idle();
        const now = performance.now();
        const took = Math.max(now - clock, 0.1);
        clock = now;
        // The first chunk of a kernel includes the driver's own compilation: its time says little, and the next is twice as large at most.
        const measured = rate === undefined ? CHUNK_MS / (2 * FIRST) : Math.min(4 * rate, Math.max(rate / 4, took / size));
        rates.set(pipeline, measured);
        watch.tick(share);
      };
      landed = land();
      landed.catch(() => undefined); // awaited below: until then a failure must not count as unhandled, which ends the process
      flying.push(landed);
      if (flying.length >= IN_FLIGHT || rate === undefined) await flying.shift();
    }
    await Promise.all(flying);
  } finally {
    await Promise.allSettled(flying);
  }
  return begun;
}
