/** Which backend an engine ends up on, and what it says of it. */
import { expect, test, vi } from "vitest";
import { NoAdapterError } from "../../src/base/errors.ts";
import { cheaper, suitsFloat32 } from "../../src/fit/search/choose-backend.ts";
import { searchIterations } from "../../src/fit/search/search.ts";
import type { Backend } from "../../src/fit/backends.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { backtestIterations } from "../../src/fit/backtest/run-backtests.ts";
import { plannedLadder } from "../../src/fit/backtest/plan.ts";
import { fitLaws } from "../../src/fit/fit-laws.ts";
import { kernelsFor } from "../../src/fit/search/gpu/searcher.ts";
import { cpuSearcher, type ExpectedWork, inlinePool } from "../../src/fit/search/pool.ts";
import type { Problem, Searcher } from "../../src/fit/search/problem.ts";
import type { AdapterReport, GpuProvider } from "../../src/gpu/adapter.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { float64Order, followFloat64, forbidWasm } from "../../src/wasm/availability.ts";
import { DEFAULTS, fitSettings } from "../../src/options/fit-options.ts";
import { draw, problemOf } from "./fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3 });
const nothing: GpuProvider = () => Promise.resolve(undefined);
const noAdapter: GpuProvider = () =>
  Promise.resolve({ requestAdapter: () => Promise.resolve(null) } as unknown as GPU);
const broken: GpuProvider = () => Promise.reject(new TypeError("the provider is broken"));

const open = (
  backend: Backend,
  gpu: GpuProvider,
  notice: (sentence: string) => void = () => undefined,
): Promise<Engine> => makeEngine({ backend, gpu, pool: inlinePool(), notice });

test.each([
  ["no GPU object", nothing],
  ["no adapter", noAdapter],
])("%s: webgpu is refused at once, with the remedy", async (_, gpu) => {
  await expect(open("webgpu", gpu)).rejects.toBeInstanceOf(NoAdapterError);
  await expect(open("webgpu", gpu)).rejects.toThrow(
    /No WebGPU adapter was found.*mesa-vulkan-drivers.*mixlaw doctor/s,
  );
});

test.each([
  ["no GPU object", nothing],
  ["no adapter", noAdapter],
])("%s: auto goes on in float64, and says so once", async (_, gpu) => {
  const notice = vi.fn<(sentence: string) => void>();
  const engine = await open("auto", gpu, notice);
  expect(notice).not.toHaveBeenCalled();
  const file = await engine.fit([laws.chinchilla, laws.chinchilla], runs, { restarts: 4 });
  await engine.fit(laws.chinchilla, runs, { restarts: 4 });
  expect(file.backend.kind).toBe("cpu");
  expect(notice).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/No WebGPU adapter.*Using float64 on the CPU\.$/s),
  );
  await engine.close();
});

test("cpu never asks for the GPU", async () => {
  const gpu = vi.fn(nothing);
  const engine = await open("cpu", gpu);
  await engine.fit(laws.chinchilla, runs, { restarts: 4 });
  await engine.close();
  expect(gpu).not.toHaveBeenCalled();
});

test("auto hides no error but a missing adapter", async () => {
  const engine = await open("auto", broken);
  await expect(engine.fit(laws.chinchilla, runs, { restarts: 4 })).rejects.toThrow(
    "the provider is broken",
  );
  await expect(open("webgpu", broken)).rejects.toThrow(TypeError);
  await engine.close();
});

test("describes what there is", async () => {
  const engine = await open("auto", nothing);
  expect(await engine.describe()).toEqual({
    adapter: undefined,
    why: expect.stringMatching(/No WebGPU adapter/),
    refused: undefined,
    checks: [],
    threads: 1,
    float64: { kind: "webassembly", why: undefined },
  });
  await engine.close();
  await (await open("cpu", nothing)).close();
});

test("a law named twice is fitted and listed once", async () => {
  const engine = await open("cpu", nothing);
  expect(
    (await engine.fit([laws.chinchilla, laws.chinchilla], runs, { restarts: 4 })).fits.length,
  ).toBe(1);
  await engine.close();
});

test("a small job is the CPU's, a large one the GPU's", () => {
  const adapter = (software: boolean): AdapterReport => ({
    description: "",
    vendor: "",
    architecture: "",
    software,
    limits: {},
  });
  const small = problemOf(draw(laws.chinchilla).law, runs);
  const large = draw(laws.additive, { domains: 7, mixtures: 60 });
  for (const software of [true, false]) {
    expect(
      cheaper(small, searchIterations(1, { ...DEFAULTS, restarts: 32 }), 2, adapter(software)).cpu,
    ).toBe(true);
    const found = cheaper(
      problemOf(large.law, large.runs),
      searchIterations(8, DEFAULTS),
      2,
      adapter(software),
    );
    expect(found.cpu).toBe(false);
    expect(found.seconds.webgpu).toBeLessThan(found.seconds.cpu);
    // A kernel that is there already costs nothing.
    const again = cheaper(
      small,
      searchIterations(1, { ...DEFAULTS, restarts: 32 }),
      2,
      adapter(software),
      0,
    );
    expect(again.cpu).toBe(false);
  }
  // SwiftShader takes longer than float64 for many coordinates, whatever the work.
  const swift = { ...adapter(true), architecture: "swiftshader" };
  expect(
    cheaper(problemOf(large.law, large.runs), searchIterations(8, DEFAULTS), 2, swift, 0).cpu,
  ).toBe(true);
});

test("auto knows how fast the float64 of its threads is", () => {
  const order = float64Order();
  const large = draw(laws.additive, { domains: 7, mixtures: 60 });
  const problem = problemOf(large.law, large.runs);
  const adapter = { description: "", vendor: "", architecture: "", software: true, limits: {} };
  const seconds = () => cheaper(problem, 1e4, 2, adapter).seconds;
  const wasm = seconds();
  forbidWasm("a comparison");
  const javascript = seconds();
  followFloat64(order);
  expect(javascript.cpu / wasm.cpu).toBeCloseTo(2.8);
  expect(javascript.webgpu).toBe(wasm.webgpu);
});

test("auto knows how slow formulas are that are interpreted", async () => {
  const large = draw(laws.additive, { domains: 7, mixtures: 60 });
  const problem = problemOf(large.law, large.runs);
  vi.resetModules(); // what is allowed is asked once, and kept
  const { iterationSeconds, threadSeconds } = await import("../../src/fit/search/choose-backend.ts"); // prettier-ignore
  (await import("../../src/wasm/availability.ts")).forbidWasm("a policy");
  vi.stubGlobal("Function", function Function() {
    throw new EvalError("Refused to evaluate a string as JavaScript");
  });
  expect(threadSeconds(problem) / iterationSeconds(problem)).toBeCloseTo(3);
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("auto counts the fits of back-tests, and the kernel that they take beside the search's", async () => {
  const ladder = draw(laws.chinchilla, { sizes: [1e8, 3e8, 1e9, 3e9], noise: 3e-3 });
  const seen: { problem: Problem; work: ExpectedWork }[] = [];
  const pool = inlinePool();
  const searcherFor = (problem: Problem, work: ExpectedWork): Promise<Searcher> => {
    seen.push({ problem, work });
    return Promise.resolve(cpuSearcher(pool));
  };
  for (const backtest of [false, true])
    await fitLaws([laws.chinchilla], ladder.runs, { restarts: 4, backtest }, { pool, searcherFor });
  const [without, tested] = seen;
  const kernels = seen.map(({ problem, work }) => kernelsFor([problem, ...work.besides]));
  expect(kernels).toEqual([1, 2]);
  const bound = plannedLadder(ladder.law, ladder.runs, fitSettings({ backtest: true }));
  if (bound === undefined) throw new Error("no ladder");
  expect(tested.work.iterations - without.work.iterations).toBe(
    backtestIterations(bound, ladder.runs.targets.length, { restarts: 4 }),
  );
  const adapter = { description: "", vendor: "", architecture: "", software: true, limits: {} };
  const [none, one, two] = [0, 1, 2].map(
    (count) => cheaper(tested.problem, 1e3, 2, adapter, count).seconds.webgpu,
  );
  expect(two - one).toBeCloseTo(one - none);
  expect(one - none).toBeGreaterThan(0.1);
});

test("responses whose squares float32 does not hold are searched for in float64", () => {
  const { law, runs: own } = draw(laws.chinchilla);
  const times = (factor: number) => ({
    ...own,
    train: { ...own.train, losses: own.train.losses.map((y) => y.map((v) => v * factor)) },
  });
  const suits = [1e-25, 1e-9, 1, 1e9, 1e25].map((factor) =>
    suitsFloat32(problemOf(law, times(factor))),
  );
  expect(suits).toEqual([false, true, true, true, false]);
});
