/**
 * The memory that fits of this thread work on: one region of WebAssembly's memory, filled from the
 * bottom. When it is full, all of it is forgotten, and what is used again is put there again. So
 * its size is bounded, and nobody has to give anything back. What is in it is of one *generation*.
 */
import type { WasmMemory } from "../availability.ts";
import { bytesLeft, GrowingRegion } from "../regions.ts";

/**
 * Bytes of the region: at least, and at most, unless one fit needs more. Between them there is room
 * for four fits of the largest so far. No thread takes more than a part of what the memory has
 * left, so that many threads have some.
 */
const [LEAST, MOST, PART] = [2 ** 22, 2 ** 26, 1 / 64];

/** The size of a region for fits of so many bytes, of a memory that has some left. @internal */
export const wantedBytes = (bytes: number, left: number): number =>
  Math.max(LEAST, bytes, Math.min(4 * bytes, MOST, PART * left));

const align = (bytes: number): number => 16 * Math.ceil(bytes / 16);

export class WorkingMemory {
  /** A number that changes when all is forgotten. */
  generation = 0;
  readonly #room: GrowingRegion;
  #used = 0;
  #addresses = new WeakMap<Float64Array, number>();

  constructor(memory: WasmMemory) {
    this.#room = new GrowingRegion(memory);
  }

  /** Makes room for so many bytes, in this generation or a new one; false where it cannot. */
  reserve(bytes: number): boolean {
    if (this.#used + bytes <= this.#size) return true;
    this.#used = 0;
    this.#addresses = new WeakMap();
    this.generation++;
    const wanted = wantedBytes(bytes, bytesLeft(this.#room.own));
    if (wanted > this.#size && !this.#room.grow(wanted) && bytes > this.#size)
      return this.#room.grow(bytes);
    return true;
  }

  /**
   * Whether so many bytes can be reserved, now and later: a region never becomes smaller. Gets one
   * where there is none so large yet.
   */
  holds(bytes: number): boolean {
    return bytes <= this.#size || this.reserve(bytes);
  }

  get #size(): number {
    return this.#room.region?.bytes ?? 0;
  }

  /** The address of so many bytes of the room that was reserved. */
  take(bytes: number): number {
    const { region } = this.#room;
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
    const { region } = this.#room;
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
