/** Which laws have a part in the intervals of an optimum's losses. */
import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import { cpuEngine } from "../../fit/engines.ts";
import { PHASES, phasedRows } from "../../fit/phased-runs.ts";
import { AT, drawLosses, fileOf, lawOf } from "../fixture.ts";

test("laws that read what the request does not say have none", async () => {
  const drawn = ["additive", "additive-epochs"].map((law) => fileOf(drawLosses(law, 2, 1, 7)));
  const laws = ["additive", "additive-epochs"];
  const file: FitFile = {
    ...drawn[0],
    fits: drawn.flatMap(({ fits }) => fits),
    chosen: { law: "additive", by: "back-tests", alike: laws, errors: {} },
  };
  const optimum = await optimize(file, { ...AT, samples: 0, epsilon: 0 });
  expect(optimum.laws).toEqual({ loss_0: "additive" });
});

test("of runs with phases, laws that read the supply have one", async () => {
  const rows = phasedRows(40).map((row, n) => ({ ...row, n_tokens: 1e9 * 2 ** (n % 4) }));
  const runs = toRuns(rows, { phases: PHASES, targets: "loss_mean" });
  const engine = await cpuEngine();
  const fitted = await engine.fit(["mixture-tokens", "epochs"].map(lawOf), runs, { restarts: 2 });
  const constraints = { available: { web: 2e10, code: 5e9 }, maxEpochs: 1000 };
  const request = { tokens: 1e12, law: "mixture-tokens", samples: 0, epsilon: 0, constraints };
  const widths: number[] = [];
  for (const alike of [["mixture-tokens"], ["mixture-tokens", "epochs"]]) {
    const chosen = { law: "mixture-tokens", by: "back-tests" as const, alike, errors: {} };
    const { prediction } = await optimize({ ...fitted, chosen }, request);
    const [low, high] = prediction?.losses["loss_mean"] ?? [];
    widths.push((high ?? NaN) - (low ?? NaN));
  }
  expect(widths[1]).toBeGreaterThan(1.5 * (widths[0] ?? NaN));
});
