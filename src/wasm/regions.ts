/**
 * Parts of the memory that this thread's modules compute in. A region is whole pages:
 * `memory.grow` gives each caller pages that nobody else has, so threads that share a memory need
 * no lock. Regions of owners that were collected are used again.
 */
import type { WasmMemory } from "./availability.ts";

/** Bytes of a page. */
const PAGE = 2 ** 16;

/** Some bytes of a memory. */
export class Region {
  /** The first byte; a multiple of a page. */
  readonly address: number;
  /** How many there are. */
  readonly bytes: number;
  readonly #memory: WebAssembly.Memory;
  #numbers: Float64Array;

  constructor(memory: WebAssembly.Memory, address: number, bytes: number) {
    this.address = address;
    this.bytes = bytes;
    this.#memory = memory;
    this.#numbers = new Float64Array(memory.buffer, address, bytes / 8);
  }

  /**
   * Its numbers, to read and to write. To be asked for anew in each call: where a memory is not
   * shared, its growth empties the views of it.
   */
  get numbers(): Float64Array {
    if (this.#numbers.length === 0)
      this.#numbers = new Float64Array(this.#memory.buffer, this.address, this.bytes / 8);
    return this.#numbers;
  }
}

/** Regions without an owner, by memory. */
const free = new WeakMap<WebAssembly.Memory, Region[]>();

const collected = new FinalizationRegistry<{ memory: WebAssembly.Memory; region: Region }>(
  ({ memory, region }) => freeIn(memory).push(region),
);

function freeIn(memory: WebAssembly.Memory): Region[] {
  const regions = free.get(memory) ?? [];
  free.set(memory, regions);
  return regions;
}

/**
 * A region of zeros, for as long as its owner is there.
 *
 * @param owner what may not be collected before the region is of no more use; the region does not
 *   keep it
 * @param numbers float64 numbers that it has room for at least
 * @throws RangeError where the memory cannot grow.
 */
export function claimRegion({ memory }: WasmMemory, owner: object, numbers: number): Region {
  const pages = Math.ceil(Math.max(1, 8 * numbers) / PAGE);
  const unowned = freeIn(memory);
  const fitting = unowned.findIndex(({ bytes }) => bytes === pages * PAGE);
  const [reused] = fitting < 0 ? [] : unowned.splice(fitting, 1);
  const region = reused ?? new Region(memory, memory.grow(pages) * PAGE, pages * PAGE);
  region.numbers.fill(0);
  collected.register(owner, { memory, region });
  return region;
}
