/** Damped steps in a box, and the fits that they make. */
import { describe, expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { bind } from "../../src/laws/bind.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { pack } from "../../src/solve/pack-tables.ts";
import { type Box, DampedSteps } from "../../src/solve/damped-step.ts";
import { stream } from "../../src/random/rng.ts";
import { observe, runsOf, start } from "../laws/fixture.ts";

const boxOf = (lower: readonly number[], upper: readonly number[]): Box => ({
  lower: Float64Array.from(lower),
  upper: Float64Array.from(upper),
});
const OPEN = boxOf([-9, -9, -9], [9, 9, 9]);
/** Packed: (i, j) at i(i+1)/2 + j. */
const H = Float64Array.of(1, 0.9, 1, 0.2, 0.3, 2);
const product = (x: readonly number[]): number[] => [
  H[0] * x[0] + H[1] * x[1] + H[3] * x[2],
  H[1] * x[0] + H[2] * x[1] + H[4] * x[2],
  H[3] * x[0] + H[4] * x[1] + H[5] * x[2],
];
const ORIGIN = new Float64Array(3);

describe("a step", () => {
  test("without damping or bounds is Newton's", () => {
    const steps = new DampedSteps(OPEN);
    expect(
      steps.straight(
        ORIGIN,
        Float64Array.from(product([1, -2, 0.5]), (x) => -x),
        H,
        0,
      ),
    ).toBe(true);
    for (const [i, x] of [1, -2, 0.5].entries()) expect(steps.step[i]).toBeCloseTo(x, 12);
  });

  test("that would leave the box ends on its side, and the free coordinates are the best for that", () => {
    const steps = new DampedSteps(boxOf([-9, -0.25, -9], [9, 9, 9]));
    const gradient = Float64Array.from(product([1, -2, 0.5]), (x) => -x);
    expect(steps.straight(ORIGIN, gradient, H, 0)).toBe(true);
    const x = [...steps.step];
    expect(x[1]).toBe(-0.25);
    const slope = product(x).map((y, i) => y + gradient[i]);
    expect(slope[0]).toBeCloseTo(0, 12);
    expect(slope[2]).toBeCloseTo(0, 12);
    expect(slope[1]).toBeGreaterThan(0); // it pushes outwards
  });

  test("holds what is at a bound and pushed outwards; the others are as without it", () => {
    const steps = new DampedSteps(boxOf([-9, 0, -9], [9, 9, 9]));
    const gradient = Float64Array.of(0.4, 3, -1);
    expect(steps.straight(ORIGIN, gradient, H, 0)).toBe(true);
    expect(steps.step[1]).toBe(0);
    const slope = product([...steps.step]).map((y, i) => y + gradient[i]);
    expect(slope[0]).toBeCloseTo(0, 12);
    expect(slope[2]).toBeCloseTo(0, 12);
  });

  test("gains what the quadratic model says, with second derivatives too", () => {
    const steps = new DampedSteps(boxOf([-9, -0.25, -9], [9, 9, 9]));
    const gradient = Float64Array.from(product([1, -2, 0.5]), (x) => -x);
    const model = (x: readonly number[], more: number): number =>
      -x.reduce(
        (sum, v, i) => sum + gradient[i] * v + (v * product(x)[i]) / 2,
        (more * x[0] * x[0]) / 2,
      );
    steps.straight(ORIGIN, gradient, H, 0.1);
    expect(steps.gain(gradient, H)).toBeCloseTo(model([...steps.step], 0), 12);
    steps.second = Float64Array.of(0.5, 0, 0, 0, 0, 0);
    steps.straight(ORIGIN, gradient, H, 0);
    expect(steps.gain(gradient, H)).toBeCloseTo(model([...steps.step], 0.5), 12);
    expect(product([...steps.step])[0] + 0.5 * steps.step[0] + gradient[0]).toBeCloseTo(0, 12);
  });

  test("is refused where the matrix is not positive definite", () => {
    const steps = new DampedSteps(OPEN);
    steps.second = Float64Array.of(-2, 0, 0, 0, 0, 0);
    expect(steps.straight(ORIGIN, Float64Array.of(1, 1, 1), H, 0)).toBe(false);
  });

  test("bends by half the acceleration, but not what is pinned, and not where that is long", () => {
    const steps = new DampedSteps(boxOf([-9, -0.25, -9], [9, 9, 9]));
    const gradient = Float64Array.from(product([1, -2, 0.5]), (x) => -x);
    steps.straight(ORIGIN, gradient, H, 0);
    const straight = [...steps.step];
    steps.bend(Float64Array.of(1e-3, 5, -2e-3), H);
    const half = [...steps.step].map((x, i) => 2 * (x - straight[i]));
    expect(half[1]).toBe(0);
    expect(product(half)[0]).toBeCloseTo(-1e-3, 12);
    expect(product(half)[2]).toBeCloseTo(2e-3, 12);
    const bent = [...steps.step];
    steps.straight(ORIGIN, gradient, H, 0);
    steps.bend(Float64Array.of(1e3, 0, 0), H);
    expect([...steps.step]).toEqual(straight);
    expect(bent).not.toEqual(straight);
  });
});

// From −0.01 a coordinate plus its way there is rounded to numbers on both sides of the bound.
test.each([0, -0.01])("many coordinates step to the minimum in a box from %d", (least) => {
  const n = 80;
  const draws = stream(4, 5);
  const factor = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => draws.normal(i, 2 * j)),
  );
  const entry = (i: number, j: number): number =>
    factor.reduce((sum, row) => sum + row[i] * row[j], 0) / n + (i === j ? 0.1 : 0);
  const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => entry(i, j))); // prettier-ignore
  const packed = Float64Array.from(matrix.flatMap((row, i) => row.slice(0, i + 1)));
  const theta = Float64Array.from({ length: n }, (_, i) => least + (i % 3 === 0 ? 0 : draws.uniform(n, i))); // prettier-ignore
  const gradient = Float64Array.from({ length: n }, (_, i) => draws.normal(n + 1, 2 * i));
  const [lower, upper] = [least, least + 2].map((end) => new Float64Array(n).fill(end));
  const steps = new DampedSteps({ lower, upper });
  for (let time = 0; time < 2; time++)
    expect(steps.straight(theta, gradient, packed, 0)).toBe(true);
  const slopes = matrix.map((row, i) => row.reduce((sum, x, j) => sum + x * steps.step[j], gradient[i])); // prettier-ignore
  const ends = theta.map((x, i) => x + steps.step[i] - least);
  const [low, high] = [1e-12, 2 - 1e-12];
  expect([...ends].filter((x) => x <= low).length).toBeGreaterThan(10);
  for (const [i, slope] of slopes.entries()) {
    expect(ends[i]).toBeGreaterThan(-1e-12);
    expect(ends[i]).toBeLessThan(2 + 1e-12);
    if (ends[i] <= low) expect(slope).toBeGreaterThan(-1e-9);
    else if (ends[i] >= high) expect(slope).toBeLessThan(1e-9);
    else expect(Math.abs(slope)).toBeLessThan(1e-9);
  }
});

describe("second derivatives", () => {
  const NAMES = ["chinchilla", "additive", "joint", "mixture"] as const;
  test.each(NAMES)("%s: with them the matrix is the Hessian", (name) => {
    const law = bind(
      laws[name],
      laws[name].uses.weights ? ["a", "b", "c"] : [],
      { signs: "positive" },
      { params: 3e8, tokens: 1e10 },
    );
    const runs = runsOf(law.domains.length, 8);
    const theta = start(law);
    const packed = pack(residualProgram(law, "raw"), runs, law.domains.length, [
      observe(law, runs, theta, 0.02),
    ]);
    const normal = new NormalEquations(residualProgram(law, "raw"), packed, 0, {
      name: "squared",
      delta: 1,
    });
    const at = theta.map((x, i) => x + 0.02 * Math.sin(i + 1));
    normal.evaluate(at);
    const whole = normal.H.map((x, ij) => x + (normal.second(at)?.[ij] ?? NaN));
    const h = 1e-5;
    let [size, wrong] = [0, 0];
    for (let j = 0; j < law.size; j++) {
      const [up, down] = [h, -h].map((step) => {
        normal.evaluate(at.with(j, at[j] + step));
        return normal.gradient.slice();
      });
      for (let i = j; i < law.size; i++) {
        const expected = (up[i] - down[i]) / (2 * h);
        size = Math.max(size, Math.abs(expected));
        wrong = Math.max(wrong, Math.abs(whole[(i * (i + 1)) / 2 + j] - expected));
      }
    }
    expect(wrong).toBeLessThan(1e-5 * size);
  });
});
