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
import { LANES, memoryIn, type WasmMemory } from "./availability.ts";

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
  readonly #memory: WebAssembly.Memory;
  #numbers: Float64Array;

  constructor(memory: WebAssembly.Memory, page: number, pages: number) {
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

/** Regions of this thread that have no owner, by memory. */
const unowned = new WeakMap<WasmMemory, Region[]>();

const collected = new FinalizationRegistry<{ own: WasmMemory; region: Region }>(({ own, region }) =>
  unownedOf(own).push(region),
);

/**
 * A region of zeros, for as long as its owner is there.
 *
 * @param owner what may not be collected before the region is of no more use; the region does not
 *   keep it
 * @param numbers float64 numbers that it has room for at least
 * @throws RangeError where the memory cannot grow.
 */
export function claimRegion(own: WasmMemory, owner: object, numbers: number): Region {
  const pages = Math.ceil(Math.max(1, 8 * numbers) / PAGE);
  const free = unownedOf(own);
  const fitting = free.findIndex(({ bytes }) => bytes === pages * PAGE);
  const [reused] = fitting < 0 ? [] : free.splice(fitting, 1);
  const region = reused ?? newRegion(own, pages);
  region.numbers.fill(0);
  collected.register(owner, { own, region });
  return region;
}

function unownedOf(own: WasmMemory): Region[] {
  const known = unowned.get(own);
  if (known !== undefined) return known;
  const inherited = claimsOf(own).flatMap(({ page, pages }) =>
    pages === 0 ? [] : [new Region(memoryIn(own), page, pages)],
  );
  unowned.set(own, inherited);
  return inherited;
}

function newRegion(own: WasmMemory, pages: number): Region {
  const page = own.memory.grow(pages);
  claimsOf(own)
    .find((claim) => claim.pages === 0)
    ?.write(page, pages);
  return new Region(memoryIn(own), page, pages);
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
