/**
 * Keys of records: SHA-256 over what a piece of work is computed from. What a family of pieces has
 * in common is hashed once, and its hash goes before each piece's own bytes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Numbers and texts to hash, in their order. */
export type Hashed = string | number | Uint8Array | Float64Array | Int32Array | Uint32Array;

/** Bytes of a key: enough that two of 10¹² records agree by chance with 1e-15. */
const KEY_BYTES = 16;
const TEXT = new TextEncoder();

/** The SHA-256 of some parts. Each is preceded by its length, so that none runs into the next. */
export function digestOf(parts: readonly Hashed[]): Uint8Array {
  const hash = sha256.create();
  for (const part of parts) {
    const bytes = bytesOf(part);
    hash.update(new Uint8Array(Float64Array.of(bytes.length).buffer)).update(bytes);
  }
  return hash.digest();
}

/** The keys of pieces of work that have `shared` in common. */
export class RecordKeys {
  readonly #shared;

  /** @param shared what all of them are computed from */
  constructor(shared: readonly Hashed[]) {
    const digest = digestOf(shared);
    // A whole block of SHA-256, which is then hashed once for all keys.
    this.#shared = sha256.create().update(digest).update(digest);
  }

  /** The key of the piece that is computed from `own` besides. */
  keyOf(own: Uint8Array): string {
    const digest = this.#shared.clone().update(own).digest();
    return bytesToHex(digest.subarray(0, KEY_BYTES));
  }
}

function bytesOf(part: Hashed): Uint8Array {
  if (typeof part === "string") return TEXT.encode(part);
  if (typeof part === "number") return bytesOf(Float64Array.of(part));
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}
