/** Targets with parameters in common: closed forms, derivatives, the file, what is refused. */
import { describe, expect, test } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import { normalEquationsOf } from "../../src/fit/search/problem.ts";
import { JointEquations, jointLayout, stacked } from "../../src/solve/joint/joint-equations.ts";
import { verify } from "../../src/verify/verify.ts";
import { cpuEngine } from "./engines.ts";
import { draw, HUBER } from "./fixture.ts";

const engine = await cpuEngine();
const law = lawFromFormula("L = a + b*x", { inputs: ["x"] });
const x = Array.from({ length: 12 }, (_, i) => 0.3 * i + (i % 3));
const noise = (i: number): number => Math.sin(7 * i + 1) / 5;
const lines = [
  x.map((at, i) => 1 + 0.5 * at + noise(i)),
  x.map((at, i) => 3 + 0.7 * at + noise(3 * i + 2)),
];
const runs = toRuns(
  x.map((at, i) => ({ x: at, loss_a: lines[0][i], loss_b: lines[1][i] })),
  { inputs: { x: "x" } },
);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a fit with common parameters", () => {
  test("is the least squares of all targets together, and its file says what is common", async () => {
    const options = { common: ["b"], loss: "squared", restarts: 4 } as const;
    const file = await engine.fit(law, runs, options);
    const center = mean(x);
    const products = lines.map((y) => mean(x.map((at, i) => (at - center) * y[i])));
    const slope = mean(products) / mean(x.map((at) => (at - center) ** 2));
    for (const [t, fit] of file.fits.entries()) {
      expect(fit.parameters["b"]).toBeCloseTo(slope, 7);
      expect(fit.parameters["a"]).toBeCloseTo(mean(lines[t]) - slope * center, 7);
      expect(fit.common).toEqual(["b"]);
      expect(fit.search.status).toBe("converged");
    }
    expect((await verify(file, runs, engine)).verdict.status).toBe("identical");
  });

  test("has nothing in common with a target that has no fit", async () => {
    const few = toRuns(
      x.map((at, i) => ({ x: at, loss_a: lines[0][i], loss_b: i === 0 ? 3 : undefined })),
      { inputs: { x: "x" } },
    );
    const file = await engine.fit(law, few, { common: ["b"], loss: "squared", restarts: 4 });
    expect(file.fits.map(({ target, common }) => [target, common])).toEqual([["loss_a", undefined]]); // prettier-ignore
  });

  test("has replicates that draw the rows of all targets together", async () => {
    const options = { common: ["b"], loss: "squared", restarts: 4, bootstrap: 20 } as const;
    const { fits } = await engine.fit(law, runs, options);
    const [first, second] = fits.map(({ bootstrap }) => bootstrap?.parameters["b"]);
    expect(first).toEqual(second);
    expect(first).not.toBeUndefined();
  });

  test("has standard errors of the one fit: those of leaving out each run of all targets", async () => {
    const options = { common: ["b"], loss: "squared", restarts: 4, bootstrap: 0 } as const;
    const { fits } = await engine.fit(law, runs, options);
    const alone = await engine.fit(law, runs, { ...options, common: [] });
    const slopeOf = (kept: (i: number) => boolean): number => {
      const at = x.filter((_, i) => kept(i));
      const center = mean(at);
      const each = lines.map((y) => y.filter((_, i) => kept(i)));
      const products = each.map((y) => mean(at.map((xi, i) => (xi - center) * (y[i] - mean(y)))));
      return mean(products) / mean(at.map((xi) => (xi - center) ** 2));
    };
    const whole = slopeOf(() => true);
    const squares = x.map((_, out) => (slopeOf((i) => i !== out) - whole) ** 2);
    const error = Math.sqrt(mean(squares) * (x.length - 1));
    for (const [t, { standardErrors, errors }] of fits.entries()) {
      expect(standardErrors?.["b"]).toBeCloseTo(error, 6);
      expect(errors?.degreesOfFreedom).toBe(11);
      const own = alone.fits[t]?.standardErrors?.["b"];
      expect(own).toBeGreaterThan(error);
    }
  }); // prettier-ignore

  test("has no standard errors of what follows from a parameter that ran away", async () => {
    const power = lawFromFormula("L = a + b*x^c", { inputs: ["x"] });
    const points = x.map((_, i) => {
      const at = 1 + 0.15 * i;
      const steep = 2 * (at / 2.5) ** 40 + Math.sin(7 * i) / 50;
      return { x: at, loss_a: 1 + steep, loss_b: 2 + steep };
    });
    const options = { common: ["a"], loss: "squared", restarts: 4 } as const;
    const { fits } = await engine.fit(power, toRuns(points, { inputs: { x: "x" } }), options);
    const ends = fits.find(({ certificate }) => certificate.atBound.includes("c"));
    expect(ends?.parameters["c"]).toBe(10);
    expect(ends?.standardErrors).toMatchObject({ a: expect.any(Number) as number, b: null, c: null }); // prettier-ignore
  });

  test("has back-tests of refits that hold in common what the fits do, beside a target without a fit", async () => {
    const { runs: ladder } = draw(laws.chinchilla, { targets: 3, noise: 4e-3, seed: 3 });
    ladder.train.losses[2]?.fill(NaN, 1);
    const options = { common: ["alpha"], restarts: 4, seed: 1 } as const;
    const { fits } = await engine.fit(laws.chinchilla, ladder, options);
    expect(fits.map(({ backtests }) => (backtests?.list.length ?? 0) > 0)).toEqual([true, true]);
    const own = await engine.fit(laws.chinchilla, ladder, { ...options, common: [] });
    expect(fits[0]?.backtests?.list).not.toEqual(own.fits[0]?.backtests?.list);
  });

  test("has the derivatives of the targets' sum", () => {
    const drawn = draw(laws.additive, { domains: 2, mixtures: 4, noise: 0.02, targets: 2 });
    const problem = poseProblem(drawn.law, drawn.runs.train, { ...HUBER, delta: 0.05 });
    const layout = jointLayout(drawn.law.size, [1, 4], 2);
    const normals = [0, 1].map((target) => normalEquationsOf(problem, target));
    const joint = new JointEquations(layout, normals);
    const all = stacked(layout, drawn.truths).map((value) => value + 0.05);
    const at = (point: Float64Array): number => joint.evaluate(point, 1);
    at(all);
    const slopes = joint.gradient.slice();
    for (const [i, slope] of slopes.entries()) {
      const h = 1e-6;
      const difference = (at(all.with(i, all[i] + h)) - at(all.with(i, all[i] - h))) / (2 * h);
      expect(Math.abs(difference - slope)).toBeLessThan(1e-7 + 1e-5 * Math.abs(slope));
    }
  });

  test("is refused where it cannot be", async () => {
    const { runs: chinchilla } = draw(laws.chinchilla, { targets: 2 });
    const fit = (common: string[]) => engine.fit(laws.chinchilla, chinchilla, { common, restarts: 1 }); // prettier-ignore
    await expect(fit(["A"])).rejects.toThrow("A of the law chinchilla follows from alpha too");
    await expect(fit(["gamma"])).rejects.toThrow("there is no parameter gamma");
    const { runs: one } = draw(laws.chinchilla);
    await expect(engine.fit(laws.chinchilla, one, { common: ["alpha"] })).rejects.toThrow("there is one target"); // prettier-ignore
  });
});
