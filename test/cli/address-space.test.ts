/** Under the limits on address space that clusters set, threads share one memory of WebAssembly. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { root, workplace } from "./command.ts";

const { path, read } = workplace();

/** A fit on so many threads, by a shell that first says `limit`. */
function fitOn(threads: number, limit: string): FitFile {
  const out = `${threads}.json`;
  const words = ["fit", "test/simulated/runs.csv", "--law", "additive", "--targets", "loss_web", "--restarts", "8", "--no-backtest", "--backend", "cpu", "--threads", String(threads), "--out", path(out)]; // prettier-ignore
  const command = [process.execPath, join(root, "dist/cli.js"), ...words];
  const { status, stderr } = spawnSync("sh", ["-c", `${limit}; exec "$0" "$@"`, ...command], { cwd: root, encoding: "utf8" }); // prettier-ignore
  expect([0, 2], stderr).toContain(status);
  return JSON.parse(read(out)) as FitFile;
}

test.skipIf(process.platform !== "linux")("four threads under ulimit -v 16000000 compute in WebAssembly, to the bits of one without it", () => {
  const limited = fitOn(4, "ulimit -v 16000000");
  expect(limited.backend).toEqual({ kind: "cpu", adapter: "float64, 4 threads", float64: "webassembly" });
  const { fits } = fitOn(1, ":");
  expect(limited.fits).toEqual(fits);
}); // prettier-ignore
