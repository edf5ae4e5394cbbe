import { beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { replicatesOf } from "../../../src/fit/result/stored-replicates.ts";
import { restore } from "../../../src/fit/predict.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { robustMean } from "../../../src/mixture/certainty/gain.ts";
import { cutShort, missingOf, optimize } from "../../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { quantile } from "../../../src/stats/interval.ts";
import { cpuEngine } from "../../fit/engines.ts";
import { draw } from "../../fit/fixture.ts";
import { memoryRecords } from "../../support/memory-records.ts";

const AT = { params: 1, tokens: 1 };
const QUICK: OptimizeOptions = { samples: 0, epsilon: 0 };
const { runs } = draw(laws.mixture, {
  domains: 3,
  mixtures: 60,
  noise: 4e-3,
  targets: 2,
  seed: 2,
  zeros: false,
});
let file: FitFile;
let found: Optimum;
/** Mean loss of the two targets by replicate b's laws. */
let value: (b: number, h: readonly number[]) => number;
beforeAll(async () => {
  file = await (
    await cpuEngine()
  ).fit(laws.mixture, runs, { restarts: 48, bootstrap: 60, seed: 2 });
  found = await optimize(file, QUICK);
  const thetas = file.fits.map(
    (fit) => replicatesOf(fit, restore(file, fit).law.size)?.replicates ?? [],
  );
  value = (b, h) => {
    const terms = file.fits.map((fit, t) => ({
      fitted: { law: restore(file, fit).law, theta: thetas[t][b] },
      weight: 0.5,
    }));
    return surface(terms, AT, 3).law(Float64Array.from(h));
  };
});

const interval = (): NonNullable<Optimum["interval"]> => {
  if (found.interval === null) throw new Error("no interval");
  return found.interval;
};

describe("the optimum over replicates", () => {
  test("is each replicate's own: no other replicate's optimum is better there", () => {
    const { optima, uncertified, replicates } = interval();
    expect([replicates, uncertified, optima.length]).toEqual([60, 0, 60]);
    for (let b = 0; b < 60; b += 7) {
      const best = value(b, optima[b]);
      for (const other of optima) expect(best).toBeLessThanOrEqual(value(b, other) + 1e-12);
    }
  });

  test("has intervals that hold the estimate, inside the extremes", () => {
    const { weights, extremes, leftOut, optima } = interval();
    for (const [i, domain] of Object.keys(found.weights).entries()) {
      const [low, high] = weights[domain] as [number, number];
      expect(low).toBeLessThanOrEqual(found.weights[domain] + 1e-9);
      expect(high).toBeGreaterThanOrEqual(found.weights[domain] - 1e-9);
      expect(extremes[domain]).toEqual([
        Math.min(...optima.map((h) => h[i])),
        Math.max(...optima.map((h) => h[i])),
      ]);
      expect(low).toBeGreaterThanOrEqual(extremes[domain][0]);
      expect(leftOut[domain]).toBe(optima.filter((h) => h[i] < 1e-6).length / 60);
    }
  });

  test("says how much worse the chosen mixture may be, which is the default epsilon", async () => {
    const { optima, regret, level } = interval();
    const h = Object.values(found.weights);
    const regrets = Float64Array.from(optima, (best, b) => value(b, h) - value(b, best)).sort();
    expect(regret.quantile).toBeCloseTo(quantile(regrets, level), 12);
    expect(regrets[0]).toBeGreaterThanOrEqual(-1e-12);
    const near = await optimize(file, { samples: 0 });
    expect(near.sharpness.epsilon).toBe(regret.quantile);
  });

  test("corrects the gain by how much laws promise too much at their own optimum", () => {
    const { gain, optima, optimism } = interval();
    const { uniform } = gain;
    const byFit = (h: readonly number[]): number => {
      const terms = file.fits.map((fit) => ({ fitted: restore(file, fit), weight: 0.5 }));
      return surface(terms, AT, 3).law(Float64Array.from(h));
    };
    const best = Object.values(found.weights);
    const promised = optima.map((h, b) => byFit(h) - value(b, h) + value(b, best) - byFit(best));
    expect(Math.min(...promised)).toBeGreaterThanOrEqual(-1e-12);
    expect(optimism).toBeCloseTo(robustMean(promised), 12);
    expect(optimism).toBeGreaterThan(0);
    expect(uniform.estimate).toBeCloseTo(found.uniform.objective - found.objective, 12);
    expect(uniform.corrected).toBeCloseTo(uniform.estimate - optimism, 12);
    expect(uniform.interval[0]).toBeLessThan(uniform.corrected);
    expect(uniform.interval[1]).toBeGreaterThan(uniform.corrected);
    const said = found.verdict.findings.find(({ code }) => code === "optimistic-at-own-optimum");
    expect(said?.sentence).toMatch(/; here it is \S+ by the bootstrap, if the law is right$/);
  });

  test("ranks candidates by how often each is best", async () => {
    const names = Object.keys(found.weights);
    const candidates = [
      { name: "even", weights: Object.fromEntries(names.map((d) => [d, 1 / 3])) },
      { name: "best", weights: found.weights },
      { name: "pure", weights: { [names[0]]: 1 } },
    ];
    const ranked = (await optimize(file, { ...QUICK, candidates })).interval?.candidates ?? [];
    expect(ranked.map(({ name }) => name)[0]).toBe("best");
    expect(ranked.reduce((sum, c) => sum + c.chanceBest, 0)).toBeCloseTo(1, 12);
    expect(ranked.reduce((sum, c) => sum + c.meanRank, 0)).toBeCloseTo(6, 12);
    const wrong = [{ name: "short", weights: { [names[0]]: 0.5 } }];
    await expect(optimize(file, { ...QUICK, candidates: wrong })).rejects.toThrow(
      /‘candidates’, short sums to 0.5/,
    );
  });

  test("is left out where it is not wanted, and where a fit has no bootstrap", async () => {
    expect((await optimize(file, { ...QUICK, intervals: false })).interval).toBeNull();
    const bare: FitFile = {
      ...file,
      fits: file.fits.map((fit, t) => (t === 0 ? fit : { ...fit, bootstrap: null })),
    };
    expect((await optimize(bare, QUICK)).interval).toBeNull();
    await expect(optimize(bare, { ...QUICK, robust: "mean" })).rejects.toThrow(
      /‘robust’ needs fits with a bootstrap/,
    );
    const candidates = [{ name: "a", weights: found.weights }];
    const [asked] = (await optimize(bare, { ...QUICK, candidates })).candidates ?? [];
    expect(asked).toMatchObject({ name: "a", violated: [], interval: null, chanceBest: null });
    // A candidate's shares are divided by their sum.
    expect(asked?.objective).toBeCloseTo(found.objective, 14);
  });

  test("ended by a deadline, says what it lacks", () => {
    expect(missingOf(file, found).sentence).not.toContain("intervals");
    const without = { ...found, interval: null };
    const { verdict } = cutShort(file, without);
    expect(verdict.findings.at(-1)?.sentence).toMatch(/: there are no intervals, and no ranges of/);
    // The deadline is not why fits without a bootstrap, or who wants none, have no intervals.
    const bare = { ...file, fits: file.fits.map((fit) => ({ ...fit, bootstrap: null })) };
    expect(missingOf(bare, without).sentence).not.toContain("intervals");
    const unwanted = { ...without, request: { ...found.request, intervals: false } };
    expect(missingOf(file, unwanted).sentence).not.toContain("intervals");
  });

  test("interrupted among random mixtures, there is none", async () => {
    const signal = AbortSignal.abort();
    const stopped = optimize(file, { samples: 2 ** 16, signal });
    await expect(stopped).rejects.toMatchObject({ name: "AbortedError", partial: undefined });
  });

  test("interrupted, the optimum is kept", async () => {
    const controller = new AbortController();
    const signal = Object.defineProperty(controller.signal, "aborted", { get: () => late });
    let late = false;
    const onProgress = (done: number): void => void (late = done > 0.5);
    const many: FitFile = {
      ...file,
      fits: file.fits.map((fit) => {
        if (fit.bootstrap === null) return fit;
        // Enough replicates to be interrupted in their midst.
        const bytes = atob(fit.bootstrap.coordinates);
        return {
          ...fit,
          bootstrap: { ...fit.bootstrap, replicates: 60 * 40, coordinates: btoa(bytes.repeat(40)) },
        };
      }),
    };
    const error: unknown = await optimize(many, { ...QUICK, signal, onProgress }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof AbortedError)) throw new Error("not interrupted");
    expect((error.partial as Optimum).interval).toBeNull();
    expect((error.partial as Optimum).weights).toEqual(found.weights);
  });
});

describe("a robust optimum", () => {
  const mean = (h: readonly number[]): number =>
    Array.from({ length: 60 }, (_, b) => value(b, h)).reduce((a, b) => a + b, 0) / 60;
  const q90 = (h: readonly number[]): number =>
    quantile(Float64Array.from({ length: 60 }, (_, b) => value(b, h)).sort(), 0.9);

  test("of the mean has the least mean over the replicates, certified", async () => {
    const robust = await optimize(file, { ...QUICK, robust: "mean" });
    expect(robust.certificate.certified).toBe(true);
    const best = Object.values(robust.weights);
    expect(robust.objective).toBeCloseTo(mean(best), 12);
    for (const other of [Object.values(found.weights), ...interval().optima])
      expect(mean(best)).toBeLessThanOrEqual(mean(other) + 1e-12);
  });

  test("of a quantile is near the least quantile, certified", async () => {
    const robust = await optimize(file, { ...QUICK, robust: "q90" });
    expect(robust.certificate.certified).toBe(true);
    expect(robust.robust).toBe("q90");
    const best = Object.values(robust.weights);
    // The kernel's width: a fifth of the losses' spread at 60 replicates, which moves a quantile by
    // a fraction of itself.
    const losses = Float64Array.from({ length: 60 }, (_, b) => value(b, best)).sort();
    const width = losses[59] - losses[0];
    expect(Math.abs(robust.objective - q90(best))).toBeLessThan(0.15 * width);
    for (const other of interval().optima)
      expect(q90(best)).toBeLessThan(q90(other) + 0.15 * width);
  });

  test("of anything else is refused", async () => {
    for (const robust of ["max", "q0", "q100", "95"])
      await expect(optimize(file, { ...QUICK, robust })).rejects.toThrow(/‘robust’ is/);
    await expect(optimize(file, { ...QUICK, robust: "mean", objective: "worst" })).rejects.toThrow(
      /weighted objective/,
    );
  });
});

describe("with records", () => {
  test("an optimum is what it is without, and is found whole the second time", async () => {
    const records = memoryRecords();
    expect(await optimize(file, { ...QUICK, records })).toEqual(found);
    expect([records.size, records.found]).toEqual([63, 0]);
    expect(await optimize(file, { ...QUICK, records })).toEqual(found);
    expect([records.size, records.found]).toEqual([63, 1]);
  });

  test("one that was stopped goes on with the replicates that were done", async () => {
    const records = memoryRecords();
    const whole = memoryRecords();
    await optimize(file, { ...QUICK, records: whole });
    // What the first process kept of the replicates before it was killed.
    await records.keep(whole.all().slice(0, 23));
    expect(await optimize(file, { ...QUICK, records })).toEqual(found);
    expect([records.size, records.found]).toEqual([63, 23]);
  });

  test("another request finds nothing", async () => {
    const records = memoryRecords();
    await optimize(file, { ...QUICK, records });
    records.found = 0;
    const objective = { loss_t0: 1 };
    await optimize(file, { ...QUICK, objective, records });
    await optimize({ ...file, version: "0" }, { ...QUICK, records });
    expect(records.found).toBe(0);
  });

  test("shards find the replicates' optima that the joining run needs", async () => {
    const values = new Map<string, Uint8Array>();
    for (const index of [2, 0, 1])
      await optimize(file, { ...QUICK, records: memoryRecords({ index, count: 3 }, values) });
    // The search too: each shard needs it.
    expect(values.size).toBe(61);
    expect(await optimize(file, { ...QUICK, records: memoryRecords(undefined, values) })).toEqual(
      found,
    );
    expect(values.size).toBe(63);
  });
});
