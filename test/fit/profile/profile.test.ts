/**
 * Profile intervals end where a refit with the parameter fixed says they do, cover the truth, and
 * stay open where nothing holds them.
 */
import { describe, expect, test } from "vitest";
import { predictRows } from "../../../src/fit/result/predictor.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { stream } from "../../../src/random/rng.ts";
import { informationAt } from "../../../src/fit/inference/information.ts";
import { profileFindings } from "../../../src/fit/examine/fit-findings.ts";
import { inlinePool } from "../../../src/fit/search/pool.ts";
import { LOSSES } from "../../../src/expr/loss.ts";
import { profileFits } from "../../../src/fit/profile/profile-fits.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { bind } from "../../../src/laws/bind.ts";
import { translate } from "../../../src/laws/translate.ts";
import { DEFAULTS } from "../../../src/options/fit-options.ts";
import { minimize } from "../../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { cpuEngine } from "../engines.ts";
import { draw, problemOf, quiet, SCALE } from "../fixture.ts";
import { namesOf } from "../../laws/fixture.ts";

const engine = await cpuEngine();
const GRID = { sizes: [2e7, 8e7, 3.2e8, 1.28e9], tokens: [1e9, 4e9, 1.6e10, 6.4e10] };
const LM = {
  iterations: 500,
  tolerance: 1e-13,
  gradient: 1e-10,
  newton: true,
  exact: false,
} as const;

describe("an interval", () => {
  test.each(LOSSES)(
    "ends where the objective of a refit has risen by F times the noise (%s)",
    async (loss) => {
      const { runs } = draw(laws.additive, { ...GRID, domains: 2, mixtures: 12, noise: 0.003 });
      const options = { loss, restarts: 8 } as const;
      const { fits } = await engine.fit(laws.additive, runs, {
        ...options,
        profile: ["E", "A", "C[d0]"],
      });
      for (const fit of fits) {
        expect(Object.keys(fit.profile ?? {})).toEqual(["E", "A", "C[d0]"]);
        const law = bind(laws.additive, runs.domains, { signs: "positive" }, fit.center);
        const problem = problemOf(law, runs, { loss, delta: 1e-3, residual: "raw" });
        const theta = Float64Array.from(namesOf(law), (name) => fit.coordinates[name]);
        const { noise, quantile } = informationAt(problem, runs.targets.indexOf(fit.target), theta);
        for (const [name, { interval, points, better }] of Object.entries(fit.profile ?? {})) {
          expect(better).toBeNull();
          expect(points.map(([value]) => value)).toEqual(
            points.map(([value]) => value).toSorted((a, b) => a - b),
          );
          for (const end of interval) {
            if (end === null || end === 0) continue;
            const held = await engine.fit(laws.additive, runs, {
              ...options,
              fix: { [name]: end },
            });
            const other = held.fits.find(({ target }) => target === fit.target);
            const rise =
              (2 * runs.train.rows * ((other?.objective ?? NaN) - fit.objective)) /
              noise.dispersion;
            expect(rise / quantile ** 2).toBeGreaterThan(0.97);
            expect(rise / quantile ** 2).toBeLessThan(1.03);
          }
        }
      }
    },
  );

  test("of a parameter that nothing holds is open", async () => {
    const { runs } = draw(laws.chinchilla, {
      sizes: [3e8],
      tokens: [1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9, 128e9],
      noise: 0.003,
    });
    const [fit] = (
      await engine.fit(laws.chinchilla, runs, { restarts: 32, profile: ["alpha", "E"] })
    ).fits;
    expect(fit.profile?.["alpha"].interval).toEqual([0, null]);
    expect(fit.profile?.["E"].interval[0]).toBe(0); // E = 0 is a bound with a meaning, so an end
  });

  test("ends at a bound that the user gave, where nothing ends it before", async () => {
    const { runs } = draw(laws.chinchilla, { sizes: [1e8, 3e8, 9e8], tokens: [2e9, 8e9, 32e9], noise: 0.004 }); // prettier-ignore
    const options = { restarts: 16, loss: "squared", profile: ["alpha"] } as const;
    const [free] = (await engine.fit(laws.chinchilla, runs, options)).fits;
    const alpha = free.parameters["alpha"] as number;
    const bounds = { alpha: [0, alpha * 1.001] } as const;
    const [held] = (await engine.fit(laws.chinchilla, runs, { ...options, bounds })).fits;
    expect(held.profile?.["alpha"].interval[1]).toBeCloseTo(alpha * 1.001, 12);
    expect(free.profile?.["alpha"].interval[1]).toBeGreaterThan(alpha * 1.001);
  });

  test("covers the truth in about 95 of 100 data sets", async () => {
    const law = bind(laws.chinchilla, [], { signs: "positive" }, { params: 3e8, tokens: 1e10 });
    const truth = law.vector({ E: 1.8172, lnA: Math.log(482.01) - 0.3478 * Math.log(3e8), alpha: 0.3478, lnB: Math.log(2085.43) - 0.3658 * Math.log(1e10), beta: 0.3658 }); // prettier-ignore
    const points = GRID.sizes.flatMap((params) =>
      GRID.tokens.map((tokens) => ({ params, tokens })),
    );
    const inputs = {
      params: Float64Array.from(points, (p) => p.params),
      tokens: Float64Array.from(points, (p) => p.tokens),
    };
    const rows = points.length;
    const exact = predictRows(law, truth, { rows, inputs, weights: new Float64Array() });
    const draws = stream(11, 9006);
    // All data sets as targets of one table: one batch.
    const losses = Array.from({ length: 100 }, (_, t) =>
      exact.map((y, row) => y + 0.01 * draws.normal(row, 2 * t)),
    );
    const train = {
      rows,
      rowNumbers: Int32Array.from(points.keys()),
      inputs,
      weights: new Float64Array(),
      losses,
    };
    const runs: Runs = { source: "drawn", sha256: "", domains: [], targets: losses.map((_, t) => `t${t}`), train, test: undefined, dropped: [], notes: [] }; // prettier-ignore
    const settings = { ...DEFAULTS, loss: "squared" } as const;
    const problem = problemOf(law, runs, settings);
    const thetas = losses.map(
      (_, t) =>
        minimize(
          new NormalEquations(problem.program, problem.packed, t, problem.losses[t]),
          truth,
          problem.box,
          LM,
        ).theta,
    );
    const request = {
      law,
      thetas,
      scales: losses.map(() => SCALE),
      names: ["alpha", "A"],
      runs,
      settings,
    };
    const found = await profileFits(request, inlinePool(), quiet);
    const inside = (name: string, value: number): number =>
      found.filter((profile) => {
        const [low, high] = profile?.profiles[name].interval ?? [NaN, NaN];
        return (low ?? -Infinity) <= value && value <= (high ?? Infinity);
      }).length;
    // 16 runs and 5 parameters: χ² with the variance estimated from 11 degrees of freedom covers
    // about 92.5 %.
    for (const [name, value] of [
      ["alpha", 0.3478],
      ["A", 482.01],
    ] as const) {
      // prettier-ignore
      expect(inside(name, value)).toBeGreaterThanOrEqual(86);
      expect(inside(name, value)).toBeLessThanOrEqual(99);
    }
  });
});

describe("a profile says", () => {
  const walked = { level: 0.95, interval: [0, 1], better: null, points: [] } as const;
  const codes = (better: number | null, unreached: readonly string[]): string[] =>
    profileFindings({ profiles: { alpha: { ...walked, better } }, unreached }).map(
      ({ code }) => code,
    );

  test("that it goes through a better fit, or did not come to its end, or neither", () => {
    expect(codes(null, [])).toEqual([]);
    expect(codes(1e-6, [])).toEqual(["better-fit-in-profile"]);
    expect(codes(null, ["alpha"])).toEqual(["profile-not-walked"]);
  });
});

describe("names", () => {
  test("that no law has, or that are fixed, are refused with a remedy", async () => {
    const { runs } = draw(laws.chinchilla, { noise: 0.01 });
    await expect(engine.fit(laws.chinchilla, runs, { profile: ["alhpa"] })).rejects.toThrow(
      /‘profile: alhpa’: .*did you mean "alpha"\?/,
    );
    await expect(
      engine.fit(laws.chinchilla, runs, { profile: ["alpha"], fix: { alpha: 0.3 } }),
    ).rejects.toThrow(/alpha is fixed/);
  });

  test("of a vector mean all its domains", async () => {
    const { runs } = draw(laws.mixture, { domains: 3, mixtures: 30, noise: 0.01 });
    const [fit] = (await engine.fit(laws.mixture, runs, { restarts: 32, profile: ["gamma"] })).fits;
    expect(Object.keys(fit.profile ?? {})).toEqual(["gamma[d0]", "gamma[d1]", "gamma[d2]"]);
  });
});

test.each(["joint", "simple", "full"] as const)(
  "a point of %s in other units reports and predicts the same",
  (name) => {
    const drawn = draw(laws[name], { domains: 3, mixtures: 4 });
    const from = drawn.law;
    const to = bind(
      laws[name],
      from.domains,
      from.options,
      name === "full" ? from.units : { params: 1, tokens: 1 },
    );
    const theta = translate(from, drawn.truths[0], to);
    const [a, b] = [
      predictRows(from, drawn.truths[0], drawn.runs.train),
      predictRows(to, theta, drawn.runs.train),
    ];
    for (const [row, y] of a.entries()) expect(b[row] / y).toBeCloseTo(1, 11);
  },
);
