/** Records in a folder: several processes, damage, other jobs, no room. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { openRecords } from "../../src/node/record-folder.ts";
import type { Job } from "../../src/records/job.ts";

const JOB: Job = { verb: "fit", version: "1", data: { rows: 3 }, settings: { seed: 1 } };
const record = (n: number) => ({
  key: n.toString(16).padStart(32, "0"),
  value: Uint8Array.from({ length: 40 }, (_, i) => (i + n) % 256),
});
const keys = [1, 2, 3].map((n) => record(n).key);

let parent = "";
let folder = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "mixlaw-records-"));
  folder = join(parent, "made", "here");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const filesOf = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".records")).toSorted();

async function kept(...numbers: number[]): Promise<void> {
  const records = await openRecords(folder);
  await records.begin(JOB);
  await records.keep(numbers.map(record));
  await records.close();
}

test("what processes kept is found by the next, each with a file of its own", async () => {
  await kept(1);
  await kept(2);
  expect(await filesOf()).toHaveLength(2);
  const records = await openRecords(folder);
  expect(records.size).toBe(2);
  const [first, second, third] = await records.find(keys);
  expect([...(first ?? [])]).toEqual([...record(1).value]);
  expect([...(second ?? [])]).toEqual([...record(2).value]);
  expect(third).toBeUndefined();
  await records.keep([record(1)]); // known: nothing is written
  await records.close();
  expect(await filesOf()).toHaveLength(2);
});

test("damage is named and left out, a torn end is left out", async () => {
  await kept(1, 2, 3);
  const [name = ""] = await filesOf();
  const path = join(folder, name);
  const bytes = await readFile(path);
  bytes[50] ^= 1;
  await writeFile(path, bytes);
  await truncate(path, bytes.length - 5);
  const notices: string[] = [];
  const records = await openRecords(folder, (sentence) => notices.push(sentence));
  expect((await records.find(keys)).map((value) => value !== undefined)).toEqual([
    false,
    true,
    false,
  ]);
  expect(notices).toEqual([
    `${path} is damaged at byte 0: what was recorded there is computed again`,
  ]);
  await records.close();
});

test("a folder of another job is refused, naming what differs", async () => {
  await kept(1);
  const records = await openRecords(folder);
  await records.begin({ ...JOB });
  const other = records.begin({ ...JOB, settings: { seed: 2 } });
  await expect(other).rejects.toThrow(InputError);
  await expect(records.begin({ ...JOB, version: "2" })).rejects.toThrow(
    `${folder} has the records of another job: version is "1" there and "2" here. Name another folder, or repeat that job.`,
  );
  await writeFile(join(folder, "job.json"), "{");
  await expect(records.begin(JOB)).rejects.toThrow("job.json is no mixlaw/records@1 file");
});

test("a job that recorded nothing leaves the folder to another", async () => {
  const wrong = await openRecords(folder);
  await wrong.begin({ ...JOB, settings: { profile: ["alhpa"] } });
  await wrong.close();
  await kept(1);
  expect(await readFile(join(folder, "job.json"), "utf8")).toContain('"seed": 1');
});

test("of processes that begin at once, one writes the job and none a half of it", async () => {
  const stores = await Promise.all([1, 2, 3, 4].map(() => openRecords(folder)));
  await Promise.all(stores.map((records) => records.begin(JOB)));
  expect(await readdir(folder)).toEqual(["job.json"]);
});

test("a folder that cannot be is an InputError", async () => {
  const file = join(parent, "file");
  await writeFile(file, "");
  await expect(openRecords(file)).rejects.toThrow(
    `${file} cannot be made: it is a file, not a folder`,
  );
  await expect(openRecords(join(file, "below"))).rejects.toThrow(
    "a part of its path is not a folder",
  );
});

test("without room it says so once, and what was kept before stays", async () => {
  await kept(1);
  const notices: string[] = [];
  const records = await openRecords(folder, (sentence) => notices.push(sentence));
  await rm(folder, { recursive: true }); // as a disk that fails
  await records.keep([record(2)]);
  await records.keep([record(3)]);
  expect(notices).toHaveLength(1);
  expect(records.failure).toBe(notices[0]);
  expect(notices[0]).toMatch(/nothing is recorded from here on/);
  expect((await records.find(keys)).every((value) => value !== undefined)).toBe(true);
  await records.close();
});
