/** Shards in one folder: what they see of each other, and what their marks tell. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRecords, type RecordFolder } from "../../src/node/record-folder.ts";
import type { Shard } from "../../src/records/shard.ts";

const record = (n: number) => ({
  key: n.toString(16).padStart(32, "0"),
  value: Uint8Array.of(n, n + 1),
});
const { key } = record(1);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mixlaw-shards-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (shard?: Shard): Promise<RecordFolder> => openRecords(folder, () => undefined, shard);

/** What a run that joins is told when it opens the folder. */
async function told(): Promise<string[]> {
  const notices: string[] = [];
  const records = await openRecords(folder, (sentence) => notices.push(sentence));
  await records.close();
  return notices;
}

/** Shards that have recorded a piece each. */
async function finished(count: number, ...indices: number[]): Promise<void> {
  for (const index of indices) {
    const records = await open({ index, count });
    await records.keep([record(index)]);
    await records.markShard();
  }
}

const fileOf = async (beginning: string): Promise<string> => {
  const names = await readdir(folder);
  return join(folder, names.find((name) => name.startsWith(beginning)) ?? "");
};

test("a shard takes in what another records after it began", async () => {
  const first = await open({ index: 0, count: 2 });
  const second = await open({ index: 1, count: 2 });
  await first.keep([record(1)]);
  expect(await second.find([key])).toEqual([undefined]);
  await second.keep([record(2)]);
  await second.refresh();
  expect(await second.find([key])).toEqual([record(1).value]);
  await first.keep([record(3)]);
  // Not before it has been at other work ten times as long as reading takes.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await second.refresh();
  expect(await second.find([record(3).key])).toEqual([record(3).value]);
  await Promise.all([first.close(), second.close()]);
});

test("shards that have not finished are named", async () => {
  expect(await told()).toEqual([]);
  await finished(4, 0, 2);
  expect(await told()).toEqual([
    `${folder}: shards 1/4 and 3/4 did not finish: what is missing is computed here`,
  ]);
  const records = await open({ index: 1, count: 4 });
  await records.keep([record(9)]);
  await records.close(); // killed
  expect(await told()).toHaveLength(1);
  await finished(4, 1, 3);
  expect(await told()).toEqual([]);
});

test("names of no shard are left alone, and shards that see others' files open all the same", async () => {
  await writeFile(join(folder, "shard-0-of-99999999999-x.records"), "");
  expect(await told()).toEqual([]);
  await finished(2, 0);
  const second = await open({ index: 1, count: 2 });
  expect(second.size).toBe(1);
  await second.close();
});

test("files that were damaged or lost after their shard was done are named", async () => {
  await finished(3, 0, 1, 2);
  const [zero, one, two] = [await fileOf("shard-0-of-3-"), await fileOf("shard-1-of-3-"), await fileOf("shard-2-of-3-")]; // prettier-ignore
  const bytes = await readFile(zero);
  bytes[0] ^= 1; // as the beginning of the last record, it looks as if it were never finished
  await writeFile(zero, bytes);
  await truncate(one, 20);
  await rm(two);
  const again = (shard: number): string =>
    `what shard ${shard}/3 had recorded there and is missing is computed again`;
  expect(await told()).toEqual([
    `${zero} was damaged after it was written: ${again(0)}`,
    `${one} was damaged after it was written: ${again(1)}`,
    `${two} cannot be read: ${again(2)}`,
  ]);
});

test("a file that is damaged in its middle is named once", async () => {
  const records = await open({ index: 0, count: 1 });
  await records.keep([1, 2, 3].map(record));
  await records.markShard();
  const path = await fileOf("shard-0-of-1-");
  const bytes = await readFile(path);
  bytes[40] ^= 1;
  await writeFile(path, bytes);
  expect(await told()).toEqual([
    `${path} is damaged at byte 34: what was recorded there is computed again`,
  ]);
});
