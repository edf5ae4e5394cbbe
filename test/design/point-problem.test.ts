/** Design for losses at points: the covariance it shrinks, disagreement of laws, supply laws. */
import { describe, expect, test } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { RunsOptions } from "../../src/data/runs/runs-options.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { chooseRuns, deviationsAfter } from "../../src/design/bayesian-design.ts";
import { totalSpread } from "../../src/design/law-spread.ts";
import { nextRuns } from "../../src/design/next-runs.ts";
import { pointProblem } from "../../src/design/point-problem.ts";
import { coordinateErrors } from "./point-errors.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { cpuEngine } from "../fit/engines.ts";

const engine = await cpuEngine();

async function runsOf(
  header: string,
  rows: readonly (readonly number[])[],
  options: RunsOptions = {},
): Promise<Runs> {
  const text = `${header}\n${rows.map((row) => row.join()).join("\n")}\n`;
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", "runs.csv"), options);
}

const loss = (n: number, d: number): number => 1.7 + 406 / n ** 0.34 + 411 / d ** 0.28;
const SIZES = [2e7, 5e7, 1.2e8, 3e8];
const trained = SIZES.flatMap(
  (n, i) =>
  [5, 20, 80].map((ratio, j) => [n, n * ratio, loss(n, n * ratio) * (1 + 0.002 * Math.sin(5 * i + 3 * j))]), // prettier-ignore
);
const candidates = [1e8, 1e9].flatMap((n) => [5, 20, 80].map((ratio) => [n, n * ratio]));
const wanted = [7e9, 3e10].map((n) => [n, 20 * n]);

const runs = await runsOf("n_params,n_tokens,loss_a", trained);
const pool = await runsOf("n_params,n_tokens", candidates, { targets: "" });
const points = await runsOf("n_params,n_tokens", wanted, { targets: "" });
const both = await engine.fit([laws.chinchilla, laws.kaplan], runs, { restarts: 32, rows: false });
const alone = { ...both, fits: both.fits.filter(({ law }) => law === "chinchilla") };
const costs = new Float64Array(6).fill(1);

describe("losses at points", () => {
  test("of one law what is open is the error of its predictions, and what it misses", () => {
    const { problem, targets } = pointProblem([alone], pool, points, costs);
    const { deviations } = chooseRuns(problem, { runs: 0, budget: 0 });
    expect(targets).toEqual(["loss_a"]);
    // The file keeps no rows, so that nothing is known of the law's error: three noises.
    const missed = 3 * Math.sqrt(problem.noise[0]);
    for (const [g, error] of coordinateErrors(alone, points).entries())
      expect(deviations[g] / Math.hypot(error, missed)).toBeCloseTo(1, 6);
  });

  test("laws that disagree leave more open, by the law of total covariance", () => {
    const one = { values: Float64Array.of(1, 5), rows: [Float64Array.of(0.3, 0)] };
    const other = { values: Float64Array.of(2, 5), rows: [Float64Array.of(0, 0.4)] };
    const rows = totalSpread([one, other]);
    const variance = (at: number): number => rows.reduce((sum, row) => sum + row[at] ** 2, 0);
    expect(variance(0)).toBeCloseTo(0.3 ** 2 / 2 + 0.25, 12);
    expect(variance(1)).toBeCloseTo(0.4 ** 2 / 2, 12);
    const [by1, by2] = [alone, both].map(
      (file) => chooseRuns(pointProblem([file], pool, points, costs).problem, { runs: 0, budget: 0 }).deviations[1], // prettier-ignore
    );
    expect(by2).toBeGreaterThan(by1);
  });

  test("each run is the best of those left, and the largest size buys most", () => {
    const options = { goal: "points", points, costs, runs: 2 } as const;
    const { now, chosen, bySize, random } = nextRuns(both, pool, options);
    expect(chosen).toHaveLength(2);
    expect(chosen[1].deviations["loss_a"]).toBeLessThan(chosen[0].deviations["loss_a"]);
    expect(chosen[0].deviations["loss_a"]).toBeLessThan(now["loss_a"].deviation);
    expect(random?.["loss_a"]).toBeGreaterThanOrEqual(chosen[1].deviations["loss_a"] * 0.999);
    const { problem } = pointProblem([both], pool, points, costs);
    const left = candidates.map((_, c) => Math.hypot(...deviationsAfter(problem, [c])));
    expect(chosen[0].row - 1).toBe(left.indexOf(Math.min(...left)));
    expect(bySize.map(({ params }) => params)).toEqual([1e8, 1e9]);
    expect(bySize[1].deviations["loss_a"]).toBeLessThan(bySize[0].deviations["loss_a"]);
    expect(() => nextRuns(both, pool, { goal: "points" })).toThrow(/name them with ‘points’/);
    expect(() => nextRuns(both, pool, { goal: "points", points, law: "additive" })).toThrow("‘law’ is additive, but the fit file has only chinchilla, kaplan"); // prettier-ignore
    expect(() => nextRuns(both, pool, { goal: "points", points, params: 7e9 })).toThrow("leave ‘params’ out"); // prettier-ignore
  });
});

test("laws of the supply plan too, with the supply of their runs or another", async () => {
  const available = { web: 2e9, code: 1e9 };
  const header = "n_params,n_tokens,h_web,h_code,loss_a";
  const rows = SIZES.flatMap((n, i) =>
    [0.1, 0.35, 0.6, 0.85].flatMap(
      (h, j) =>
      [10, 40].map((ratio) => [n, n * ratio, h, 1 - h, loss(n, n * ratio) + 0.1 * (h - 0.5) ** 2 + 0.003 * Math.sin(3 * i + j)]), // prettier-ignore
    ),
  );
  const table = await runsOf(header, rows, { available });
  const fit = await engine.fit(laws.additiveEpochs, table, { restarts: 16, bootstrap: 20, interval: "percentile", rows: false }); // prettier-ignore
  const mixtures = [[1e8, 4e9, 0.2, 0.8], [1e8, 4e9, 0.8, 0.2], [3e8, 1e10, 0.5, 0.5]]; // prettier-ignore
  const [same, scarce] = await Promise.all(
    [available, { web: 2e8, code: 1e8 }].map((supply) =>
      runsOf("n_params,n_tokens,h_web,h_code", mixtures, { targets: "", available: supply }),
    ),
  );
  for (const goal of ["mixture", "loss"] as const) {
    const asked = { goal, params: 1e9, tokens: 2e10, runs: 2 } as const;
    expect(nextRuns(fit, same, asked).chosen.length).toBeGreaterThan(0);
    const other = nextRuns(fit, scarce, { ...asked, constraints: { available: { web: 2e8, code: 1e8 } } }); // prettier-ignore
    expect(other.now).not.toEqual(nextRuns(fit, same, asked).now);
  }
  const at = nextRuns(fit, same, { goal: "points", points: scarce, runs: 1 });
  expect(at.now["loss_a"].deviation).toBeGreaterThan(0);
});
