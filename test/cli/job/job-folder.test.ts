/** The folder of a job: when a changed job has another, and what is said where it cannot be. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderName, JobFolder } from "../../../src/cli/job/job-folder.ts";

const place = mkdtempSync(join(tmpdir(), "mixlaw-folder-"));
afterAll(() => rmSync(place, { recursive: true }));

test.each([
  ["the order of keys", { fit: { seed: 1, restarts: 4 } }, { fit: { restarts: 4, seed: 1 } }, true],
  ["threads", { fit: { threads: 1 } }, { threads: 2 }, false],
  ["the threads of a section", { fit: { threads: 1 } }, { fit: {} }, true],
  ["the deadline of a part", { optimize: [{ deadline: "1h" }] }, { optimize: [{}] }, true],
  ["a domain called threads", { optimize: [{ floor: { threads: 0.1 } }] }, { optimize: [{ floor: { threads: 0.2 } }] }, false],
  ["a domain called progress", { optimize: { cap: { progress: 0.1 } } }, { optimize: { cap: {} } }, false],
] as const)("%s", (_, one, other, isSame) => {
  expect(folderName("job.yaml", one, []) === folderName("job.yaml", other, [])).toBe(isSame);
}); // prettier-ignore

test("a folder that cannot be is one clear line", async () => {
  writeFileSync(join(place, "file"), "");
  const path = join(place, "file", "job-1");
  const parts = { source: "job.yaml", inputs: [], commands: [], script: "" };
  await expect(JobFolder.open(path, "", parts)).rejects.toThrow(
    `the folder ${path} cannot be written: a part of its path is not a folder; or name another with --out`,
  );
});
