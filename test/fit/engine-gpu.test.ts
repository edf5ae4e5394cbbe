/** Whole fits on the GPU. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool, type Pool } from "../../src/fit/search/pool.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { faultyGpu } from "../support/faulty-gpu.ts";
import { describeGpu } from "../support/gpu.ts";
import { cpuEngine } from "./engines.ts";
import { draw } from "./fixture.ts";

const mixtures = draw(laws.mixture, { domains: 3, mixtures: 30, noise: 3e-3, targets: 2 }).runs;
const sizes = draw(laws.chinchilla, { noise: 3e-3 }).runs;
const untimed = (f: FitFile): FitFile => ({ ...f, timing: {} });
const options = { restarts: 64, seed: 5 };

describeGpu("auto", () => {
  test("asks for no device where the CPU is done first, and has one where it is not", async () => {
    const { gpu, devices } = faultyGpu();
    const engine = await makeEngine({
      backend: "auto",
      gpu: () => Promise.resolve(gpu),
      pool: inlinePool(),
      notice: () => undefined,
    });
    const file = await engine.fit(laws.chinchilla, sizes, { restarts: 4, seed: 1 });
    expect([file.backend.kind, devices.length]).toEqual(["cpu", 0]);
    const many = { restarts: 4096, seed: 1, backtest: false, bootstrap: 200 };
    const { backend } = await engine.fit(laws.mixture, mixtures, many);
    expect([backend.kind, devices.length]).toEqual(["webgpu", 1]);
    await engine.close();
  });
});

describeGpu("back-tests of a law that the GPU searches", () => {
  test("begin beside the search where threads can, and are those that follow it", async () => {
    const runs = draw(laws.chinchilla, { noise: 4e-3, seed: 6, targets: 2 }).runs;
    const order: string[] = [];
    const beside = inlinePool();
    const noting = (pool: Pool, name: string): Pool => ({
      ...pool,
      run: async (...task) => {
        const ends = await pool.run(...task);
        order.push(name);
        return ends;
      },
    });
    const fit = async (pool: Pool): Promise<FitFile> => {
      const { gpu } = faultyGpu();
      const engine = await makeEngine({ backend: "auto", gpu: () => Promise.resolve(gpu), pool, notice: () => undefined }); // prettier-ignore
      // Many starts, which auto gives to the GPU; refits are the CPU's.
      const file = await engine.fit(laws.chinchilla, runs, { restarts: 20_000, seed: 2, backtest: true }); // prettier-ignore
      await engine.close();
      return untimed(file);
    };
    const after = await fit(inlinePool());
    const begun = await fit({ ...noting(inlinePool(), "polish"), beside: noting(beside, "refit") });
    expect(begun).toEqual(after);
    expect(after.backend.kind).toBe("webgpu");
    expect(after.fits.map(({ backtests }) => backtests?.list.length ?? 0).every((n) => n > 0)).toBe(true); // prettier-ignore
    expect(order.indexOf("refit")).toBeLessThan(order.indexOf("polish"));
  });
});

describeGpu("a fit on the GPU", () => {
  const { gpu, devices } = faultyGpu();
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
    expect(file.backend).toEqual({ kind: "webgpu", adapter: adapter?.description, float64: "webassembly" }); // prettier-ignore
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

  /** What is found in spite of faults, and what is said of them. */
  const sound = ({ fits, ...file }: FitFile): object => ({
    ...untimed({ ...file, fits: [] }),
    fits: fits.map((fit) => ({ ...fit, verdict: undefined, warnings: undefined })),
  });
  const faultsIn = ({ fits }: FitFile): string[] =>
    fits.flatMap(({ verdict }) =>
      verdict.findings.flatMap(({ code, sentence }) => (code === "device-lost" ? [sentence] : [])),
    );

  test("a lost device changes nothing but a warning: its work is done again on a new one", async () => {
    const expected = await engine.fit(laws.mixture, mixtures, options);
    const before = devices.length;
    const file = await engine.fit(laws.mixture, mixtures, {
      ...options,
      onProgress: (p) =>
        void (p.stage === "search" && devices.length === before && devices.at(-1)?.destroy()),
    });
    expect(sound(file)).toEqual(sound(expected));
    expect(faultsIn(file)).toEqual(file.fits.map(() => expect.stringMatching(/done again/)));
    expect(devices.length).toBe(before + 1);
    expect(faultsIn(await engine.fit(laws.mixture, mixtures, options))).toEqual([]);
  });

  test("the CPU goes on where device after device is lost", async () => {
    const lost = faultyGpu();
    const notices: string[] = [];
    const frail = await makeEngine({
      backend: "webgpu",
      gpu: () => Promise.resolve(lost.gpu),
      pool: inlinePool(),
      notice: (sentence) => void notices.push(sentence),
    });
    const file = await frail.fit(laws.mixture, mixtures, {
      ...options,
      onProgress: () => lost.devices.at(-1)?.destroy(),
    });
    const cpu = await (await cpuEngine()).fit(laws.mixture, mixtures, options);
    expect(file.backend.kind).toBe("cpu");
    expect(file.fits.map(({ search }) => search.status)).toEqual(["converged", "converged"]);
    for (const [t, fit] of file.fits.entries())
      expect(fit.objective / cpu.fits[t].objective).toBeCloseTo(1, 9);
    expect(faultsIn(file)).toEqual(file.fits.map(() => expect.stringMatching(/the CPU went on/)));
    expect(notices.at(-1)).toMatch(/the CPU went on/);
    const later = await frail.fit(laws.mixture, mixtures, { ...options, restarts: 16 });
    expect(later.backend.kind).toBe("cpu");
    expect(faultsIn(later)).toEqual(faultsIn(file));
    await frail.close();
  });
});
