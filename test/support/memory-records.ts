/** Records in memory, of any job. */
import type { RecordStore, WorkRecord } from "../../src/records/record-store.ts";
import type { Shard } from "../../src/records/shard.ts";

export interface MemoryRecords extends RecordStore {
  computedBy: string;
  readonly size: number;
  /** Keys that were asked for and there. */
  found: number;
  all(): WorkRecord[];
}

/** @param values what is recorded, to be shared with other stores */
export function memoryRecords(
  shard?: Shard,
  values: Map<string, Uint8Array> = new Map(),
): MemoryRecords {
  const store: MemoryRecords = {
    found: 0,
    shard,
    computedBy: "a test",
    get size() {
      return values.size;
    },
    all: () => [...values].map(([key, value]) => ({ key, value })),
    begin: () => Promise.resolve(),
    find(keys) {
      store.found += keys.filter((key) => values.has(key)).length;
      return Promise.resolve(keys.map((key) => values.get(key)));
    },
    keep(records) {
      for (const { key, value } of records) values.set(key, value);
      return Promise.resolve();
    },
  };
  return store;
}
