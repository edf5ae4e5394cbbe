/** Many fits and bootstraps in one process: memory, handles and threads have to stay flat. */
import { itemAt, lastOf } from "../../src/base/known.ts";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { laws, openEngine, readRuns } from "../../src/node.ts";
import type { Effort, Part } from "./part.ts";

/** A full collection, so that what is left is what is kept. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

interface Sample {
  readonly fits: number;
  readonly heapMiB: number;
  readonly residentMiB: number;
  readonly handles: number;
}

function sample(fits: number): Sample {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    fits,
    heapMiB: heapUsed / 2 ** 20,
    residentMiB: rss / 2 ** 20,
    handles: process.getActiveResourcesInfo().length,
  };
}

/** What may not grow from half-way, when all caches and pools are filled, to the end. */
function grown(middle: Sample, last: Sample): string[] {
  const failures: string[] = [];
  if (last.heapMiB > 1.05 * middle.heapMiB + 2) failures.push("the JavaScript heap grows");
  if (last.residentMiB > 1.1 * middle.residentMiB) failures.push("resident memory grows");
  if (last.handles > middle.handles) failures.push("handles are left open");
  return failures;
}

/** The study. */
export async function soak({ fits, backend }: Effort): Promise<Omit<Part, "measured">> {
  const example = fileURLToPath(new URL("../../examples/runs.csv", import.meta.url));
  const runs = await readRuns(example);
  const engine = await openEngine({ backend });
  const samples: Sample[] = [];
  for (let n = 1; n <= fits; n++) {
    const bootstrap = n % 5 === 0 ? 50 : 0;
    await engine.fit([laws.simple, laws.additive], runs, { restarts: 32, seed: n, bootstrap });
    if (n % Math.ceil(fits / 10) === 0) {
      samples.push(sample(n));
      process.stderr.write(`soak: ${n} of ${fits} fits\n`);
    }
  }
  await engine.close();
  const middle = itemAt(samples, Math.floor(samples.length / 2));
  return {
    title: "Soak",
    method: `${fits} fits of two laws to three targets of examples/runs.csv in one process, every fifth with a bootstrap of 50 replicates. Memory after a full collection.`,
    head: ["fits", "heap MiB", "resident MiB", "handles"],
    rows: samples.map((s) => [
      `${s.fits}`,
      s.heapMiB.toFixed(1),
      s.residentMiB.toFixed(0),
      `${s.handles}`,
    ]),
    failures: grown(middle, lastOf(samples)),
  };
}
