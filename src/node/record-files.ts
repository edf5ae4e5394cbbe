/** The record files of a folder: read once, and later what others have appended to them since. */
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readRecords } from "../records/record-file.ts";
import type { WorkRecord } from "../records/record-store.ts";

export const ENDING = ".records";

/** The names of a folder's record files, in their order. */
export const namesOfRecords = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(ENDING)).toSorted();

/** What was read of a folder. */
export interface FreshRecords {
  readonly records: readonly WorkRecord[];
  /** Files with something else than good records in them, and where it begins, in bytes. */
  readonly damaged: readonly { readonly path: string; readonly at: readonly number[] }[];
}

export class RecordFiles {
  readonly #folder: string;
  /** How far each file was good. What was being written then is read the next time. */
  readonly #ends = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The records that were not read before. @param own a file that is not read: the caller's own */
  async read(own?: string): Promise<FreshRecords> {
    const names = (await namesOfRecords(this.#folder)).filter((name) => name !== own);
    const fresh: FreshRecords[] = [];
    for (const name of names) fresh.push(await this.#readOne(name));
    return {
      records: fresh.flatMap(({ records }) => records),
      damaged: fresh.flatMap(({ damaged }) => damaged),
    };
  }

  async #readOne(name: string): Promise<FreshRecords> {
    const path = join(this.#folder, name);
    const begin = this.#ends.get(name) ?? 0;
    const bytes = await bytesFrom(path, begin);
    const { records, damaged, end } = readRecords(bytes);
    this.#ends.set(name, begin + end);
    const at = damaged.map((offset) => begin + offset);
    return { records, damaged: at.length === 0 ? [] : [{ path, at }] };
  }
}

/** The bytes of a file from an offset on. */
async function bytesFrom(path: string, begin: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(Math.max(0, size - begin));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, begin + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}
