/** Tables of runs that do not tell what a domain does: read beside the checkout, where they are. */
import { expect, test } from "vitest";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { readRuns } from "../../src/node/read-file.ts";
import { cpuEngine } from "../fit/engines.ts";
import { describeData } from "../support/data.ts";

const engine = await cpuEngine();
const fitted = async (path: string): Promise<FitFile> =>
  engine.fit(laws.additive, await readRuns(path), { restarts: 4 });

describeData("../cases/claims/never-varied.csv", "a domain that is 10 % in every run", (path) => {
  test("is not recommended with a number, and the runs are named as the reason", async () => {
    const file = await fitted(path);
    const best = await optimize(file, { params: 3e8, tokens: 4e9, samples: 256 });
    expect(best.undetermined).toEqual({ law: [0, 1] });
    expect(best.weights["law"]).toBeLessThanOrEqual(0.15 + 1e-12);
    expect(best.verdict.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["held-domains", "shares-not-determined"]),
    );
  });
});

describeData("../cases/claims/never-trained.csv", "a domain that no run has", (path) => {
  test("stays 0, and is said not to be determined", async () => {
    const file = await fitted(path);
    const best = await optimize(file, { params: 3e8, tokens: 4e9, samples: 256 });
    expect(best.undetermined).toEqual({ law: [0, 1] });
    expect(best.weights["law"]).toBe(0);
    expect(best.warnings.join("\n")).toMatch(/no training run has any law/);
  });
});
