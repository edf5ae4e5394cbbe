/** Fits with each loss, against SciPy's. */
import { describe, expect, test } from "vitest";
import { isLeastSquares, LOSSES, type LossKind } from "../../src/expr/loss.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { predict } from "../../src/fit/predict.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

/** An exponential decay with small errors, and three rows that do not belong to it. */
const x = Float64Array.from({ length: 24 }, (_, i) => i / 4);
const OUTLIERS: Readonly<Record<number, number>> = { 3: 1.5, 11: -0.8, 19: 0.4 };
const y = x.map(
  (at, i) =>
    Number((2.5 * Math.exp(-0.7 * at) + 1.2 + 0.01 * Math.sin(5 * i)).toFixed(6)) +
    (OUTLIERS[i] ?? 0),
);

/**
 * What SciPy 1.17.1 finds:
 *
 *     f = lambda p: p[0] * np.exp(-p[1] * x) + p[2] - y
 *     jac = lambda p: np.stack([np.exp(-p[1]*x), -p[0]*x*np.exp(-p[1]*x), np.ones(24)], 1)
 *     r = least_squares(f, [2.5, .7, 1.2], jac, loss=loss, f_scale=delta, ftol=1e-15, xtol=1e-15,
 *                       gtol=1e-15)
 *     print(r.cost / 24, r.x)
 */
const SCIPY: readonly (readonly [LossKind, number, number, readonly number[]])[] = [
  ["squared", 0.01, 0.06047745645171928, [2.7714489671961915, 0.6787284283239718, 1.157456696689645]],
  ["huber", 0.01, 0.0011489408896738008, [2.4968262228930653, 0.6990545234827983, 1.2002541723697828]],
  ["huber", 0.05, 0.00553591686438122, [2.502614153710565, 0.7020950221889098, 1.2029618808853542]],
  ["cauchy", 0.01, 6.971218329622775e-5, [2.495861137373676, 0.6989780509518033, 1.1993345253493815]],
  ["cauchy", 0.05, 0.0008839971825445014, [2.4952313423566124, 0.6990089644342243, 1.2003207065883725]],
]; // prettier-ignore

/** The table of these rows, as `readRuns` gives it. */
const RUNS: Runs = (() => {
  const { runs } = draw(laws.chinchilla);
  const train = {
    rows: 24,
    rowNumbers: Int32Array.from(x.keys()),
    inputs: { x },
    weights: new Float64Array(),
    losses: [y],
  };
  return { ...runs, train };
})();

const engine = await cpuEngine();

test.each(SCIPY)(
  "%s, δ = %s: SciPy's objective and parameters",
  async (loss, delta, objective, [a, b, c]) => {
    const law = lawFromFormula("a*exp(-b*x) + c", { inputs: ["x"] });
    const [fit] = (await engine.fit(law, RUNS, { loss, delta, restarts: 64 })).fits;
    expect(fit.search.status).toBe("converged");
    expect(fit.objective / objective).toBeCloseTo(1, 11);
    // SciPy ends where its decrease is no longer seen: 1e-8 of a parameter.
    for (const [name, value] of Object.entries({ a, b, c }))
      expect(Number(fit.parameters[name]) / value).toBeCloseTo(1, 7);
  },
);

describe.each(LOSSES)("%s", (loss) => {
  test.each(["raw", "log", "relative"] as const)(
    "%s residuals: gross errors in a tenth of the rows, and the truth is found again, unless the loss is squared",
    async (residual) => {
      const noise = 3e-3;
      const drawn = draw(laws.chinchilla, { noise });
      const losses = drawn.runs.train.losses.map((values) =>
        values.map((v, row) => (row % 10 === 3 ? 1.5 * v : v)),
      );
      const runs = { ...drawn.runs, train: { ...drawn.runs.train, losses } };
      const file = await engine.fit(laws.chinchilla, runs, {
        loss,
        residual,
        delta: 2 * noise,
        restarts: 32,
      });
      expect(file.fits[0].search.status).toBe("converged");
      const { values } = predict(file, drawn.runs)[0];
      const wrong = Math.max(...values.map((v, row) => Math.abs(v / drawn.exact[0][row] - 1)));
      if (isLeastSquares(loss)) expect(wrong).toBeGreaterThan(10 * noise);
      else expect(wrong).toBeLessThan(2 * noise);
    },
  );
});
