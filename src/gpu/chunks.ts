/**
 * Long work in short dispatches: browsers kill those of several seconds, and users want an abort to
 * be quick.
 */
import type { Watch } from "../base/watch.ts";
import type { Device } from "./device.ts";

/** How long a chunk should take. */
const CHUNK_MS = 150;
const IN_FLIGHT = 2;
/** Blocks of a kernel's first chunk, whose time is not known, at most, where a block costs 1. */
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

/**
 * A chunk that takes longer than `floor` milliseconds and `times` what is expected never ends: a
 * machine that is busy with other work makes it slow, not endless.
 */
const LIMIT = { floor: 10_000, times: 5 } as const;

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
  /** What to expect of the kernel's first chunk. Default: a second of compiling, short blocks. */
  readonly expected?: Expected;
}

/** What to expect of a kernel of which no chunk was timed. */
export interface Expected {
  /** Milliseconds that the driver compiles at the first dispatch. */
  readonly compile: number;
  /** Milliseconds a block for a unit of its cost. */
  readonly block: number;
}

const USUAL: Expected = { compile: 1000, block: 1 };

/** Units of cost of a kernel's first chunk: what is expected to take half of a chunk's time. */
const firstUnits = ({ block }: Expected): number => Math.min(FIRST, CHUNK_MS / (2 * block));

/** Blocks of the next chunk. */
const sizeOf = (pace: Pace | undefined, cost: number, expected: Expected): number => {
  const units = pace === undefined ? firstUnits(expected) : CHUNK_MS / pace.block;
  return Math.max(1, Math.round(units / cost));
};

/** Milliseconds after which a chunk of so many units of cost is taken to be endless. */
const limitOf = (pace: Pace | undefined, units: number, expected: Expected): number => {
  const usual = pace === undefined ? expected.compile + units * expected.block : units * pace.block;
  return LIMIT.floor + LIMIT.times * usual;
};

/** The pace after a chunk that took so many milliseconds for each unit of its blocks' cost. */
function updated(before: Pace | undefined, size: number, took: number, expected: Expected): Pace {
  // The first chunk of a kernel includes the driver's own compilation: its time says little, and
  // the next is twice as large at most.
  if (before === undefined)
    return { block: CHUNK_MS / (2 * firstUnits(expected)), measured: false };
  const slowest = before.measured && size < FEW ? 1 : 4;
  const block = Math.min(slowest * before.block, Math.max(before.block / 4, took));
  return { block, measured: true };
}

/** Milliseconds of all of a kernel's work that is not worth chunks, where no chunk was timed. */
const SHORT_MS = 40;

/** Whether work is so short, as far as is known, that it may be one chunk which nothing stops. */
export function isShort(
  pipeline: GPUComputePipeline,
  { count, most, cost = 1, expected = USUAL }: Omit<Work, "submit">,
): boolean {
  const pace = paces.get(pipeline);
  const units = count * cost;
  const isMeasured = pace?.measured === true;
  return (
    count <= most &&
    (isMeasured ? units * pace.block <= CHUNK_MS : units * expected.block <= SHORT_MS)
  );
}

/** Milliseconds after which work that is done at once is taken to be endless. */
export const limitOfWork = (
  pipeline: GPUComputePipeline,
  { count, cost = 1, expected = USUAL }: Omit<Work, "submit">,
): number => limitOf(paces.get(pipeline), count * cost, expected);

/** Notes what work took that was done at once. */
export function noteTime(
  pipeline: GPUComputePipeline,
  { count, cost = 1, expected = USUAL }: Omit<Work, "submit">,
  ms: number,
): void {
  paces.set(pipeline, updated(paces.get(pipeline), count, ms / (count * cost), expected));
}

/**
 * Does all blocks in chunks, at most two of them under way; stops between chunks when the signal
 * fires. Returns how many blocks were dispatched; by then all of them are done. A chunk that never
 * ends drops the device, see `Device.fence`.
 */
export async function inChunks(
  device: Device,
  pipeline: GPUComputePipeline,
  { submit, count, most, cost = 1, expected = USUAL }: Work,
  watch: Watch,
): Promise<number> {
  const flying: Promise<void>[] = [];
  let landed: Promise<void> = Promise.resolve();
  let begun = 0;
  let clock = performance.now();
  try {
    while (begun < count && watch.signal?.aborted !== true) {
      const pace = paces.get(pipeline);
      const size = Math.min(sizeOf(pace, cost, expected), most, count - begun);
      if (flying.length === 0) clock = performance.now();
      await submit(begun, size);
      const limit = limitOf(pace, size * cost, expected);
      const done = await device.fence(pipeline.label, limit);
      begun += size;
      const share = begun / count;
      const before = landed;
      const land = async (): Promise<void> => {
        await before;
        await done();
        const now = performance.now();
        paces.set(pipeline, updated(pace, size, (now - clock) / (size * cost), expected));
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
