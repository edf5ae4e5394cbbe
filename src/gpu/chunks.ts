/**
 * Long work in short dispatches: browsers kill those of several seconds, and users want an abort to
 * be quick.
 */
import type { Watch } from "../base/watch.ts";
import type { Device } from "./device.ts";

/** How long a chunk should take. */
const CHUNK_MS = 150;
const IN_FLIGHT = 2;
/** Blocks of a kernel's first chunk, whose time is not known, where a block costs 1. */
const FIRST = 16;

/**
 * Chunks of fewer blocks leave processors idle, and much of their time is the way to the device and
 * back: it can only lower the pace.
 */
const FEW = 32;

/** How long a kernel's blocks take, as of its last chunk. */
interface Pace {
  /** Milliseconds a block for a unit of its cost. */
  readonly block: number;
  /** Else a guess. */
  readonly measured: boolean;
}

const paces = new WeakMap<GPUComputePipeline, Pace>();

/** Blocks of a kernel, of which any range can be dispatched. */
export interface Work {
  /** Dispatches so many blocks from a first one on. */
  readonly submit: (first: number, size: number) => Promise<void>;
  /** How many there are. */
  readonly count: number;
  /** How many a chunk may have. */
  readonly most: number;
  /** Of a block, in units of which the kernel's blocks take the same time. Default 1. */
  readonly cost?: number;
}

/** Blocks of the next chunk. */
const sizeOf = (pace: Pace | undefined, cost: number): number =>
  Math.max(1, Math.round(pace === undefined ? FIRST / cost : CHUNK_MS / (pace.block * cost)));

/** The pace after a chunk that took so many milliseconds for each unit of its blocks' cost. */
function updated(before: Pace | undefined, size: number, took: number): Pace {
  // The first chunk of a kernel includes the driver's own compilation: its time says little, and
  // the next is twice as large at most.
  if (before === undefined) return { block: CHUNK_MS / (2 * FIRST), measured: false };
  const slowest = before.measured && size < FEW ? 1 : 4;
  const block = Math.min(slowest * before.block, Math.max(before.block / 4, took));
  return { block, measured: true };
}

/**
 * Does all blocks in chunks, at most two of them under way; stops between chunks when the signal
 * fires. Returns how many blocks were dispatched; by then all of them are done.
 */
export async function inChunks(
  device: Device,
  pipeline: GPUComputePipeline,
  { submit, count, most, cost = 1 }: Work,
  watch: Watch,
): Promise<number> {
  const flying: Promise<void>[] = [];
  let landed: Promise<void> = Promise.resolve();
  let begun = 0;
  let clock = performance.now();
  try {
    while (begun < count && watch.signal?.aborted !== true) {
      const pace = paces.get(pipeline);
      const size = Math.min(sizeOf(pace, cost), most, count - begun);
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
        paces.set(pipeline, updated(pace, size, (now - clock) / (size * cost)));
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
