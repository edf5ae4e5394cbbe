/**
 * Long work in short dispatches: browsers kill those of several seconds, and users want an abort to
 * be quick.
 */
import type { Device } from "./device.ts";

const CHUNK_MS = 150;
const IN_FLIGHT = 2;
/** Blocks of a kernel's first chunk, whose time is not known, where a block costs 1. */
const FIRST = 16;

/**
 * Chunks of fewer blocks leave processors idle, and much of their time is the way to the device and
 * back: it can only lower the pace.
 */
const FEW = 32;

/**
 * Milliseconds that a block takes for a unit of its cost, by kernel, as of its last chunk:
 * measured, or a guess.
 */
const paces = new WeakMap<
  GPUComputePipeline,
  { readonly block: number; readonly measured: boolean }
>();

/** Told between chunks; `done` counts up to 1. */
export interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly tick: (done: number) => void;
}

/**
 * Dispatches blocks 0 … count − 1 with `submit`, at most two chunks under way and `most` blocks a
 * chunk; stops between chunks when the signal fires. `cost`: of a block, in units of which the
 * kernel's blocks take the same time. Returns how many were dispatched; by then all of them are
 * done.
 */
export async function inChunks(
  device: Device,
  pipeline: GPUComputePipeline,
  submit: (from: number, size: number) => Promise<void>,
  count: number,
  most: number,
  watch: Watch,
  cost = 1,
): Promise<number> {
  const flying: Promise<void>[] = [];
  let landed: Promise<void> = Promise.resolve();
  let begun = 0;
  let clock = performance.now();
  try {
    while (begun < count && watch.signal?.aborted !== true) {
      const pace = paces.get(pipeline);
      const size = Math.min(
        Math.max(1, Math.round(pace === undefined ? FIRST / cost : CHUNK_MS / (pace.block * cost))),
        most,
        count - begun,
      );
      if (flying.length === 0) clock = performance.now();
      await submit(begun, size);
      const done = await device.fence();
      begun += size;
      const share = begun / count;
      const before = landed;
      const land = async (): Promise<void> => {
        await before;
        await done();
        const now = performance.now();
        const took = now - clock;
        // The first chunk of a kernel includes the driver's own compilation: its time says little,
        // and the next is twice as large at most.
        const slowest = pace?.measured === true && size < FEW ? 1 : 4;
        const block =
          pace === undefined
            ? CHUNK_MS / (2 * FIRST)
            : Math.min(slowest * pace.block, Math.max(pace.block / 4, took / (size * cost)));
        paces.set(pipeline, { block, measured: pace !== undefined });
        clock = now;
        watch.tick(share);
      };
      landed = land();
      // awaited below: until then a failure must not count as unhandled, which ends the process
      landed.catch(() => undefined);
      flying.push(landed);
      if (flying.length >= IN_FLIGHT || pace === undefined) await flying.shift();
    }
    await Promise.all(flying);
  } finally {
    await Promise.allSettled(flying);
  }
  return begun;
}
