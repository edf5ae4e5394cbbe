import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { coordinateCovariance, predictionErrors } from "../../../src/fit/backtest/covariance.ts";
import { levelErrors } from "../../../src/fit/backtest/level-errors.ts";
import { bindToRuns } from "../../../src/fit/bind-to-runs.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { lossScale } from "../../../src/fit/starts/loss-scale.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";

test("beside a derivative whose square is beyond float64 no coordinate is called certain", () => {
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
  const fit = { law, problem, target: 0, scale, theta };
  expect(coordinateCovariance(fit)).toBeUndefined();
  const ladder = {
    axis: "params" as const,
    levels: [5, 10],
    levelOf: Int32Array.from(xs, (x) => (x < 5 ? 0 : 1)),
  };
  const prefix = { ...fit, ladder, fitted: 1, residual: settings.residual };
  const weights = Float64Array.from(xs, () => 1);
  expect(levelErrors(prefix, runs.train, weights)).toEqual([]);
  const calm = { ...fit, theta: law.point({ a: 1, b: 0.1, c: 1 }) };
  const sigma = coordinateCovariance(calm) ?? new Float64Array(9);
  expect(sigma[8]).toBeGreaterThan(0);
  // exp(b·x) of the second row is beyond float64.
  const points = { rows: 2, inputs: { x: Float64Array.of(5, 1e5) }, weights: new Float64Array(0) };
  const [near, far] = predictionErrors(law, calm.theta, sigma, points);
  expect(near).toBeLessThan(10);
  expect(far).toBe(Infinity);
});
