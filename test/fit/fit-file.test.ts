/** The fit file: what is in it, and that it is enough. */
import { describe, expect, test } from "vitest";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { InputError } from "../../src/base/errors.ts";
import { predict, restore } from "../../src/fit/predict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { rowsOf } from "../../src/fit/result/rows-of-file.ts";
import { score } from "../../src/fit/result/score.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { DEFAULTS, type Progress } from "../../src/options/fit-options.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { VERSION } from "../../src/base/version.ts";
import { cpuEngine } from "./engines.ts";
import { draw, problemOf } from "./fixture.ts";
import { namesOf } from "../laws/fixture.ts";

const engine = await cpuEngine();
const drawn = draw(laws.additive, { domains: 3, mixtures: 10, noise: 3e-3, targets: 2 });
const { train } = drawn.runs;
/** The last 20 rows are held out; every seventh loss of the second target is missing. */
const rows = train.rows - 20;
const cut = (from: number, to: number): Runs["train"] => ({
  rows: to - from,
  rowNumbers: train.rowNumbers.slice(from, to),
  inputs: {
    params: train.inputs["params"].slice(from, to),
    tokens: train.inputs["tokens"].slice(from, to),
  },
  weights: train.weights.slice(3 * from, 3 * to),
  losses: train.losses.map((y, t) =>
    y.slice(from, to).map((v, i) => (t === 1 && i % 7 === 0 ? NaN : v)),
  ),
});
const runs: Runs = {
  ...drawn.runs,
  source: "some.csv",
  sha256: "abc",
  train: cut(0, rows),
  test: cut(rows, train.rows),
  dropped: [{ reason: "where", rows: 5 }],
  notes: ["a note"],
};
const told: Progress[] = [];
const fit = (options = {}): Promise<FitFile> =>
  engine.fit(laws.additive, runs, { restarts: 48, seed: 3, ...options });
const file = await fit({ onProgress: (p: Progress) => void told.push(p) });
const untimed = (f: FitFile): FitFile => ({ ...f, timing: {} });

describe("the file", () => {
  test("says what was fitted, how, and on what", () => {
    expect(Object.keys(file)).toEqual([
      "schema",
      "version",
      "data",
      "settings",
      "backend",
      "fits",
      "timing",
      "rows",
    ]);
    expect(file).toMatchObject({
      schema: "mixlaw/fit@2",
      version: VERSION,
      backend: { kind: "cpu", adapter: "float64, 1 thread" },
    });
    expect(file.settings).toEqual({ ...DEFAULTS, restarts: 48, adaptiveRestarts: false, seed: 3 });
    expect(file.data).toMatchObject({
      source: "some.csv",
      sha256: "abc",
      rows,
      testRows: 20,
      domains: ["d0", "d1", "d2"],
      notes: ["a note"],
    });
    expect(file.data.dropped).toEqual([{ reason: "where", rows: 5 }]);
    expect(file.data.range).toEqual({
      params: { min: 1e8, max: 1e9 },
      tokens: { min: 2e9, max: 5e10 },
      compute: { min: 1.2e18, max: 3e20 },
    });
    expect(file.data.mixtures.reduce((sum, m) => sum + m.runs, 0)).toBe(rows);
    expect(new Set(file.data.mixtures.map((m) => m.weights.join())).size).toBe(
      file.data.mixtures.length,
    );
    expect(Object.keys(file.timing)).toEqual(["additive", "additive back-tests", "total"]);
  });

  test("has an entry a target with everything the certificate and the scores need", () => {
    expect(file.fits.map((f) => f.target)).toEqual(["loss_t0", "loss_t1"]);
    for (const f of file.fits) {
      expect(Object.keys(f)).toEqual(
        "law target formula objective delta parameters fixed tied units form coordinates center train test degreesOfFreedom residualSd standardErrors errors noise search certificate bootstrap covariance backtests verdict warnings".split(
          " ",
        ),
      );
      expect(f).toMatchObject({
        law: "additive",
        formula: laws.additive.equation,
        units: { params: 1, tokens: 1 },
        verdict: { status: "holds", findings: [] },
        warnings: [],
      });
      expect(Object.keys(f.parameters)).toEqual(["E", "A", "alpha", "B", "beta", "C", "gamma"]);
      expect(Object.keys(f.parameters["C"] ?? {})).toEqual(["d0", "d1", "d2"]);
      expect(Object.keys(f.coordinates)).toEqual([...namesOf(drawn.law)]);
      const { starts, hops, reachedBest, ended, status, origin } = f.search;
      expect([starts, status]).toEqual([48, "converged"]);
      expect(Object.values(ended).reduce((a, b) => a + b)).toBe(48);
      expect(reachedBest + hops.reachedBest).toBeGreaterThan(1);
      expect(["random", "hop"]).toContain(origin);
      expect(Object.keys(f.certificate)).toEqual(
        "gradientNorm conditionNumber spectrum notIdentified directions atBound".split(" "),
      );
    }
  });

  test("survives JSON to the last bit", () => {
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
  });

  test("has the objective of its coordinates", () => {
    for (const [t, f] of file.fits.entries()) {
      const { law, theta } = restore(file, f);
      const problem = problemOf(law, runs);
      // The same sums in the same order.
      expect(
        new NormalEquations(problem.program, problem.packed, t, problem.losses[t]).evaluate(theta),
      ).toBe(f.objective);
    }
  });

  test("keeps the rows that were used", () => {
    expect(rowsOf(file)?.train).toEqual(runs.train);
    expect(rowsOf(file)?.test).toEqual(runs.test);
  });

  test("the same seed gives the same file but for timings; another seed the same fits", async () => {
    expect(untimed(await fit())).toEqual(untimed(file));
    const other = await fit({ seed: 4 });
    for (const [t, f] of other.fits.entries()) {
      // Both are polished to a scaled gradient of 1e-6 or less: the objective is then exact to
      // about its square.
      expect(f.objective / file.fits[t].objective).toBeCloseTo(1, 9);
      expect(f.certificate.atBound).toEqual(file.fits[t].certificate.atBound);
    }
  });

  test("progress names the law, goes through the stages and never back, up to 1", () => {
    const stages = ["compile", "search", "refine", "hop", "polish", "backtest"];
    expect(told.every((p) => p.law === "additive" && stages.includes(p.stage))).toBe(true);
    expect(
      told.every(
        (p, i) =>
          i === 0 ||
          (p.fraction >= told[i - 1].fraction &&
            stages.indexOf(p.stage) >= stages.indexOf(told[i - 1].stage)),
      ),
    ).toBe(true);
    expect(told[0]).toEqual({ law: "additive", stage: "compile", fraction: 0 });
    expect(told.at(-1)?.fraction).toBeLessThanOrEqual(1);
  });
});

describe("predictions from the file", () => {
  const stored = JSON.parse(JSON.stringify(file)) as FitFile;

  test("have the scores that the file has", () => {
    for (const [t, f] of file.fits.entries()) {
      expect(score(predict(stored, runs)[t].values, runs.train.losses[t])).toEqual(f.train);
      expect(
        score(
          predict(stored, { ...runs, train: cut(rows, train.rows) })[t].values,
          cut(rows, train.rows).losses[t],
        ),
      ).toEqual(f.test);
    }
  });

  test("go by the domains' names, not their order; a domain of no weight may be more", () => {
    const wide = ["d2", "other", "d0", "d1"];
    const weights = Float64Array.from({ length: rows * 4 }, (_, i) => {
      const domain = runs.domains.indexOf(wide[i % 4]);
      return domain < 0 ? 0 : runs.train.weights[3 * Math.floor(i / 4) + domain];
    });
    expect(predict(stored, { ...runs, domains: wide, train: { ...runs.train, weights } })).toEqual(
      predict(file, runs),
    );
  });

  test("go by what is asked, not by the other rows", () => {
    const one = predict(stored, { ...runs, train: cut(7, 8) });
    expect(one.map((p) => p.values[0])).toEqual(predict(file, runs).map((p) => p.values[7]));
  });

  test.each<[string, Partial<Runs>, RegExp]>([
    [
      "lack a domain",
      { domains: ["d0", "d1", "x"] },
      /^some\.csv has no weight for "d2": the fit was made over the domains d0, d1, d2/,
    ],
    [
      "lack an input",
      { train: { ...runs.train, inputs: { params: runs.train.inputs["params"] } } },
      /no tokens column \(n_tokens\), which the law additive needs. Name it with ‘tokens: COL’\./,
    ],
  ])("of points that %s are refused", (_, change, message) => {
    expect(() => predict(stored, { ...runs, ...change })).toThrow(message);
    expect(() => predict(stored, { ...runs, ...change })).toThrow(InputError);
  });

  test("of a domain the fit does not know are refused, with the row", () => {
    const domains = ["d0", "d1", "d2", "new"];
    const weights = Float64Array.from({ length: rows * 4 }, (_, i) =>
      i === 4 * 5 + 3 ? 0.25 : i % 4 < 3 ? 1 / 3 : 0,
    );
    const points = { ...runs, domains, train: { ...runs.train, weights } };
    expect(() => predict(stored, points)).toThrow(/row 6: domain "new" has weight 0\.25/);
  });

  test("need an undamaged file of a law that is known", () => {
    const [first] = stored.fits;
    const { "lnC[d1]": _, ...coordinates } = first.coordinates;
    expect(() => predict({ ...stored, fits: [{ ...first, coordinates }] }, runs)).toThrow(
      /no coordinate "lnC\[d1\]".*damaged/s,
    );
    expect(() => predict({ ...stored, fits: [{ ...first, law: "mine" }] }, runs)).toThrow(
      /law "mine".*does not know/s,
    );
  });
});
