/** A problem is the law, the rows and the objective, whoever puts it together. */
import { expect, test } from "vitest";
import { rowWeights } from "../../../src/data/runs/row-weights.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { scaledLoss } from "../../../src/laws/objective.ts";
import { draw, HUBER } from "../fixture.ts";

const { law, runs } = draw(laws.additive, { domains: 2, mixtures: 4, noise: 0.01, targets: 2 });

test("has the law's name and box, the objective's loss, and a response a target", () => {
  const { title, box, losses, packed, samples } = poseProblem(law, runs.train, HUBER);
  expect([title, box, losses, samples]).toEqual([
    "additive",
    { lower: law.lower, upper: law.upper },
    runs.train.losses.map((y) => scaledLoss(HUBER, y)),
    undefined,
  ]);
  expect(packed.responses.length).toBe(2);
  expect(packed.order.toSorted()).toEqual(Int32Array.from(runs.train.losses[0].keys()));
});

test("weighs rows by their standard deviations, in packed order", () => {
  const sigmas = runs.train.losses.map((y) => y.map((_, row) => 0.01 + 0.001 * row));
  const rows = { ...runs.train, sigmas };
  for (const residual of ["raw", "log"] as const) {
    const { packed } = poseProblem(law, rows, { ...HUBER, residual });
    const expected = rowWeights(rows, residual) ?? [];
    for (const [target, weights] of packed.weights.entries())
      expect(weights).toEqual(Float64Array.from(packed.order, (row) => expected[target][row]));
  }
});

test("of a law without shares takes rows that have some", () => {
  const plain = draw(laws.chinchilla).law;
  const { packed } = poseProblem(plain, runs.train, HUBER);
  expect(packed.start).toEqual(Int32Array.of(0, runs.train.rows));
  expect(packed.responses[0].length).toBe(runs.train.rows);
});
