/** Files from strangers, one after the other through one process, with its time and memory. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeData } from "../support/data.ts";

interface Step {
  readonly file: string;
  readonly step: "fit" | "predict" | "optimize";
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly seconds: number;
}

/** Their names are odd, and their data good. */
const GOOD = ["cmd.csv", "esc.csv", "excel-header.csv", "proto.csv", "space-domain.csv", "wgsl-csv-hang.csv"]; // prettier-ignore
const SECONDS = 5;
const MEGABYTES = 1024;

describeData("../cases/hostile", "every hostile file", (folder) => {
  test("gives a right answer or one line, in time and memory", async () => {
    const script = join(import.meta.dirname, "walk-folder.mjs");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, folder, join(folder, "one.csv")]); // prettier-ignore
    const { steps, megabytes } = JSON.parse(stdout) as {
      readonly steps: readonly Step[];
      readonly megabytes: number;
    };
    expect(stderr).toBe("");
    for (const { file, step, result, error, message = "" } of steps) {
      const what = `${step} ${file}: ${message}`;
      if (GOOD.includes(file))
        expect(result, what).toEqual(step === "fit" ? expect.any(Array) : true); // prettier-ignore
      else if (error === undefined) expect(result, what).toBe(true);
      else expect(error, what).toBe("InputError");
      expect(message, what).not.toMatch(/\p{Cc}/u);
    }
    const slowest = steps.toSorted((a, b) => b.seconds - a.seconds)[0];
    console.log(
      `hostile: ${steps.length} steps, the slowest ${slowest?.step} ${slowest?.file} ${slowest?.seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`,
    );
    expect(slowest?.seconds).toBeLessThan(SECONDS);
    expect(megabytes).toBeLessThan(MEGABYTES);
  }, 60_000);
});
