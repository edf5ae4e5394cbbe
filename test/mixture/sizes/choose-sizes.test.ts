/** Sizes at a training compute, by laws without a mixture: against formulas and brute force. */
import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { drawTruth } from "../../../src/simulate/draw-truth.ts";
import { simulate } from "../../../src/simulate/simulate.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { restore } from "../../../src/fit/predict.ts";
import { predictRows } from "../../../src/fit/result/predictor.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { Law } from "../../../src/laws/law.ts";
import { optimizeSizes } from "../../../src/mixture/sizes/choose-sizes.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { cpuEngine } from "../../fit/engines.ts";

const engine = await cpuEngine();

async function fitted(law: Law, options: FitOptions = {}): Promise<FitFile> {
  const truth = drawTruth(law, [], ["loss_a"], {
    signs: "positive",
    seed: 2,
    noise: { kind: "lognormal", sigma: 0.002 },
  });
  const { columns, rows } = simulate(law, truth, {
    domains: [], targets: ["loss_a"], sizes: [2e7, 6e7, 2e8, 7e8], tokens: { perParam: 20, checkpoints: 3 }, mixtures: 1,
  }); // prettier-ignore
  const text = `${columns.join()}\n${rows.map((row) => row.join()).join("\n")}\n`;
  const need = {
    params: true,
    tokens: law.uses.tokens,
    weights: false,
    inputs: (law.uses.inputs ?? []).map((input) => input.name),
  };
  const runs = toRuns(await parseTable(new TextEncoder().encode(text), "csv", "runs.csv"), {
    need,
  });
  return engine.fit(law, runs, { restarts: 16, ...options });
}

/** The law's loss where it says the best is, and at random places of the same compute. */
function lossAt(file: FitFile, at: Readonly<Record<string, number>>): number {
  const { law, theta } = restore(file, file.fits[0]);
  const inputs = Object.fromEntries(
    Object.entries(at).map(([name, value]) => [name, Float64Array.of(value)]),
  );
  return predictRows(law, theta, { rows: 1, inputs, weights: new Float64Array() })[0];
}

test("the average of laws: intervals of N and of its exponent are over the laws too", async () => {
  const options = { bootstrap: 8, restarts: 8 };
  const files = [await fitted(laws.chinchilla, options), await fitted(laws.kaplan, options)];
  const list = [0.3, -0.1].map((error) => [{ fittedTo: 1e8, levels: 2, predicted: 2e8, rows: 10, distance: 1, error, scatter: 0, noise: 0, standardError: 0 }]); // prettier-ignore
  const fits = files.flatMap(({ fits: [fit] }, n) => ({ ...fit, backtests: { axis: "params" as const, levels: [1, 2, 3], scale: 1, noise: 0, list: list[n] } })); // prettier-ignore
  const file = { ...files[0], fits };
  const [average, ...each] = ["average", "chinchilla", "kaplan"].map((law) => optimizeSizes(file, { flops: 1e21, law })); // prettier-ignore
  expect(average.average).toEqual({ chinchilla: expect.closeTo(0.25, 12) as number, kaplan: expect.closeTo(0.75, 12) as number }); // prettier-ignore
  for (const { at, exponents } of each) {
    const [low, high] = average.interval?.["params"] ?? [NaN, NaN];
    expect([low < at["params"] * 1.2, at["params"] < high * 1.2]).toEqual([true, true]);
    const [least, most] = average.exponents?.interval?.params ?? [NaN, NaN];
    const a = exponents?.params ?? NaN;
    expect([least < a + 0.02, a - 0.02 < most]).toEqual([true, true]);
  }
});

test("chinchilla: where αA/N^α = βB/D^β at 6ND = C, with intervals from a bootstrap", async () => {
  const file = await fitted(laws.chinchilla, { bootstrap: 40 });
  const found = optimizeSizes(file, { flops: 1e21 });
  const { A, B, alpha, beta } = file.fits[0].parameters as Record<string, number>;
  const expected =
    ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * (1e21 / 6) ** (beta / (alpha + beta));
  expect(found.at["params"] / expected).toBeCloseTo(1, 6);
  expect(6 * found.at["params"] * found.at["tokens"]).toBeCloseTo(1e21, -10);
  expect(found.objective).toBeCloseTo(lossAt(file, found.at), 12);
  const [low, high] = found.interval?.["params"] ?? [NaN, NaN];
  expect(low).toBeLessThan(found.at["params"]);
  expect(high).toBeGreaterThan(found.at["params"]);
  expect(found.exponents.params).toBeCloseTo(beta / (alpha + beta), 6);
  expect(found.exponents.tokens).toBeCloseTo(alpha / (alpha + beta), 6);
  expect(found.exponents.interval?.from).toBe("bootstrap");
  const [least, most] = found.nearOptimal.params;
  for (const params of [least, most]) {
    expect(lossAt(file, { params, tokens: 1e21 / (6 * params) })).toBeCloseTo(
      found.objective + found.nearOptimal.epsilon,
      8,
    );
  }
  expect(optimizeSizes(file, { flops: 1e21, intervals: false }).interval).toBeNull();
  expect(found.verdict.status).toBe("inside");
  expect(found.verdict.findings.map(({ code }) => code)).not.toContain("size-at-end");
  const [fit] = file.fits;
  const free = { ...fit, coordinates: { ...fit.coordinates, lnB: -60 } };
  const without = optimizeSizes({ ...file, fits: [free] }, { flops: 1e21 });
  expect(without.verdict.status).toBe("at-end");
  expect(without.verdict.findings.map(({ code }) => code)).toContain("size-at-end");
});

test("data-constrained: repeated tokens cost loss, and the best sizes are the best at their compute", async () => {
  const file = await fitted(laws.dataConstrained);
  const plenty = optimizeSizes(file, { flops: 1e21, inputs: { unique_tokens: 1e13 } });
  const scarce = optimizeSizes(file, { flops: 1e21, inputs: { unique_tokens: 1e9 } });
  expect(plenty.epochs).toBeLessThan(1);
  expect(scarce.epochs).toBeGreaterThan(1);
  expect(scarce.objective).toBeGreaterThan(plenty.objective);
  for (const factor of [0.5, 0.9, 1.1, 2]) {
    const params = scarce.at["params"] * factor;
    expect(
      lossAt(file, { params, tokens: 1e21 / (6 * params), unique_tokens: 1e9 }),
    ).toBeGreaterThan(scarce.objective);
  }
  expect(() => optimizeSizes(file, { flops: 1e21 })).toThrow(
    /the laws need unique_tokens \(unique tokens U\): give it with ‘inputs.unique_tokens: VALUE’/,
  );
});

test("moe-sparsity: the best sparsity of those trained at a budget of active parameters, or at one that is given", async () => {
  const file = await fitted(laws.moeSparsity);
  const best = optimizeSizes(file, { flops: 1e20 });
  expect(best.chosen).toEqual(["params", "tokens", "sparsity"]);
  const { params, tokens, sparsity } = best.at;
  expect((6 * params * (1 - sparsity) * tokens) / 1e20).toBeCloseTo(1, 10);
  for (const given of [0, 0.3, 0.6, 0.9]) {
    const held = optimizeSizes(file, { flops: 1e20, inputs: { sparsity: given } });
    expect(held.chosen).toEqual(["params", "tokens"]);
    expect((6 * held.at["params"] * (1 - given) * held.at["tokens"]) / 1e20).toBeCloseTo(1, 10);
    expect(held.objective).toBeGreaterThanOrEqual(best.objective - 1e-12);
  }
  expect(() => optimizeSizes(file, { flops: 1e20, inputs: { sparsity: 1 } })).toThrow(
    /1 - sparsity is 0/,
  );
  expect(() => optimizeSizes(file, { flops: 1e20, inputs: { sparsty: 0 } })).toThrow(
    /have no such input; did you mean "sparsity"\?/,
  );
});

test("laws that lack N or D are refused", async () => {
  const file = await fitted(laws.routed);
  expect(() => optimizeSizes(file, { flops: 1e20, inputs: { experts: 8 } })).toThrow(
    /‘flops’ chooses N and D, and the law routed of loss_a has no tokens/,
  );
});
