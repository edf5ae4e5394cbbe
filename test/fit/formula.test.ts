/** Fits of formulas, and what their fit files are good for. */
import { expect, test } from "vitest";
import { predict, restore } from "../../src/fit/predict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const engine = await cpuEngine();
const ADDITIVE = "L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/params^alpha + B/tokens^beta";

test("a formula ends where the built-in law does; its file alone predicts and optimizes", async () => {
  const { runs } = draw(laws.additive, { domains: 2, noise: 3e-3, mixtures: 10 });
  const law = lawFromFormula(ADDITIVE, { name: "mine" });
  const [own, mine] = (await engine.fit([laws.additive, law], runs, { restarts: 32 })).fits;
  expect(mine.objective / own.objective).toBeCloseTo(1, 8);
  expect(mine.search.status).toBe("converged");
  expect(Number(mine.parameters["A"]) / Number(own.parameters["A"])).toBeCloseTo(1, 3);

  const file = JSON.parse(JSON.stringify(await engine.fit(law, runs, { restarts: 32 }))) as FitFile;
  expect(file.definitions).toEqual({
    mine: { name: "mine", formula: ADDITIVE, inputs: {}, parameters: {} },
  });
  expect(restore(file, file.fits[0]).law.law.equation).toBe(ADDITIVE);
  expect(predict(file, runs)[0].values.length).toBe(runs.train.rows);
  const best = await optimize(file, { params: 1e9, tokens: 2e10, samples: 256 });
  expect(best.certificate.certified).toBe(true);
});

test("formulas of other inputs are fitted, and rows they have no value at are named", async () => {
  const { runs } = draw(laws.chinchilla);
  const x = Float64Array.from({ length: runs.train.rows }, (_, i) => i - 2);
  const losses = [x.map((v) => 3 * Math.exp(-0.1 * v) + 1)];
  const table = { ...runs, train: { ...runs.train, inputs: { x }, losses } };
  const [fit] = (
    await engine.fit(lawFromFormula("a*exp(-b*x) + c", { inputs: ["x"] }), table, {
      loss: "squared",
      restarts: 32,
    })
  ).fits;
  for (const [name, value] of Object.entries({ a: 3, b: 0.1, c: 1 }))
    expect(fit.parameters[name]).toBeCloseTo(value, 8);

  await expect(
    engine.fit(lawFromFormula("a + b*log(x)", { inputs: ["x"] }), table),
  ).rejects.toThrow(
    /drawn, data row 1: x is -2, and log\(x\) in the law formula needs it above 0\. Correct the row/,
  );
  await expect(
    engine.fit(lawFromFormula("a + b/(x - 1)", { inputs: ["x"] }), table),
  ).rejects.toThrow(
    /data row 4: \(x - 1\) is 0 \(x = 1\), and b\/\(x - 1\) in the law formula needs it other than 0/,
  );
  await expect(
    engine.fit(lawFromFormula("a + b*exp(1e3*x)", { inputs: ["x"] }), table),
  ).rejects.toThrow(/data row 4: exp\(1000·x\), .* is Infinity/);
  await expect(engine.fit(lawFromFormula("a*y", { inputs: ["y"] }), table)).rejects.toThrow(
    /has no y column, .*Name it with ‘inputs.y: COL’/,
  );
});

test("a law that has no value at any start says which operation, where, and what to do", async () => {
  const { runs } = draw(laws.chinchilla);
  const law = lawFromFormula("a + log(b - params)", { parameters: { b: { start: [1, 2] } } });
  const { fits, failed = [] } = await engine.fit(law, runs, { restarts: 4 });
  expect(fits).toEqual([]);
  expect(failed[0].findings[0].sentence).toMatch(
    /had a finite objective at none: b - params in log\(b - params\) must be above 0, and is -\S+ at data row 1 for a = .*, b = .*\. Give parameters ranges/,
  );
});
