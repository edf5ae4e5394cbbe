/** Fits of runs drawn from known laws. */
import { describe, expect, test } from "vitest";
import { predict } from "../../src/fit/predict.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { LOSSES } from "../../src/expr/loss.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Law } from "../../src/laws/law.ts";
import type { FitOptions } from "../../src/options/fit-options.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { cpuEngine } from "./engines.ts";
import { draw, type Drawn, type Plan, problemOf } from "./fixture.ts";

const engine = await cpuEngine();
const fitted = (
  law: Law | readonly Law[],
  drawn: Drawn,
  options: FitOptions = {},
): Promise<FitFile> => engine.fit(law, drawn.runs, { restarts: 32, ...options });

const truthsObjective = ({ law, runs, truths }: Drawn, target: number): number => {
  const problem = problemOf(law, runs);
  return new NormalEquations(
    problem.program,
    problem.packed,
    target,
    problem.losses[target],
  ).evaluate(truths[target]);
};

/** Root mean square distance of the fit's predictions from the noise-free losses. */
const distance = (file: FitFile, { runs, exact }: Drawn, target = 0): number => {
  const { values } = predict(file, runs)[target];
  return Math.sqrt(
    values.reduce((sum, v, row) => sum + (v - exact[target][row]) ** 2, 0) / values.length,
  );
};

const CASES: readonly (readonly [string, Law, Plan])[] = [
  ["chinchilla", laws.chinchilla, {}],
  ["mixture", laws.mixture, { domains: 3, mixtures: 24 }],
  ["additive", laws.additive, { domains: 2 }],
  ["simple", laws.simple, { domains: 2 }],
  ["joint", laws.joint, { domains: 2, mixtures: 10 }],
];

describe.each(CASES)("%s", (_, law, plan) => {
  test("noise-free runs are fitted exactly, and that counts as converged", async () => {
    const drawn = draw(law, plan);
    const file = await fitted(law, drawn);
    // Losses near 3 carry 4e-16 of rounding; a basin's floor other than the truth's would be orders
    // of magnitude higher.
    expect(distance(file, drawn)).toBeLessThan(1e-10);
    expect(file.fits[0].search.status).toBe("converged");
    expect(file.fits[0].train.r2).toBeCloseTo(1, 12);
  });

  test("noisy runs are fitted to less than the noise, to an objective not above the truth's", async () => {
    const noise = 3e-3;
    const drawn = draw(law, { ...plan, noise, targets: 2 });
    const file = await fitted(law, drawn);
    for (const [target, fit] of file.fits.entries()) {
      expect(fit.objective).toBeLessThanOrEqual(truthsObjective(drawn, target) * (1 + 1e-9));
      // p of n degrees of freedom are fitted: √(p/n) of the noise, times 1.25 for the L1-like Huber
      // loss, and half as much again for a scatter of draws.
      const degrees = drawn.law.size / drawn.runs.train.rows;
      expect(distance(file, drawn, target)).toBeLessThan(1.9 * noise * Math.sqrt(degrees));
      expect(fit.search.status).toBe("converged");
      expect(fit.certificate.gradientNorm).toBeLessThanOrEqual(1e-6);
      // Single coefficients may drown in the noise of so few runs; directions without any effect
      // there are none.
      expect(fit.certificate.spectrum.at(-1)).toBeGreaterThan(1e-12);
    }
  });
});

test("the parameters of a well-posed law come back, in absolute units", async () => {
  const drawn = draw(laws.chinchilla, {
    sizes: [1e7, 1e8, 1e9, 1e10],
    tokens: [1e9, 1e10, 1e11, 1e12],
  });
  const [{ parameters, units }] = (await fitted(laws.chinchilla, drawn)).fits;
  const truth = drawn.law.reportAt(drawn.truths[0]);
  expect(units).toEqual({ params: 1, tokens: 1 });
  for (const [name, value] of Object.entries(truth))
    expect(Number(parameters[name]) / Number(value)).toBeCloseTo(1, 6);
});

describe("nested laws", () => {
  const drawn = draw(laws.full, { domains: 2, mixtures: 10, noise: 3e-3, targets: 2 });
  const of = (file: FitFile, law: Law): Fit[] => file.fits.filter((f) => f.law === law.name);

  test("a larger law never ends above a smaller one, with as few starts as there can be", async () => {
    const file = await fitted([laws.additive, laws.joint, laws.full], drawn, { restarts: 1 });
    for (const [t, additive] of of(file, laws.additive).entries()) {
      const joint = of(file, laws.joint)[t];
      // The larger law begins at the smaller one's fit, where it has the same value but for
      // rounding.
      expect(joint.objective).toBeLessThanOrEqual(additive.objective * (1 + 1e-12));
      expect(of(file, laws.full)[t].objective).toBeLessThanOrEqual(joint.objective * (1 + 1e-12));
    }
  });

  test("the laws asked for are in the file, in the order asked for, not those they contain", async () => {
    const file = await fitted([laws.joint, laws.chinchilla], drawn, { restarts: 1 });
    expect(file.fits.map((f) => [f.law, f.target])).toEqual([
      ["joint", "loss_t0"],
      ["joint", "loss_t1"],
      ["chinchilla", "loss_t0"],
      ["chinchilla", "loss_t1"],
    ]);
  });

  test("free signs end at finite, certified fits", async () => {
    const file = await fitted(laws.joint, drawn, { signs: "free", restarts: 16 });
    for (const fit of file.fits) {
      expect(fit.search.status).toBe("converged");
      expect(Object.values(fit.coordinates).every(Number.isFinite)).toBe(true);
    }
  });
});

test("losses of every residual and loss are fitted", async () => {
  const drawn = draw(laws.chinchilla, { noise: 3e-3 });
  for (const loss of LOSSES) {
    for (const residual of ["raw", "log", "relative"] as const) {
      const file = await fitted(laws.chinchilla, drawn, { loss, residual });
      expect(file.fits[0].search.status).toBe("converged");
      expect(distance(file, drawn)).toBeLessThan(3e-3);
    }
  }
});
