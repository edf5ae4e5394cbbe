import { expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { slopeFindings } from "../../../src/fit/examine/fit-findings.ts";
import { slopesByMixture } from "../../../src/fit/examine/slopes-by-mixture.ts";
import { laws, openEngine } from "../../../src/node.ts";
import { drawTruth } from "../../../src/simulate/draw-truth.ts";
import { simulate } from "../../../src/simulate/simulate.ts";

/** Two mixtures of three sizes, ln N = 0, 1, 2; a row twice, so that means are taken. */
const runs = {
  rows: 7,
  inputs: { params: Float64Array.from([0, 1, 2, 0, 1, 2, 2], Math.exp) },
  weights: Float64Array.of(1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1),
};
const ONES = new Float64Array(7).fill(1);

test("F is that of parallel lines", () => {
  // Mixture 1: 0, 1, 3 lies around the line of slope 1.5 with squares 14/3 − 1/2·9; mixture 2: 1,
  // 0, 0 (the mean of −1 and 1, of weight 2).
  const test1 = slopesByMixture(runs, Float64Array.of(0, 1, 3, 1, 0, -1, 1), ONES);
  const lines = 4.5 + 1.25 ** 2 / 2.75;
  const parallels = (3 - 1.25) ** 2 / (2 + 2.75);
  const squares = 14 / 3 + 0.75;
  expect(test1?.F).toBeCloseTo((lines - parallels) / ((squares - lines) / 2), 10);
});

test("a slope that all mixtures have in common is none of their own", () => {
  const common = Float64Array.of(0, 1.01, 2, 0, 1.02, 2, 2);
  expect(slopesByMixture(runs, common, ONES)?.F).toBeLessThan(1);
});

test("rows of weight 0 say nothing, and two sizes are no line", () => {
  expect(slopesByMixture(runs, ONES, ONES.with(0, 0))).toBeUndefined();
});

const DOMAINS = ["web", "code", "books"];

/** The codes that an additive fit says of runs drawn from a law. */
async function codesFrom(name: "additive" | "joint"): Promise<string[]> {
  const noise = { kind: "lognormal", sigma: 0.003 } as const;
  const truth = drawTruth(laws[name], DOMAINS, ["loss_web"], { signs: "positive", seed: 3, noise });
  const { columns, rows } = simulate(laws[name], truth, {
    domains: DOMAINS,
    targets: ["loss_web"],
    sizes: [3e7, 1e8, 3e8, 1e9],
    tokens: { perParam: 20, checkpoints: 2 },
    mixtures: 16,
  });
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  const table = await parseTable(new TextEncoder().encode(text), "csv", "drawn runs");
  const engine = await openEngine({ backend: "cpu" });
  const { fits } = await engine.fit(laws.additive, toRuns(table), {
    restarts: 32,
    backtest: false,
  });
  await engine.close();
  return fits.flatMap(({ verdict }) => verdict.findings.map(({ code }) => code));
}

test("an additive fit says so of runs of a joint law, and not of its own", async () => {
  expect(await codesFrom("joint")).toContain("slopes-by-mixture");
  expect(await codesFrom("additive")).not.toContain("slopes-by-mixture");
});

test("a small F is not told, however sure", () => {
  expect(slopeFindings({ F: 3.9, p: 1e-12 })).toEqual([]);
  expect(slopeFindings({ F: 40, p: 0.01 })).toEqual([]);
});
