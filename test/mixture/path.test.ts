import { describe, expect, test } from "vitest";
import { AbortedError, InputError } from "../../src/base/errors.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { optimizeCompute } from "../../src/mixture/optimize-compute.ts";
import { optimizeLimit, optimizePath } from "../../src/mixture/path.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { drawLosses, fileOf } from "./fixture.ts";
import { fitFile, optimum } from "./sample-optimum.ts";

/**
 * L = 1 + A/N^α + B/D^β: what the best mixture's loss is as a function of scale, with the optimum
 * known in closed form.
 */
const [A, alpha, B, beta] = [400, 0.34, 2000, 0.36];
const seen: OptimizeOptions[] = [];
const solve = (options: OptimizeOptions): Promise<Optimum> => {
  const { params = 1, tokens = 1 } = options;
  seen.push(options);
  return Promise.resolve(
    optimum({ objective: 1 + A / params ** alpha + B / tokens ** beta, at: { params, tokens } }),
  );
};

/** The same without an optimum around it. */
const best = async (options: OptimizeOptions): Promise<number> => (await solve(options)).objective;

describe("optimizePath", () => {
  test("solves at each point, in order, and says what lies outside the training runs", async () => {
    const points = [
      { params: 1e8, tokens: 2e9 },
      { params: 7e9, tokens: 1e10 },
      { params: 7e9, tokens: 1.4e11 },
      { params: 1.0001e9, tokens: 1e9 },
    ];
    const rows = await optimizePath(fitFile(), solve, { seed: 3 }, points);
    expect(rows.map(({ params, tokens }) => ({ params, tokens }))).toEqual(points);
    expect(rows.map((row) => row.outside)).toEqual([[], ["params"], ["params", "tokens"], []]);
    expect(rows[0].flops).toBe(6 * 1e8 * 2e9);
    expect(rows[2].optimum.at).toEqual(points[2]);
    expect(seen.at(-1)).toMatchObject({ seed: 3, params: 1.0001e9 });
  });

  test("leaves out what no law asks for", async () => {
    const [row] = await optimizePath(fitFile(), solve, { params: 5 }, [
      { params: null, tokens: 1e10 },
    ]);
    expect(row).toMatchObject({ params: null, tokens: 1e10, flops: null, outside: [] });
    expect(seen.at(-1)).not.toHaveProperty("params");
  });

  test("tells progress that never goes back", async () => {
    const told: number[] = [];
    const busy = (options: OptimizeOptions): Promise<Optimum> => {
      options.onProgress?.(0.5);
      options.onProgress?.(1);
      return solve(options);
    };
    await optimizePath(
      fitFile(),
      busy,
      { onProgress: (f) => told.push(f) },
      [{ params: 1e8, tokens: 1e10 }, { flops: 1e20 }],
      best,
    );
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told[0]).toBe(0.25);
    expect(told.at(-1)).toBe(1);
  });

  test("gives the rows it has when it is interrupted", async () => {
    const controller = new AbortController();
    const points = [1e8, 2e8, 3e8].map((params) => ({ params, tokens: 1e10 }));
    const stopping = (options: OptimizeOptions): Promise<Optimum> => {
      if (options.params === 2e8) controller.abort();
      return solve(options);
    };
    expect(
      await optimizePath(fitFile(), stopping, { signal: controller.signal }, points),
    ).toHaveLength(2);
    const throwing = (options: OptimizeOptions): Promise<Optimum> =>
      options.params === 2e8 ? Promise.reject(new AbortedError()) : solve(options);
    expect(await optimizePath(fitFile(), throwing, {}, points)).toHaveLength(1);
  });
});

describe("optimizeCompute", () => {
  // At 6ND = C: dL/dlnN = 0 where αA/N^α = βB/D^β.
  const chosen = (flops: number): number =>
    ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * (flops / 6) ** (beta / (alpha + beta));

  test.each([1e19, 1e21, 1e24])("finds the compute-optimal N and D at %g", async (flops) => {
    const row = await optimizeCompute(fitFile(), solve, {}, flops, best);
    expect(Math.abs(Math.log((row.params ?? 0) / chosen(flops)))).toBeLessThan(2e-4);
    expect(6 * (row.params ?? 0) * (row.tokens ?? 0)).toBeCloseTo(flops, -Math.log10(flops) + 10);
    expect(row.flops).toBeCloseTo(flops, -Math.log10(flops) + 10);
  });

  test("stays where constraints leave a mixture", async () => {
    const most = 1e10;
    const scarce = (options: OptimizeOptions): Promise<number> =>
      (options.tokens ?? 0) > most ? Promise.reject(new InputError("no mixture")) : best(options);
    const row = await optimizeCompute(fitFile(), solve, {}, 1e20, scarce);
    expect(row.tokens).toBeLessThanOrEqual(most);
    expect(row.tokens).toBeGreaterThan(0.99 * most);
    await expect(
      optimizeCompute(fitFile(), solve, {}, 1e21, () =>
        Promise.reject(new InputError("no mixture")),
      ),
    ).rejects.toThrow("no mixture");
  });

  test.each([0, -1, Infinity, NaN])("refuses %d", async (flops) => {
    await expect(optimizeCompute(fitFile(), solve, {}, flops, best)).rejects.toThrow(/‘flops’/);
  });

  test("stopped on the way, has no answer: sizes that were looked at are none", async () => {
    const stopped = (): Promise<number> => Promise.reject(new AbortedError(optimum()));
    await expect(optimizeCompute(fitFile(), solve, {}, 1e21, stopped)).rejects.toMatchObject({
      name: "AbortedError",
      partial: undefined,
    });
  });
});

test("optimizeLimit leaves the terms that do not shrink", async () => {
  expect((await optimizeLimit(solve, {})).objective).toBeCloseTo(1, 12);
});

test("optimizeCompute by fitted laws: no N near the chosen one is better", async () => {
  const file = fileOf(drawLosses("joint", 4, 2, 6));
  const request: OptimizeOptions = { samples: 256, epsilon: 0, constraints: { caps: { d0: 0.2 } } };
  const full = (options: OptimizeOptions): Promise<Optimum> => optimize(file, options);
  const flops = 1e21;
  const { params, optimum: chosen } = await optimizeCompute(file, full, request, flops);
  expect(chosen.certificate.certified).toBe(true);
  for (const factor of [0.5, 0.95, 1.05, 2]) {
    const n = (params ?? 0) * factor;
    const other = await optimize(file, { ...request, params: n, tokens: flops / (6 * n) });
    expect(other.objective).toBeGreaterThan(chosen.objective);
  }
});
