import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { coordinateCovariance } from "../../../src/fit/backtest/covariance.ts";
import { bindToRuns } from "../../../src/fit/bind-to-runs.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { lossScale } from "../../../src/fit/starts/loss-scale.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";

test("a coordinate whose derivative is beyond float64 has no room, and the others have theirs", () => {
  const column = (name: string, cells: number[]) => [name, { name, cells }] as const;
  const xs = Array.from({ length: 40 }, (_, i) => i / 4);
  const ys = xs.map((x, i) => 2 + x + 0.1 * Math.sin(7 * i));
  const columns = new Map([column("x", xs), column("loss_y", ys)]);
  const table = { source: "table", sha256: "", rows: 40, columns, notes: [] };
  const runs = toRuns(table, { inputs: { x: "x" } });
  const settings = fitSettings({ loss: "squared" });
  const law = bindToRuns(lawFromFormula("y = a*exp(b*x) + c", { inputs: ["x"] }), runs, settings);
  const problem = poseProblem(law, runs.train, settings);
  const [scale] = runs.train.losses.map(lossScale);
  const theta = law.point({ a: 1e-300, b: 68, c: 2 });
  const sigma = coordinateCovariance({ law, problem, target: 0, scale, theta });
  expect(sigma.every(Number.isFinite)).toBe(true);
  expect([sigma[0], sigma[1], sigma[2]]).toEqual([0, 0, 0]);
  expect(sigma[8]).toBeGreaterThan(0);
});
