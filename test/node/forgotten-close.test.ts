/** A process that forgets `engine.close()` ends all the same. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { describeGpu } from "../support/gpu.ts";

const root = join(import.meta.dirname, "../..");

/** Fits few starts, so that some workers are never asked for anything. */
const script = (backend: string): string => `
import { laws, openEngine, readRuns } from ${JSON.stringify(pathToFileURL(join(root, "dist/node.js")).href)};
const engine = await openEngine({ backend: "${backend}", threads: 3 });
const runs = await readRuns("test/simulated/runs.csv", { targets: "loss_web", where: "mixture_id < 3" });
await engine.fit(laws.chinchilla, runs, { restarts: 8, backtest: false });
console.log("fitted");`;

describeGpu("a process whose engine is not closed", () => {
  test.each(["cpu", "webgpu"])("ends on %s", async (backend) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script(backend)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, text }).toEqual({ code: 0, text: "fitted\n" });
  });
});
