/** Shards together record all that their job needs, in any order, however many there are. */
import { expect, test } from "vitest";
import { ShardDoneError } from "../../../src/base/errors.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import type { RecordStore } from "../../../src/records/record-store.ts";
import { validate } from "../../../src/validate/validate.ts";
import { memoryRecords } from "../../support/memory-records.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });
const options: FitOptions = {
  restarts: 24,
  bootstrap: 8,
  backtest: true,
  profile: ["alpha", "A"],
};
const timeless = (file: object): object => ({ ...structuredClone(file), timing: {} });

/** Runs a job in shards, one after the other, with shared records. Gives how much each did. */
async function inShards(
  job: (records: RecordStore) => Promise<unknown>,
  order: readonly number[],
  values: Map<string, Uint8Array>,
): Promise<number[]> {
  const recorded: number[] = [];
  for (const index of order) {
    const before = values.size;
    const records = memoryRecords({ index, count: order.length }, values);
    await expect(job(records)).rejects.toBeInstanceOf(ShardDoneError);
    recorded.push(values.size - before);
  }
  return recorded;
}

test("a fit of shards is the fit of one process, and nothing is missing when it is joined", async () => {
  const engine = await cpuEngine();
  const plain = await engine.fit(laws.chinchilla, runs, options);
  const values = new Map<string, Uint8Array>();
  const job = (records: RecordStore): Promise<FitFile> =>
    engine.fit(laws.chinchilla, runs, { ...options, records });
  const recorded = await inShards(job, [2, 0, 1], values);
  for (const pieces of recorded) expect(pieces).toBeGreaterThan(0);
  const { size } = values;
  expect(timeless(await job(memoryRecords(undefined, values)))).toEqual(timeless(plain));
  expect(values.size).toBe(size);
  // Another number of shards finds all of it too.
  expect(await inShards(job, [0, 1], values)).toEqual([0, 0]);
  // What is lost is computed again.
  for (const key of [...values.keys()].filter((_, n) => n % 7 === 3)) values.delete(key);
  expect(timeless(await job(memoryRecords(undefined, values)))).toEqual(timeless(plain));
  expect(values.size).toBe(size);
});

test("so is a validation", async () => {
  const { resources } = await cpuEngine();
  const how = { restarts: 16, by: "row", folds: 3, curve: false } as const;
  const both = [laws.chinchilla, laws.kaplan];
  const plain = await validate(resources, both, runs, how);
  const values = new Map<string, Uint8Array>();
  const job = (records: RecordStore): Promise<object> =>
    validate(resources, both, runs, { ...how, records });
  await inShards(job, [1, 0, 2, 3], values);
  const { size } = values;
  expect(timeless(await job(memoryRecords(undefined, values)))).toEqual(timeless(plain));
  expect(values.size).toBe(size);
});
