/** Whole fits on the GPU. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DeviceLostError } from "../../src/base/errors.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const mixtures = draw(laws.mixture, { domains: 3, mixtures: 30, noise: 3e-3, targets: 2 }).runs;
const sizes = draw(laws.chinchilla, { noise: 3e-3 }).runs;
const untimed = (f: FitFile): FitFile => ({ ...f, timing: {} });
const options = { restarts: 64, seed: 5 };

/** A `GPU` whose devices the test can lose. */
function fragile(): { readonly gpu: GPU; readonly devices: GPUDevice[] } {
  const devices: GPUDevice[] = [];
  const requestAdapter: GPU["requestAdapter"] = async (wanted) => {
    const adapter = await openGpu().requestAdapter(wanted);
    if (adapter === null) return null;
    const { features, info, limits } = adapter;
    const requestDevice: GPUAdapter["requestDevice"] = async (descriptor) => {
      const device = await adapter.requestDevice(descriptor);
      devices.push(device);
      return device;
    };
    return { features, info, limits, requestDevice } as GPUAdapter;
  };
  return { gpu: { requestAdapter } as GPU, devices };
}

describeGpu("a fit on the GPU", () => {
  const { gpu, devices } = fragile();
  let engine: Engine;
  beforeAll(async () => {
    engine = await makeEngine({
      backend: "webgpu",
      gpu: () => Promise.resolve(gpu),
      pool: inlinePool(),
      notice: () => undefined,
    });
  });
  afterAll(() => engine.close());

  test("says what it ran on, and ends where the CPU's ends", async () => {
    const file = await engine.fit(laws.mixture, mixtures, options);
    const { adapter } = await engine.describe();
    expect(file.backend).toEqual({ kind: "webgpu", adapter: adapter?.description });
    const cpu = await (await cpuEngine()).fit(laws.mixture, mixtures, options);
    for (const [t, fit] of file.fits.entries()) {
      expect(fit.search.status).toBe("converged");
      // Both are polished in float64 to a scaled gradient of 1e-6 or less: the objective is then
      // exact to about its square.
      expect(fit.objective / cpu.fits[t].objective).toBeCloseTo(1, 9);
    }
  });

  test("held and tied parameters, weights of rows and squared loss end where the CPU's do", async () => {
    const rowWeights = Float64Array.from({ length: sizes.train.rows }, (_, row) => row % 4);
    const runs = { ...sizes, train: { ...sizes.train, rowWeights } };
    const asked = { ...options, loss: "squared", fix: { E: 1.5 }, tie: { alpha: "beta" } } as const;
    const [here] = (await engine.fit(laws.chinchilla, runs, asked)).fits;
    const [cpu] = (await (await cpuEngine()).fit(laws.chinchilla, runs, asked)).fits;
    expect(Object.keys(here.coordinates)).toEqual(["lnA", "lnB", "beta"]);
    expect(here.parameters["E"]).toBe(1.5);
    expect(here.search.reachedBest).toBeGreaterThan(1);
    expect(here.objective / cpu.objective).toBeCloseTo(1, 12);
  });

  test("the same seed gives the same file but for timings, also beside another fit", async () => {
    const first = await engine.fit(laws.mixture, mixtures, options);
    const [again, other] = await Promise.all([
      engine.fit(laws.mixture, mixtures, options),
      engine.fit(laws.chinchilla, sizes, options),
    ]);
    expect(untimed(again)).toEqual(untimed(first));
    expect(untimed(await engine.fit(laws.chinchilla, sizes, options))).toEqual(untimed(other));
  });

  test("a lost device rejects, and is no abort; the next fit gets a new one", async () => {
    const expected = await engine.fit(laws.mixture, mixtures, options);
    const lost = engine.fit(laws.mixture, mixtures, {
      ...options,
      signal: new AbortController().signal,
      onProgress: (p) => void (p.stage === "search" && devices.at(-1)?.destroy()),
    });
    await expect(lost).rejects.toBeInstanceOf(DeviceLostError);
    await expect(lost).rejects.toThrow(/lost \(destroyed\).*Run again/);
    const before = devices.length;
    expect(untimed(await engine.fit(laws.mixture, mixtures, options))).toEqual(untimed(expected));
    expect(devices.length).toBe(before + 1);
  });
});
