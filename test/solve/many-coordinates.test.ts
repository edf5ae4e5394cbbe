/** Laws of very many coordinates go to the last digits without second derivatives. */
import { expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { bindToRuns } from "../../src/fit/bind-to-runs.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import { normalEquationsOf } from "../../src/fit/search/problem.ts";
import { lossScale } from "../../src/fit/starts/loss-scale.ts";
import { randomStarts } from "../../src/fit/starts/starts.ts";
import { epochs } from "../../src/laws/catalog/supply/epochs.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { minimize } from "../../src/solve/levenberg-marquardt.ts";

const settings = fitSettings({});

/** The fit of `epochs` to drawn runs of so many domains, and a random start. */
async function problemOf(domainCount: number, mixtures: number) {
  const domains = Array.from({ length: domainCount }, (_, i) => `d${i + 1}`);
  const noise = { kind: "lognormal" as const, sigma: 0.003 };
  const truth = drawTruth(epochs, domains, ["loss_t"], { signs: "positive", seed: 5, noise });
  const design = { domains, targets: ["loss_t"], sizes: [3e8], tokens: [1e10], mixtures };
  const { columns, rows } = simulate(epochs, truth, design);
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  const runs = toRuns(await parseTable(new TextEncoder().encode(text), "csv", "drawn"));
  const law = bindToRuns(epochs, runs, settings);
  const problem = poseProblem(law, runs.train, settings);
  const [start] = randomStarts(law, lossScale(runs.train.losses[0]), 0, 1);
  return { box: problem.box, normal: normalEquationsOf(problem, 0), start };
}

test("there are none for laws of more than 100 coordinates", async () => {
  const few = await problemOf(47, 60); // 99 coordinates
  const many = await problemOf(48, 60); // 101
  expect([few.normal.size, many.normal.size]).toEqual([99, 101]);
  expect(few.normal.second(few.start)?.length).toBe((99 * 100) / 2);
  expect(many.normal.second(many.start)).toBeUndefined();
});

test("a random start of a law of 105 coordinates comes to a stationary point", async () => {
  const { normal, box, start } = await problemOf(50, 130);
  const polish = { iterations: 1000, tolerance: 1e-13, gradient: 1e-9, newton: true, exact: false };
  const { status, norm, iterations } = minimize(normal, start, box, polish);
  expect(status).toBe("converged");
  expect(norm).toBeLessThan(1e-6);
  expect(iterations).toBeLessThan(1000);
});
