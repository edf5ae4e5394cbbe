/** Laws that read the supply: fitted, predicted and optimized with what there is. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { predict } from "../../src/fit/predict.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { AT, drawLosses, fileOf } from "./fixture.ts";

const domains = ["web", "code", "books"];
const AVAILABLE = { web: 3e9, code: 2e8, books: 1e9 };
const truth = drawTruth(laws.additiveEpochs, domains, ["loss_a"], {
  signs: "positive",
  seed: 3,
  noise: { kind: "lognormal", sigma: 0.001 },
});
const { columns, rows } = simulate(laws.additiveEpochs, truth, {
  domains,
  targets: ["loss_a"],
  sizes: [2e7, 1e8, 4e8],
  tokens: { perParam: 20, checkpoints: 3 },
  mixtures: 16,
  available: AVAILABLE,
});
const table = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
const engine = await cpuEngine();
const FORMULA =
  "L = E + 1/sum(C[i]*(h[i]*(1 + R*(1 - exp(-max(h[i]*tokens/u[i] - 1, 0)/R)))/max(h[i]*tokens/u[i], 1))^gamma[i]) + A/N^alpha + B/tokens^beta";

describe("a fit with a supply", async () => {
  const runs = toRuns(table);
  const file = await engine.fit(laws.additiveEpochs, runs, { restarts: 16 });
  const at = { params: 1e9, tokens: 2e10, samples: 0, epsilon: 0 } as const;

  test("keeps it, and optimizes with it where nothing else is said", async () => {
    const [own, same, more] = await Promise.all(
      [undefined, AVAILABLE, { ...AVAILABLE, code: 1e12 }].map((available) =>
        optimize(file, available === undefined ? at : { ...at, constraints: { available } }),
      ),
    );
    expect(own.weights).toEqual(same.weights);
    expect(more.weights["code"]).toBeGreaterThan(own.weights["code"] ?? 1);
    for (const domain of domains) {
      const { epochs, passes } = own.allocation?.[domain] ?? { epochs: 0, passes: null };
      const available = AVAILABLE[domain as keyof typeof AVAILABLE];
      expect(epochs).toBeCloseTo(((own.weights[domain] ?? NaN) * at.tokens) / available, 9);
      expect(passes).toBeNull(); // the law knows what repetition costs
    }
    expect(own.active).toEqual([]); // and nothing is capped
  });

  test("caps epochs where that is asked for", async () => {
    const { allocation } = await optimize(file, { ...at, constraints: { maxEpochs: 8 } });
    expect(Math.max(...domains.map((domain) => allocation?.[domain]?.epochs ?? 99))).toBeLessThan(
      8 + 1e-9,
    );
  });

  test("predicts at other supplies", () => {
    const point = { n_params: 1e9, n_tokens: 2e10, h_web: 0.2, h_code: 0.6, h_books: 0.2 };
    const lossAt = (code: number): number => {
      const points = toRuns([point], { targets: "", available: { ...AVAILABLE, code } });
      return predict(file, points)[0].values[0];
    };
    expect(lossAt(2e8)).toBeGreaterThan(lossAt(2e9));
    expect(() => predict(file, toRuns([point], { targets: "" }))).toThrow(
      /no supply of the domain "web"/,
    );
  });
});

test("options that are none are refused by name, whatever the file knows", async () => {
  const drawn = fileOf(drawLosses("additive", 2, 1, 7));
  const range = { ...drawn.data.range, inputs: { "u[d0]": { min: 1e9, max: 1e9 } } };
  const reading = { inputs: { s: "sparsity" } };
  const file = { ...drawn, data: { ...drawn.data, range, reading } };
  for (const name of ["constraints", "inputs"])
    await expect(optimize(file, { ...AT, [name]: null })).rejects.toThrow(InputError);
});

test("the supply in a formula is that of the catalog", async () => {
  const runs = toRuns(table);
  const law = lawFromFormula(FORMULA);
  expect(law.uses).toMatchObject({ supply: true, weights: true, tokens: true, params: true });
  const file = await engine.fit(law, runs, { restarts: 4 });
  const [{ values }] = predict(file, runs);
  const errors = runs.train.losses[0].map((loss, row) => Math.abs(values[row] / loss - 1));
  expect(Math.max(...errors)).toBeLessThan(0.03);
  await expect(
    optimize(file, { params: 1e9, tokens: 2e10, samples: 0, epsilon: 0 }),
  ).resolves.toMatchObject({
    allocation: { code: { passes: null } },
  });
});
