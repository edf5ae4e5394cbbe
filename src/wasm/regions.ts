/**
 * Parts of the memory that this thread's modules compute in. A region is whole pages:
 * `memory.grow` gives each caller pages that nobody else has, so threads that share a memory need
 * no lock.
 *
 * A memory never shrinks, and a thread that ends tells nobody what it had. So the first page of a
 * shared memory has a *ledger*: what each lane has claimed, a lane being what a thread computes in.
 * The next thread of a lane takes that over.
 */
import { itemAt } from "../base/known.ts";
import { LANES, type LinearMemory, MOST_PAGES, type WasmMemory } from "./availability.ts";

/** Bytes of a page. */
const PAGE = 2 ** 16;
/** Regions of a lane that the ledger has room for; each is two whole numbers: page and pages. */
const CLAIMS = PAGE / LANES / 8;

/** Some bytes of a memory. */
export class Region {
  /** The first byte; a multiple of a page. */
  readonly address: number;
  /** How many there are. */
  readonly bytes: number;
  readonly #memory: LinearMemory;
  #numbers: Float64Array;

  constructor(memory: LinearMemory, page: number, pages: number) {
    this.address = page * PAGE;
    this.bytes = pages * PAGE;
    this.#memory = memory;
    this.#numbers = new Float64Array(memory.buffer, this.address, this.bytes / 8);
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

/** Regions of this thread that nobody uses, by memory. */
const unowned = new WeakMap<WasmMemory, Region[]>();

const collected = new FinalizationRegistry<{ own: WasmMemory; region: Region }>(({ own, region }) =>
  unownedOf(own).push(region),
);

/**
 * A region of zeros, for as long as its owner is there; undefined where the memory cannot grow.
 *
 * @param owner what may not be collected before the region is of no more use; the region does not
 *   keep it
 * @param numbers float64 numbers that it has room for at least
 */
export function claimRegion(own: WasmMemory, owner: object, numbers: number): Region | undefined {
  const pages = Math.ceil(Math.max(1, 8 * numbers) / PAGE);
  const region = reusedRegion(own, pages) ?? newRegion(own, pages);
  if (region === undefined) return undefined;
  collected.register(owner, { own, region }, region);
  return region;
}

/** Bytes that a memory may still grow by. */
export const bytesLeft = ({ memory }: WasmMemory): number =>
  MOST_PAGES * PAGE - memory.buffer.byteLength;

/** A region that is let go for a larger one, and whose numbers are then forgotten. */
export class GrowingRegion {
  #region: Region | undefined;

  constructor(readonly own: WasmMemory) {}

  /** Undefined before it has grown. */
  get region(): Region | undefined {
    return this.#region;
  }

  /** Gets a region of so many bytes; where it cannot, it is false, and all is as it was. */
  grow(bytes: number): boolean {
    const larger = claimRegion(this.own, this, bytes / 8);
    if (larger === undefined) return false;
    if (this.#region !== undefined) {
      collected.unregister(this.#region);
      unownedOf(this.own).push(this.#region);
    }
    this.#region = larger;
    return true;
  }
}

/** As many pages as are wanted, of the smallest region that nobody uses and that has them. */
function reusedRegion(own: WasmMemory, pages: number): Region | undefined {
  const free = unownedOf(own);
  const fitting = free.filter(({ bytes }) => bytes >= pages * PAGE);
  if (fitting.length === 0) return undefined;
  const { address, bytes } = fitting.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  free.splice(
    free.findIndex((region) => region.address === address),
    1,
  );
  const [first, rest] = [address / PAGE, bytes / PAGE - pages];
  if (rest > 0) free.push(new Region(own.memory, first + pages, rest));
  const region = new Region(own.memory, first, pages);
  region.numbers.fill(0);
  return region;
}

function unownedOf(own: WasmMemory): Region[] {
  const known = unowned.get(own);
  if (known !== undefined) return known;
  const inherited = claimsOf(own).flatMap(({ page, pages }) =>
    pages === 0 ? [] : [new Region(own.memory, page, pages)],
  );
  unowned.set(own, inherited);
  return inherited;
}

/** New pages are zeros; what is not touched takes no memory of the machine. */
function newRegion(own: WasmMemory, pages: number): Region | undefined {
  const page = grown(own.memory, pages);
  if (page === undefined) return undefined;
  claimsOf(own)
    .find((claim) => claim.pages === 0)
    ?.write(page, pages);
  return new Region(own.memory, page, pages);
}

/** The first of so many new pages; undefined where there are none to be had. */
function grown(memory: LinearMemory, pages: number): number | undefined {
  try {
    return memory.grow(pages);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** An entry of the ledger; without pages it is free. */
interface Claim {
  readonly page: number;
  readonly pages: number;
  readonly write: (page: number, pages: number) => void;
}

/** The entries of a lane; none where the thread has its memory for itself. */
function claimsOf({ memory, lane }: WasmMemory): Claim[] {
  if (lane === undefined) return [];
  const ledger = new Int32Array(memory.buffer, lane * CLAIMS * 8, CLAIMS * 2);
  return Array.from({ length: CLAIMS }, (_, n) => ({
    page: itemAt(ledger, 2 * n),
    pages: itemAt(ledger, 2 * n + 1),
    write: (page, pages) => ledger.set([page, pages], 2 * n),
  }));
}
