/** Draws are refused early only where they are no better; starts have the same bits everywhere. */
import { describe, expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { bindToRuns } from "../../../src/fit/bind-to-runs.ts";
import { DataStarts } from "../../../src/fit/starts/data-starts.ts";
import type { Drawer } from "../../../src/fit/starts/draws.ts";
import { LinearSolve } from "../../../src/fit/starts/linear-solve.ts";
import { lossScale } from "../../../src/fit/starts/loss-scale.ts";
import { JavaScriptStretches, stretches } from "../../../src/fit/starts/stretches.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import { float64Order, followFloat64, forbidWasm } from "../../../src/wasm/availability.ts";
import type { LossKind } from "../../../src/expr/loss.ts";
import { BATTERY, type BatteryCase, tableOf } from "./battery.ts";

async function drawerOf(each: BatteryCase, loss: LossKind): Promise<Drawer> {
  const bytes = new TextEncoder().encode(tableOf(each));
  const { law, runs } = formulaProblem(await parseTable(bytes, "csv", "drawn.csv"), each.formula);
  const settings = fitSettings({ loss });
  const scales = runs.train.losses.map(lossScale);
  return new DataStarts(bindToRuns(law, runs, settings), runs, scales, settings).drawer(0);
}

/** Points of many kinds: starts, hops from some of them, and a few far away. */
function pointsOf(drawer: Drawer): Float64Array[] {
  const starts = drawer.draw({ seed: 2, first: 0, count: 12 });
  const hops = drawer.draw({ seed: 2, first: 0, count: 24, from: starts.slice(0, 4) });
  return [...starts, ...hops, ...starts.map((x) => x.map((value) => 1e3 * value))];
}

describe.each(BATTERY)("$name", (each) => {
  test("a draw is refused only where it is no better than the least", async () => {
    const { law, target } = await drawerOf(each, "squared");
    const solver = new LinearSolve(law.linear, target.rows);
    const points = pointsOf(await drawerOf(each, "squared"));
    const costs = points.map((point) => solver.judge(point));
    const solutions = points.map((point) => {
      solver.judge(point);
      return solver.solution.slice();
    });
    for (const least of costs.filter(Number.isFinite))
      for (const [i, point] of points.entries()) {
        const cost = solver.judge(point, least);
        if (cost === Infinity) expect(costs[i]).toBeGreaterThanOrEqual(least);
        else expect([cost, ...solver.solution]).toEqual([costs[i], ...solutions[i]]);
      }
  });
});

test("starts by WebAssembly and by JavaScript have the same bits", async () => {
  const order = float64Order();
  const draw = async (): Promise<Float64Array[][]> => {
    const drawers = await Promise.all(
      BATTERY.flatMap((each) => [drawerOf(each, "squared"), drawerOf(each, "huber")]),
    );
    return drawers.map(pointsOf);
  };
  expect(stretches(1)).not.toBeInstanceOf(JavaScriptStretches);
  const byWasm = await draw();
  try {
    forbidWasm("a comparison");
    expect(stretches(1)).toBeInstanceOf(JavaScriptStretches);
    expect(await draw()).toEqual(byWasm);
  } finally {
    followFloat64(order);
  }
});
