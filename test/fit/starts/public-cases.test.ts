/** Formulas after public reports of others' tools: found with no ranges given. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import type { Fit } from "../../../src/fit/result/fit-file.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { parseLawFile } from "../../../src/laws/formula/law-file.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { describeData } from "../../support/data.ts";
import { cpuEngine } from "../engines.ts";

const engine = await cpuEngine();
afterAll(() => engine.close());

async function fitted(path: string, formula: string, options: FitOptions = {}): Promise<Fit> {
  const table = await parseTable(readFileSync(path), "csv", path);
  const where = table.columns.has("split") ? { where: "split == 'pool'" } : {};
  const { law, runs } = formulaProblem(table, formula, { runs: where });
  return (await engine.fit(law, runs, { loss: "squared", ...options })).fits[0];
}

describeData("../cases/formulas", "public cases", (folder) => {
  test.each<[string, string, Readonly<Record<string, number>>, number]>([
    ["tiny-parameters.csv", "y = a*exp(b*x/4e-10)", { a: 1.2946e-9, b: 4.397e-10 }, 2.411e-19],
    ["unix-time-line.csv", "y = a + b*x", { a: -1.24927e9, b: 0.75083 }, 2.48659e-4],
    ["h-is-a-parameter.csv", "y = exp(k*x)/h", { k: 0.05632, h: 0.022204 }, 1.1022e4],
    ["decay.csv", "y = (a-c)*exp(-x/b)+c", { a: 90.01, b: 419.32, c: 22.03 }, 0.021228],
    [
      "four-parameter-logistic.csv",
      "signal = a + (b-a)/(1+(c/conc)^d)",
      { a: 2.663, b: 97.86, c: 2.3032e-7, d: 1.1474 },
      0.6317,
    ],
  ])("%s: %s", async (file, formula, parameters, objective) => {
    const { search, ...fit } = await fitted(join(folder, file), formula);
    for (const [name, value] of Object.entries(parameters))
      expect(Math.abs(Number(fit.parameters[name]) / value - 1), name).toBeLessThan(3e-4);
    expect(Math.abs(fit.objective / objective - 1)).toBeLessThan(3e-4);
    expect(search.status).toBe("converged");
    expect(search.reachedBest).toBeGreaterThan(search.starts / 4);
  });

  test("a bound or a range on both sides of 0 is one of the parameter itself", async () => {
    const path = join(folder, "unix-time-line.csv");
    const free = await fitted(path, "y = a + b*x");
    for (const options of [
      { bounds: { a: [-1e10, 1e10] } },
      { ranges: { a: [-2e9, 2e9], b: [-2, 2] } },
    ] as const) {
      const { parameters, objective, search } = await fitted(path, "y = a + b*x", options);
      expect(Math.abs(Number(parameters["b"]) / 0.75083 - 1)).toBeLessThan(1e-4);
      expect(objective / free.objective).toBeCloseTo(1, 5);
      expect(search.status).toBe("converged");
    }
  });
});

describeData("../cases/formulas", "a law of N and D with powers of powers", (folder) => {
  test("is found as from the ranges of a law file, and by --formula too", async () => {
    const path = join(folder, "crash-runs.csv");
    const formula = "E + ((A/params)^(alpha/beta) + B/tokens)^beta";
    const table = await parseTable(readFileSync(path), "csv", path);
    const ranged = parseLawFile(readFileSync(join(folder, "kap.yaml"), "utf8"), "kap.yaml");
    const options = { residual: "log", restarts: 64 } as const;
    const { fits } = await engine.fit([lawFromFormula(formula), ranged], toRuns(table), options);
    const plain = formulaProblem(table, `loss_c4 = ${formula}`);
    const [free] = (await engine.fit(plain.law, plain.runs, options)).fits;
    for (const { objective } of [fits[0], free])
      expect(objective / fits[1].objective).toBeCloseTo(1, 6);
  });
});

describeData("scalebench", "tables of other inputs", (folder) => {
  test("three powers beside a constant, with a negative exponent", async () => {
    const fit = await fitted(
      join(folder, "vocab.csv"),
      "unigram_normalized_loss = E + A/non_vocab_parameters^a + B/num_characters^b + C/vocab_size^c",
      { restarts: 16 },
    );
    expect(fit.objective).toBeLessThan(0.0065482);
    for (const [name, value] of Object.entries({ a: 0.319, b: 0.372, c: -0.656 }))
      expect(Number(fit.parameters[name]), name).toBeCloseTo(value, 3);
  });
});
