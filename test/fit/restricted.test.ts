/** Fits with fixed, tied and bounded parameters and with given starts, as far as the fit file. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { predict } from "../../src/fit/predict.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { FitOptions } from "../../src/options/fit-options.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const engine = await cpuEngine();
const { runs } = draw(laws.additive, { domains: 3, mixtures: 12, noise: 3e-3 });
const fit = (
  options: FitOptions,
  asked: Parameters<typeof engine.fit>[0] = laws.additive,
): Promise<FitFile> => engine.fit(asked, runs, { restarts: 24, ...options });
const again = (file: FitFile): FitFile => JSON.parse(JSON.stringify(file)) as FitFile;
const value = ({ parameters }: Fit, name: string): number => {
  const [symbol, domain] = name.replace("]", "").split("[");
  const found = parameters[symbol];
  return Number(typeof found === "number" || found === null ? found : found[domain]);
};

describe("a restricted fit", () => {
  test("holds what was asked, says so, and is no better than a free one", async () => {
    const free = await fit({});
    const file = await fit({
      fix: { alpha: 0.34, "gamma[d1]": 0.6 },
      tie: { beta: "alpha" },
      bounds: { E: [null, 0.5] },
    });
    const [held] = file.fits;
    expect([value(held, "alpha"), value(held, "beta"), value(held, "gamma[d1]")]).toEqual([
      0.34, 0.34, 0.6,
    ]);
    expect(value(held, "E")).toBeLessThanOrEqual(0.5);
    expect(held.fixed).toEqual({ alpha: 0.34, "gamma[d1]": 0.6 });
    expect(held.tied).toEqual({ beta: "alpha" });
    expect(held.objective).toBeGreaterThan(free.fits[0].objective);
    expect(held.search.status).toBe("converged");
    expect(Object.keys(held.coordinates)).not.toContain("alpha");
  });

  test("is restored from its file by predict and optimize", async () => {
    const file = await fit({
      fix: { alpha: 0.34 },
      tie: { gamma: "gamma" },
      ranges: { E: [0.1, 1e-3 + 0.2] },
    });
    const [before, after] = [predict(file, runs), predict(again(file), runs)];
    expect(after[0].values).toEqual(before[0].values);
    const errors = before[0].values.map((y, row) => Math.abs(y / runs.train.losses[0][row] - 1));
    expect((100 * errors.reduce((a, b) => a + b)) / errors.length).toBeCloseTo(
      file.fits[0].train.mrePercent ?? NaN,
      9,
    );
    const best = await optimize(again(file), { params: 1e9, tokens: 2e10, samples: 0, epsilon: 0 });
    expect(best.certificate.certified).toBe(true);
  });

  test("begins at the smaller law's fit under the same restriction, and does not end above it", async () => {
    const { fits } = await fit({ fix: { alpha: 0.3 }, restarts: 2 }, [laws.additive, laws.joint]);
    expect(fits.map((f) => value(f, "alpha"))).toEqual([0.3, 0.3]);
    expect(fits[1].objective).toBeLessThanOrEqual(fits[0].objective * (1 + 1e-12));
  });

  test("takes what each law has of it; a name that no law has is an error", async () => {
    const { fits } = await fit({ fix: { "gamma[d0]": 0.5 } }, [laws.additive, laws.chinchilla]);
    expect(fits.map((f) => f.fixed)).toEqual([{ "gamma[d0]": 0.5 }, {}]);
    await expect(fit({ fix: { delta: 1 } })).rejects.toThrow(InputError);
    await expect(fit({ fix: { delta: 1 } })).rejects.toThrow(
      /‘fix’: there is no parameter delta; additive has E, A, alpha/,
    );
  });
});

describe("given starts", () => {
  const { runs: sizes } = draw(laws.chinchilla, { noise: 3e-3 });
  const start = { E: 1.5, A: 300, alpha: 0.3, B: 900, beta: 0.3 };

  test("are the only ones unless random ones are asked for", async () => {
    const [alone] = (await engine.fit(laws.chinchilla, sizes, { starts: [start] })).fits;
    expect(alone.search).toMatchObject({
      starts: 1,
      hops: { starts: 0, reachedBest: 0 },
      origin: "given",
      status: "converged",
    });
    const [more] = (
      await engine.fit(laws.chinchilla, sizes, {
        starts: [start, { ...start, alpha: 0.5 }],
        restarts: 16,
      })
    ).fits;
    expect(more.search.starts).toBe(18);
    expect(alone.objective / more.objective).toBeCloseTo(1, 6);
  });

  test("need every parameter that is free, and no other", async () => {
    const { alpha: _, ...rest } = start;
    await expect(engine.fit(laws.chinchilla, sizes, { starts: [rest] })).rejects.toThrow(
      /‘starts’ gives no value for alpha/,
    );
    const [fixed] = (
      await engine.fit(laws.chinchilla, sizes, { starts: [rest], fix: { alpha: 0.3 } })
    ).fits;
    expect(fixed.fixed).toEqual({ alpha: 0.3 });
  });
});
