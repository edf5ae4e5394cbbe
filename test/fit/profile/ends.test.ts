import { join } from "node:path";
import { expect, test } from "vitest";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { readRuns } from "../../../src/node/read-file.ts";
import { CASES, engine, expectEnds, shareOfThreshold } from "./profile-ends.ts";

test("an end is found though a step of the walk came within half a percent of it", async () => {
  const file = join(import.meta.dirname, "../../simulated/runs.csv");
  const runs = await readRuns(file, { targets: "loss_code" });
  const options = { restarts: 4 };
  const { fits } = await engine.fit(laws.chinchilla, runs, { restarts: 32, profile: ["E"] });
  const low = fits[0].profile?.["E"].interval[0] ?? NaN;
  const share = shareOfThreshold(laws.chinchilla, runs, options, fits[0]);
  // On a grid around it the statistic falls from above the threshold to below.
  const shares: number[] = [];
  for (let n = -2; n <= 2; n++) shares.push(await share("E", low * (1 + n / 200)));
  expect(shares[2]).toBeCloseTo(1, 3);
  expect(Math.min(...shares.slice(0, 2))).toBeGreaterThan(1);
  expect(Math.max(...shares.slice(3))).toBeLessThan(1);
});

test.each(CASES.map((ends) => [ends[0], ends] as const))(
  "all ends of %s are where they are said to be (case %#)",
  (_, ends) => expectEnds(ends),
);
