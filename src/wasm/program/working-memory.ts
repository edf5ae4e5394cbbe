/**
 * The memory that fits of this thread work on: one region of WebAssembly's memory, filled from the
 * bottom. When it is full, all of it is forgotten, and what is used again is put there again. So
 * its size is bounded, and nobody has to give anything back. What is in it is of one *generation*.
 */
import type { WasmMemory } from "../availability.ts";
import { claimRegion, type Region } from "../regions.ts";

/**
 * Bytes of the region: at least, and at most, unless one fit needs more. Between them there is room
 * for four fits of the largest so far.
 */
const [LEAST, MOST] = [2 ** 22, 2 ** 26];

const align = (bytes: number): number => 16 * Math.ceil(bytes / 16);

export class WorkingMemory {
  /** A number that changes when all is forgotten. */
  generation = 0;
  /** Owned by a holder, which is let go for a larger one. */
  #holder: { readonly region?: Region } = {};
  #used = 0;
  #addresses = new WeakMap<Float64Array, number>();

  constructor(readonly memory: WasmMemory) {}

  /** Makes room for so many bytes, in this generation or a new one. */
  reserve(bytes: number): void {
    const size = this.#holder.region?.bytes ?? 0;
    if (this.#used + bytes <= size) return;
    this.#used = 0;
    this.#addresses = new WeakMap();
    this.generation++;
    const wanted = Math.max(LEAST, bytes, Math.min(4 * bytes, MOST));
    if (wanted <= size) return;
    const holder: { region?: Region } = {};
    holder.region = claimRegion(this.memory, holder, wanted / 8);
    this.#holder = holder;
  }

  /** The address of so many bytes of the room that was reserved. */
  take(bytes: number): number {
    const { region } = this.#holder;
    if (region === undefined || this.#used + bytes > region.bytes)
      throw new Error("more memory is taken than was reserved");
    const address = region.address + this.#used;
    this.#used += align(bytes);
    return address;
  }

  /** The address of a table's numbers, which are copied there if they are not there yet. */
  addressOf(table: Float64Array): number {
    const known = this.#addresses.get(table);
    if (known !== undefined) return known;
    const address = this.take(table.byteLength);
    this.numbers(address, table.length).set(table);
    this.#addresses.set(table, address);
    return address;
  }

  /** A view of numbers at an address, good until the memory grows. */
  numbers(address: number, length: number): Float64Array {
    const { region } = this.#holder;
    if (region === undefined) throw new Error("no memory was reserved");
    const from = (address - region.address) / 8;
    return region.numbers.subarray(from, from + length);
  }

  /** The same of 32-bit integers. */
  words(address: number, length: number): Int32Array {
    const { buffer } = this.numbers(address, 0);
    return new Int32Array(buffer, address, length);
  }
}

/** What `reserve` wants for so many numbers. */
export const bytesFor = (...lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + align(8 * length), 0);

const memories = new WeakMap<WasmMemory, WorkingMemory>();

/** That of this thread. */
export function workingMemory(memory: WasmMemory): WorkingMemory {
  const known = memories.get(memory) ?? new WorkingMemory(memory);
  memories.set(memory, known);
  return known;
}
