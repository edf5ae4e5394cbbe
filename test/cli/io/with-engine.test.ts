/** Work on an engine: what is open is closed, also where there is no engine. */
import { expect, test, vi } from "vitest";
import { withEngine } from "../../../src/cli/io/with-engine.ts";
import { openRecords, type RecordFolder } from "../../../src/node.ts";
import { workplace } from "../command.ts";

const place = workplace();

test("records are closed where the engine cannot be opened", async () => {
  const resume = place.path("records");
  const records = await openRecords(resume, () => undefined);
  await records.close();
  const close = vi.spyOn(Object.getPrototypeOf(records) as RecordFolder, "close");
  const flags = { backend: "cpu", threads: 0, progress: "none", resume } as const;
  await expect(withEngine(flags, () => Promise.resolve({}))).rejects.toThrow("threads");
  expect(close).toHaveBeenCalledOnce();
  close.mockRestore();
});
