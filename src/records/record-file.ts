/**
 * The bytes of a file of records. It is only ever appended to, by one process; readers may come at
 * any time, and after any accident.
 *
 *   MARK (4) · length of the value (4) · key (16) · check (8) · value
 *
 * The check is the beginning of the SHA-256 of length, key and value. Integers have their least
 * byte first.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { WorkRecord } from "./record-store.ts";

/** The first byte of the mark. */
const FIRST = 0xd7;
const MARK = Uint8Array.of(FIRST, 0x6d, 0x78, 0x01);
const [LENGTH_AT, KEY_AT, CHECK_AT, HEAD] = [4, 8, 24, 32];

/** Records as bytes to append. */
export function encodeRecords(records: readonly WorkRecord[]): Uint8Array {
  const total = records.reduce((sum, { value }) => sum + HEAD + value.length, 0);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { key, value } of records) {
    bytes.set(MARK, at);
    view.setUint32(at + LENGTH_AT, value.length, true);
    bytes.set(hexToBytes(key), at + KEY_AT);
    bytes.set(value, at + HEAD);
    bytes.set(checkOf(bytes, at, value.length), at + CHECK_AT);
    at += HEAD + value.length;
  }
  return bytes;
}

/** What a file has. */
export interface FileContents {
  /** The good records; their values are parts of the file's bytes. */
  readonly records: readonly WorkRecord[];
  /** Offsets at which something else than a good record begins that had been written whole. */
  readonly damaged: readonly number[];
  /** Up to here there are good records alone. What follows may still be being written. */
  readonly end: number;
}

/**
 * Reads the bytes of a file. A last record that is not all there was being written when the process
 * or its disk ended: it is passed over. What is damaged is passed over too, up to the next good
 * record, and told.
 */
export function readRecords(bytes: Uint8Array): FileContents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: WorkRecord[] = [];
  const damaged: number[] = [];
  let [at, end] = [0, 0];
  while (at < bytes.length) {
    const length = goodLength(bytes, view, at);
    if (length !== undefined) {
      const key = bytesToHex(bytes.subarray(at + KEY_AT, at + CHECK_AT));
      records.push({ key, value: bytes.subarray(at + HEAD, at + HEAD + length) });
      at += HEAD + length;
      if (damaged.length === 0) end = at;
      continue;
    }
    const next = nextGood(bytes, view, at + 1);
    if (next < bytes.length || isWhole(bytes, view, at)) damaged.push(at);
    at = next;
  }
  return { records, damaged, end };
}

/** The length of the value of the record at `at`; undefined where there is no good record. */
function goodLength(bytes: Uint8Array, view: DataView, at: number): number | undefined {
  if (!isWhole(bytes, view, at)) return undefined;
  const length = view.getUint32(at + LENGTH_AT, true);
  const check = checkOf(bytes, at, length);
  return check.every((byte, i) => byte === bytes[at + CHECK_AT + i]) ? length : undefined;
}

/** Whether what begins at `at` has a head, and all the bytes that it says. */
const isWhole = (bytes: Uint8Array, view: DataView, at: number): boolean =>
  at + HEAD <= bytes.length &&
  MARK.every((byte, i) => bytes[at + i] === byte) &&
  at + HEAD + view.getUint32(at + LENGTH_AT, true) <= bytes.length;

/** Where the next good record begins, from `from` on; the end where there is none. */
function nextGood(bytes: Uint8Array, view: DataView, from: number): number {
  for (let at = bytes.indexOf(FIRST, from); at >= 0; at = bytes.indexOf(FIRST, at + 1))
    if (goodLength(bytes, view, at) !== undefined) return at;
  return bytes.length;
}

function checkOf(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const head = bytes.subarray(at + LENGTH_AT, at + CHECK_AT);
  const value = bytes.subarray(at + HEAD, at + HEAD + length);
  return sha256
    .create()
    .update(head)
    .update(value)
    .digest()
    .subarray(0, HEAD - CHECK_AT);
}
