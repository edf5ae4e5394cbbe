/** Standard errors, the residuals' size, the noise of repeated runs, and what rows weigh. */
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { stream } from "../../../src/random/rng.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { incompleteBeta, tailF } from "../../../src/stats/f-distribution.ts";
import { rowWeights } from "../../../src/data/runs/row-weights.ts";
import { LOSSES } from "../../../src/expr/loss.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const engine = await cpuEngine();
const squared = { restarts: 16, loss: "squared" } as const;
const SD = 5e-3;

/** Each run `times` over, with noise of its own. */
function repeated(runs: Runs, times: number, sd = SD): Runs {
  const { rows, inputs, weights, losses } = runs.train;
  const draws = stream(8, 4);
  const k = runs.domains.length;
  const all = Array.from({ length: rows * times }, (_, i) => i % rows);
  return {
    ...runs,
    train: {
      rows: rows * times,
      rowNumbers: Int32Array.from(all, (_, i) => i + 1),
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, x]) => [name, Float64Array.from(all, (row) => x[row])]),
      ),
      weights: Float64Array.from(
        all.flatMap((row) => [...weights.subarray(row * k, (row + 1) * k)]),
      ),
      losses: losses.map((y, t) =>
        Float64Array.from(all, (row, i) => y[row] + sd * draws.normal(i, 2 * t)),
      ),
    },
  };
}

describe("the F distribution", () => {
  // Tables of upper 5 % points, and a closed form: F(d1 = 2) has the tail (1 + 2f/d2)^(−d2/2).
  test.each([
    [161.4476, 1, 1],
    [4.102821, 2, 10],
    [2.71089, 5, 20],
    [1.429013, 60, 120],
  ])("the upper tail beyond %d for %i and %i degrees of freedom", (f, d1, d2) => {
    expect(tailF(f, d1, d2)).toBeCloseTo(0.05, 4);
  });

  test("agrees with closed forms", () => {
    for (const f of [0.01, 1, 3, 50])
      for (const d2 of [1, 7, 500])
        expect(tailF(f, 2, d2) / (1 + (2 * f) / d2) ** (-d2 / 2)).toBeCloseTo(1, 10);
    expect(incompleteBeta(0.5, 2, 3)).toBeCloseTo(0.6875, 14);
    expect(tailF(0, 3, 4)).toBe(1);
  });
});

describe("standard errors", () => {
  const drawn = draw(laws.chinchilla, { noise: SD });
  const { train } = drawn.runs;

  test("are those of s²(JᵀJ)⁻¹ in the published parameters", async () => {
    const [fit] = (await engine.fit(laws.chinchilla, drawn.runs, squared)).fits;
    const { E, A, alpha, B, beta } = fit.parameters as Record<string, number>;
    const rows = [...train.losses[0].keys()].map((row) => {
      const [lnN, lnD] = [
        Math.log(train.inputs["params"][row]),
        Math.log(train.inputs["tokens"][row]),
      ];
      const [a, b] = [Math.exp(-alpha * lnN), Math.exp(-beta * lnD)];
      return {
        J: [1, a, -A * a * lnN, b, -B * b * lnD],
        r: E + A * a + B * b - train.losses[0][row],
      };
    });
    const s2 = rows.reduce((sum, { r }) => sum + r * r, 0) / (train.rows - 5);
    // Columns of comparable size, or the inverse has no digits.
    const size = [1, A, 1, B, 1];
    const J = new Matrix(rows.map((row) => row.J.map((x, i) => x * size[i])));
    const covariance = inverse(J.transpose().mmul(J));
    expect(fit.degreesOfFreedom).toBe(train.rows - 5);
    expect((fit.residualSd ?? 0) / Math.sqrt(s2)).toBeCloseTo(1, 9);
    for (const [i, name] of ["E", "A", "alpha", "B", "beta"].entries()) {
      const error = fit.standardErrors?.[name] as number;
      expect(error / (Math.sqrt(s2 * covariance.get(i, i)) * size[i])).toBeCloseTo(1, 5);
    }
  });

  test("a fixed parameter has none, a tied one has that of what it follows", async () => {
    const [fit] = (
      await engine.fit(laws.chinchilla, drawn.runs, {
        ...squared,
        fix: { E: 1 },
        tie: { alpha: "beta" },
      })
    ).fits;
    expect(fit.standardErrors?.["E"]).toBeNull();
    expect(fit.standardErrors?.["alpha"]).toBe(fit.standardErrors?.["beta"]);
    expect(fit.degreesOfFreedom).toBe(train.rows - 3);
  });

  test("what one size of model cannot tell has none", async () => {
    const one = draw(laws.chinchilla, {
      noise: SD,
      sizes: [3e8],
      tokens: [2e9, 4e9, 8e9, 1.6e10, 3e10, 6e10, 1e11, 2e11],
    });
    const [fit] = (await engine.fit(laws.chinchilla, one.runs, squared)).fits;
    expect(fit.standardErrors?.["A"]).toBeNull();
    expect(fit.standardErrors?.["beta"]).toBeGreaterThan(0);
  });

  test("under a Huber loss far below the noise are those of least absolute deviations", async () => {
    const [fit] = (await engine.fit(laws.chinchilla, drawn.runs, { restarts: 16 })).fits;
    const [least] = (await engine.fit(laws.chinchilla, drawn.runs, squared)).fits;
    // √(π/2) = 1.25 times those of least squares for normal noise, at another point.
    const ratio = (fit.standardErrors?.["beta"] as number) / (least.standardErrors?.["beta"] as number); // prettier-ignore
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(2);
    expect(fit.errors).toEqual({ degreesOfFreedom: train.rows - 5, blocks: "rows" });
    expect(fit.residualSd).toBeGreaterThan(0.5 * SD);
  });
});

describe("runs of one configuration", () => {
  const runs = repeated(draw(laws.mixture, { domains: 2, mixtures: 12, zeros: false }).runs, 4);

  test("give the noise, and a law that holds is at it", async () => {
    const [{ noise, residualSd }] = (await engine.fit(laws.mixture, runs, squared)).fits;
    expect(noise).toMatchObject({ configurations: 12, runs: 48, degreesOfFreedom: 36 });
    // A χ² of 36 degrees of freedom is within 35 % of its mean, more or less surely.
    expect((noise?.sd ?? 0) / SD).toBeGreaterThan(0.7);
    expect((noise?.sd ?? 0) / SD).toBeLessThan(1.3);
    expect(noise?.lackOfFit?.p).toBeGreaterThan(0.01);
    expect((residualSd ?? 0) / (noise?.sd ?? 1)).toBeLessThan(1.2);
  });

  test("tell when the law misses something", async () => {
    const [{ noise }] = (await engine.fit(laws.mixture, runs, { ...squared, fix: { gamma: 3 } }))
      .fits;
    expect(noise?.lackOfFit?.p).toBeLessThan(1e-4);
  });

  test("are compared in units of the residual", async () => {
    const [{ noise }] = (await engine.fit(laws.mixture, runs, { ...squared, residual: "log" }))
      .fits;
    const mean = runs.train.losses[0].reduce((a, b) => a + b) / runs.train.rows;
    expect(((noise?.sd ?? 0) * mean) / SD).toBeGreaterThan(0.6);
    expect(((noise?.sd ?? 0) * mean) / SD).toBeLessThan(1.4);
  });

  test("that are none, or copies, give none", async () => {
    const single = draw(laws.mixture, {
      domains: 2,
      mixtures: 12,
      zeros: false,
      noise: SD,
      targets: 2,
    }).runs;
    expect((await engine.fit(laws.mixture, single, squared)).fits[0].noise).toBeNull();
    const copies = repeated(single, 2, 0);
    expect((await engine.fit(laws.mixture, copies, squared)).fits[0].noise).toBeNull();
  });
});

describe("weights of rows", () => {
  const { runs } = draw(laws.chinchilla, { noise: SD });
  const weigh = (rowWeights_: Float64Array, sigmas?: Float64Array[]): Runs => ({
    ...runs,
    train: { ...runs.train, rowWeights: rowWeights_, ...(sigmas === undefined ? {} : { sigmas }) },
  });
  const counts = Float64Array.from({ length: runs.train.rows }, (_, row) => [1, 2, 0, 3][row % 4]);

  test.each(LOSSES)("a weight of 2 is a row twice, of 0 none: %s", async (loss) => {
    const { train } = runs;
    const list = [...counts].flatMap((n, row) => Array.from({ length: n }, () => row));
    const copied: Runs = {
      ...runs,
      train: {
        rows: list.length,
        rowNumbers: Int32Array.from(list),
        inputs: Object.fromEntries(
          Object.entries(train.inputs).map(([name, x]) => [
            name,
            Float64Array.from(list, (row) => x[row]),
          ]),
        ),
        weights: new Float64Array(),
        losses: train.losses.map((y) => Float64Array.from(list, (row) => y[row])),
      },
    };
    const options = { restarts: 16, loss };
    const [weighted] = (await engine.fit(laws.chinchilla, weigh(counts), options)).fits;
    const [twice] = (await engine.fit(laws.chinchilla, copied, options)).fits;
    expect(weighted.objective / twice.objective).toBeCloseTo(1, 9);
    for (const name of ["E", "alpha", "beta"])
      expect(Number(weighted.parameters[name]) / Number(twice.parameters[name])).toBeCloseTo(1, 4);
  });

  test("are 1/σ² of the residual, with a mean of 1 over the rows that have a loss", () => {
    const set = {
      ...runs.train,
      rows: 3,
      losses: [Float64Array.of(2, NaN, 4)],
      sigmas: [Float64Array.of(0.1, NaN, 0.2)],
    };
    expect([...(rowWeights(set, "raw")?.[0] ?? [])].map((w) => Number(w.toFixed(12)))).toEqual([
      1.6, 0, 0.4,
    ]);
    // σ/loss is 0.05 in both.
    expect([...(rowWeights(set, "log")?.[0] ?? [])].map((w) => Number(w.toFixed(12)))).toEqual([
      1, 0, 1,
    ]);
    expect(rowWeights(runs.train, "raw")).toBeUndefined();
  });

  test("of standard deviations that are right leave residuals of their size", async () => {
    const sigmas = [new Float64Array(runs.train.rows).fill(SD)];
    const [fit] = (
      await engine.fit(laws.chinchilla, { ...runs, train: { ...runs.train, sigmas } }, squared)
    ).fits;
    expect(fit.overSigma).toBeGreaterThan(0.6);
    expect(fit.overSigma).toBeLessThan(1.4);
  });
});
