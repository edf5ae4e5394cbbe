/** Fits with a ridge: closed forms, λ by cross-validation, what is said of parameters, records. */
import { Matrix, solve } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Runs } from "../../src/data/runs/run-set.ts";
import type { Fit } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { undrawnParameters } from "../../src/laws/ridge.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { foldsOf } from "../../src/validate/folds.ts";
import { obstacleOf } from "../../src/validate/judge-laws.ts";
import { validate } from "../../src/validate/validate.ts";
import { verify } from "../../src/verify/verify.ts";
import { cpuEngine } from "./engines.ts";
import { startKeys } from "../../src/fit/records/start-keys.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import { draw, HUBER } from "./fixture.ts";

const engine = await cpuEngine();
const LAMBDA = 0.02;

/** Ridge regression with a free intercept, (1/2n)·Σ(y − b − wᵀh)² + λ/2·Σw². */
function closedForm({ train, domains }: Runs, lambda: number) {
  const [n, k] = [train.rows, domains.length];
  const [y] = train.losses;
  const X = Array.from({ length: n }, (_, row) => [
    ...train.weights.subarray(row * k, row * k + k),
  ]);
  const means = domains.map((_, i) => X.reduce((sum, h) => sum + h[i], 0) / n);
  const centered = new Matrix(X.map((h) => h.map((x, i) => x - means[i])));
  const mean = y.reduce((sum, x) => sum + x, 0) / n;
  const A = centered
    .transpose()
    .mmul(centered)
    .add(Matrix.eye(k).mul(n * lambda));
  const b = centered.transpose().mmul(Matrix.columnVector([...y].map((x) => x - mean)));
  const w = solve(A, b).to1DArray();
  return { w, b: mean - w.reduce((sum, x, i) => sum + x * means[i], 0) };
}

const { runs } = draw(laws.linear, { domains: 4, mixtures: 30, noise: 0.05 });
const weightsOf = ({ parameters }: Fit): number[] => Object.values(parameters["w"] ?? {});

describe("a fit with a ridge", () => {
  test("is scikit-learn's Ridge with alpha = n·λ on a linear law, with either loss", async () => {
    const { w, b } = closedForm(runs, LAMBDA);
    for (const [loss, digits] of [
      ["squared", 12],
      ["huber", 7],
    ] as const) {
      const file = await engine.fit(laws.linear, runs, { ridge: LAMBDA, loss, delta: 10, restarts: 4 }); // prettier-ignore
      const [fit] = file.fits;
      for (const [i, x] of weightsOf(fit).entries()) expect(x).toBeCloseTo(w[i], digits);
      expect(fit.parameters["b"]).toBeCloseTo(b, digits);
      expect(fit.ridge?.parameters).toEqual({ pure: LAMBDA });
      expect(fit.ridge?.penalty).toBeCloseTo((LAMBDA / 2) * w.reduce((sum, x) => sum + x * x, 0), 9); // prettier-ignore
      expect(fit.search.status).toBe("converged");
    }
  });

  test("finds λ by cross-validation, and verify repeats it bit for bit", async () => {
    const few = draw(laws.linear, { domains: 8, mixtures: 14, noise: 0.3, seed: 2 });
    const options = { ridge: "auto", loss: "squared", restarts: 4 } as const;
    const file = await engine.fit(laws.linear, few.runs, options);
    const [{ ridge }] = file.fits;
    const tried = ridge?.tried ?? [];
    const losses = tried.map(([, loss]) => loss ?? Infinity);
    const best = tried[losses.indexOf(Math.min(...losses))];
    expect(ridge?.parameters["pure"]).toBeCloseTo(best[0], 12);
    expect(losses[0]).toBeGreaterThan(best[1] ?? Infinity);
    expect(losses.at(-1)).toBeGreaterThan(best[1] ?? Infinity);
    const verified = await verify(file, few.runs, engine);
    expect(verified.verdict.status).toBe("identical");
  });

  test("does not make the runs determine what only the ridge does", async () => {
    const { train } = runs;
    // The last two domains have equal shares in all runs.
    const equal = train.weights.map((_, at) => {
      const [row, i] = [Math.floor(at / 4), at % 4];
      const h = train.weights.subarray(4 * row, 4 * row + 4);
      return i < 2 ? h[i] : (h[2] + h[3]) / 2;
    });
    const collinear: Runs = { ...runs, train: { ...train, weights: equal } };
    const options = { ridge: 1e-3, loss: "squared", restarts: 4 } as const;
    const [fit] = (await engine.fit(laws.linear, collinear, options)).fits;
    const [, , third, fourth] = weightsOf(fit);
    expect(third).toBeCloseTo(fourth, 6);
    expect(fit.certificate.notIdentified).toContain("pure[d2]");
    expect(fit.certificate.notIdentified).not.toContain("pure[d0]");
    expect(fit.certificate.gradientNorm).toBeLessThan(1e-6);
  });

  test("names its parameters, and refuses those that have no 0", async () => {
    const additive = draw(laws.additive, { domains: 2, mixtures: 3 }).runs;
    const fit = (ridge: Record<string, number | "auto">) =>
      engine.fit(laws.additive, additive, { ridge, restarts: 1, backtest: false });
    const [{ ridge }] = (await fit({ gamma: 1e-3, alpha: 1e-5 })).fits;
    expect(ridge?.parameters).toEqual({ gamma: 1e-3, alpha: 1e-5 });
    await expect(fit({ A: 1 })).rejects.toThrow("no 0 to draw it to");
    await expect(fit({ delta: 1 })).rejects.toThrow("there is no parameter delta");
    await expect(fit({ gamma: 1, C: "auto" })).rejects.toThrow("all numbers, or all");
    await expect(fit({ "gamma[d0]": 1 })).rejects.toThrow("all of them together");
    await expect(engine.fit(laws.chinchilla, additive, { ridge: 1 })).rejects.toThrow(
      "no law has parameters that have one value a domain",
    );
  });

  test("may have fewer runs than parameters, and keeps its λ in a bootstrap", async () => {
    const few = draw(laws.linear, { domains: 8, mixtures: 6, noise: 0.05 }).runs;
    const options = { loss: "squared", restarts: 2, bootstrap: 3, interval: "percentile" } as const;
    await expect(engine.fit(laws.linear, few, options)).rejects.toThrow("has 8 parameters");
    const [fit] = (await engine.fit(laws.linear, few, { ...options, ridge: 1e-2 })).fits;
    const { w } = closedForm(few, 1e-2);
    for (const [i, x] of weightsOf(fit).entries()) expect(x).toBeCloseTo(w[i], 9);
    expect(fit.bootstrap?.replicates).toBe(3);
    expect(fit.degreesOfFreedom).toBeGreaterThan(0);
  });

  test("says how many runs it needs", async () => {
    const { runs: two, law } = draw(laws.additive, { domains: 8, mixtures: 1, sizes: [1e8, 1e9], tokens: [1e10] }); // prettier-ignore
    const refusal = engine.fit(laws.additive, two, { ridge: 1e-3, restarts: 1 });
    const needed = undrawnParameters(law, 1e-3);
    await expect(refusal).rejects.toThrow(`21 parameters. With the ridge it needs ${needed} rows.`);
  });

  test("says how many runs it needs in a fold", () => {
    const { runs: few, law } = draw(laws.additive, { domains: 8, mixtures: 4, sizes: [1e8, 1e9], tokens: [1e10] }); // prettier-ignore
    const needed = undrawnParameters(law, 1e-3);
    const folds = foldsOf(few, "row", 2, 1);
    const why = obstacleOf(laws.additive, few, folds, fitSettings({ ridge: 1e-3, restarts: 1 }));
    expect(why).toContain(`4 rows of loss_t0 are left to fit its 21 parameters. With the ridge it needs ${needed} rows. Hold out less`); // prettier-ignore
  });

  test("is back-tested where there are fewer runs than parameters", async () => {
    const few = draw(laws.additive, { domains: 8, mixtures: 5, tokens: [1e10], noise: 0.01 });
    expect(few.runs.train.rows).toBeLessThan(few.law.size);
    const options = { ridge: 1e-3, restarts: 2, backtest: true } as const;
    const [{ backtests }] = (await engine.fit(laws.additive, few.runs, options)).fits;
    expect(backtests?.list.map(({ levels, rows }) => [levels, rows])).toEqual([[2, 5], [2, 5], [3, 5]]); // prettier-ignore
    expect(backtests?.noise).toBeGreaterThan(0);
  });

  test("is part of the keys of records", () => {
    const { law, runs: some } = draw(laws.linear, { domains: 3, mixtures: 6 });
    const keyAt = (lambda: number): string =>
      startKeys(poseProblem(law, some.train, { ...HUBER, ridge: lambda }), "", [
        { target: 0, theta: new Float64Array(law.size) },
      ])[0];
    expect(new Set([keyAt(0), keyAt(1e-3), keyAt(1e-2)]).size).toBe(3);
  });

  test("has λ chosen within each fold where it is validated", async () => {
    const few = draw(laws.linear, { domains: 8, mixtures: 14, noise: 0.3, seed: 2 }).runs;
    const score = async (ridge: number | "auto"): Promise<number> =>
      (
        await validate(engine.resources, [laws.linear], few, {
          ridge,
          loss: "squared",
          restarts: 4,
          folds: 4,
        })
      ).laws[0].mean.rmse; // prettier-ignore
    expect(await score("auto")).toBeLessThan(await score(0));
  });

  test("has a learning curve that begins below as many runs as parameters", async () => {
    const few = draw(laws.linear, { domains: 8, mixtures: 12, noise: 0.05 }).runs;
    const pointOf = async (ridge: number) => {
      const options = { ridge, loss: "squared", restarts: 1, folds: 2, curve: true } as const;
      return (await validate(engine.resources, [laws.linear], few, options)).curve?.[0];
    };
    const point = await pointOf(1e-2);
    expect(point?.mixtures).toBe(5);
    expect(point?.laws["linear"]?.mrePercent).toBeGreaterThan(0);
  });
});
