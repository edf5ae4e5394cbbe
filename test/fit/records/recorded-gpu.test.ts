/** Fits on the GPU that go on from records end as if they had never stopped. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { type Engine, makeEngine } from "../../../src/fit/engine.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { inlinePool } from "../../../src/fit/search/pool.ts";
import { refit } from "../../../src/fit/search/refit.ts";
import type { Searcher } from "../../../src/fit/search/problem.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { FitOptions, Progress } from "../../../src/options/fit-options.ts";
import { faultyGpu } from "../../support/faulty-gpu.ts";
import { describeGpu } from "../../support/gpu.ts";
import { memoryRecords } from "../../support/memory-records.ts";
import { sharedDevice } from "../backends.ts";
import { cpuEngine } from "../engines.ts";
import { draw, problemOf, quiet, SCALE } from "../fixture.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu/searcher.ts";

const drawn = draw(laws.mixture, { domains: 3, mixtures: 30, noise: 3e-3, targets: 2 });
const { runs } = drawn;
const options: FitOptions = { restarts: 24, bootstrap: 6, backtest: false };
const timeless = (file: FitFile): object => ({ ...structuredClone(file), timing: {} });

const engineOn = (gpu: GPU): Promise<Engine> =>
  makeEngine({
    backend: "webgpu",
    gpu: () => Promise.resolve(gpu),
    pool: inlinePool(),
    notice: () => undefined,
  });

describeGpu("records of a fit on the GPU", () => {
  let engine: Engine;
  let plain: FitFile;
  beforeAll(async () => {
    engine = await engineOn(faultyGpu().gpu);
    plain = await engine.fit(laws.mixture, runs, options);
  });
  afterAll(() => engine.close());

  test("give the fit without, and all of it the second time", async () => {
    const records = memoryRecords();
    expect(timeless(await engine.fit(laws.mixture, runs, { ...options, records }))).toEqual(
      timeless(plain),
    );
    const computed = records.size;
    expect(computed).toBeGreaterThan(2 * 24);
    expect(timeless(await engine.fit(laws.mixture, runs, { ...options, records }))).toEqual(
      timeless(plain),
    );
    expect(records.size).toBe(computed);
  });

  test.each(["refine", "bootstrap"] as const)("go on after a stop at %s", async (stage) => {
    const records = memoryRecords();
    const controller = new AbortController();
    const onProgress = (now: Progress): void => void (now.stage === stage && controller.abort());
    await expect(
      engine.fit(laws.mixture, runs, {
        ...options,
        records,
        onProgress,
        signal: controller.signal,
      }),
    ).rejects.toBeInstanceOf(AbortedError);
    expect(records.size).toBeGreaterThan(0);
    expect(timeless(await engine.fit(laws.mixture, runs, { ...options, records }))).toEqual(
      timeless(plain),
    );
  });

  test("are those of float64 where the CPU went on", async () => {
    const lost = faultyGpu();
    const frail = await engineOn(lost.gpu);
    const records = memoryRecords();
    const onProgress = (): void => lost.devices.at(-1)?.destroy();
    await frail.fit(laws.mixture, runs, { ...options, records, onProgress });
    await frail.close();
    const computed = records.size;
    const cpu = await cpuEngine();
    const file = await cpu.fit(laws.mixture, runs, { ...options, records });
    expect(timeless(file)).toEqual(timeless(await cpu.fit(laws.mixture, runs, options)));
    expect(records.size).toBe(computed);
  });

  test("are of blocks of replicates where all together take long", async () => {
    const rows = runs.train.rows;
    const searcher = new GpuSearcher(await sharedDevice());
    const sizes: number[] = [];
    const slow: Searcher = {
      kind: "webgpu",
      name: searcher.name,
      secondsFor: () => 0.01,
      search(problem, starts, iterations, watch) {
        sizes.push(starts.length);
        return searcher.search(problem, starts, iterations, watch);
      },
    };
    const task = {
      law: drawn.law,
      problem: {
        ...problemOf(drawn.law, runs),
        samples: {
          count: 300,
          blocks: rows,
          blockOf: Int32Array.from({ length: rows }, (_, row) => row),
          source: { kind: "bootstrap", scheme: "multinomial", seed: 2, first: 0 } as const,
        },
      },
      scales: drawn.truths.map(() => SCALE),
      anchors: drawn.truths.map((theta) => [theta]),
      seed: 3,
      random: 0,
    };
    const found = await refit(task, slow, inlinePool(), quiet);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    expect(found).toEqual(await refit(task, searcher, inlinePool(), quiet));
  });
});
