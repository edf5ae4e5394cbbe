/** Which backend an engine ends up on, and what it says of it. */
import { describe, expect, test, vi } from "vitest";
import { NoAdapterError } from "../../src/base/errors.ts";
import { cheaper, suitsFloat32 } from "../../src/fit/search/choose-backend.ts";
import { searchIterations } from "../../src/fit/search/search.ts";
import type { Backend } from "../../src/fit/backends.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { backtestIterations } from "../../src/fit/backtest/refit-prefixes.ts";
import { plannedLadder } from "../../src/fit/backtest/run-backtests.ts";
import { fitLaws } from "../../src/fit/fit-laws.ts";
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

test("threads start before the adapter is looked for, and for no runs that are refused", async () => {
  const hire = vi.fn<() => void>();
  const gpu = vi.fn<GpuProvider>(() => {
    expect(hire).toHaveBeenCalled();
    return nothing();
  });
  const pool = { ...inlinePool(), hire };
  const engine = await makeEngine({ backend: "auto", gpu, pool, notice: () => undefined });
  const { runs: few } = draw(laws.chinchilla, { sizes: [1e8], tokens: [2e9] });
  await expect(engine.fit(laws.chinchilla, few)).rejects.toThrow();
  expect(hire).not.toHaveBeenCalled();
  await engine.fit(laws.chinchilla, runs, { restarts: 4 });
  expect(gpu).toHaveBeenCalled();
  await engine.close();
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
      true,
    );
    expect(again.cpu).toBe(false);
  }
  // SwiftShader takes longer than float64 for many coordinates, whatever the work.
  const swift = { ...adapter(true), architecture: "swiftshader" };
  expect(
    cheaper(problemOf(large.law, large.runs), searchIterations(8, DEFAULTS), 2, swift, true).cpu,
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

describe("back-tests of a search on a GPU", () => {
  const ladder = draw(laws.chinchilla, { sizes: [1e8, 3e8, 1e9, 3e9], noise: 3e-3 });
  const settings = { restarts: 4, backtest: true };

  /** Fits, and says what was asked for and what each kind of searcher was given. */
  async function fitted(first: "webgpu" | "cpu", second: "webgpu" | "cpu") {
    const pool = inlinePool();
    const asked: { problem: Problem; work: ExpectedWork }[] = [];
    const searched: string[] = [];
    const searcher = (kind: "webgpu" | "cpu"): Searcher => ({
      ...cpuSearcher(pool),
      kind,
      search: (problem, ...rest) => {
        searched.push(`${problem.samples === undefined ? "fit" : "refit"} on ${kind}`);
        return cpuSearcher(pool).search(problem, ...rest);
      },
    });
    const searcherFor = (problem: Problem, work: ExpectedWork): Promise<Searcher> => {
      asked.push({ problem, work });
      return Promise.resolve(searcher(asked.length === 1 ? first : second));
    };
    await fitLaws([laws.chinchilla], ladder.runs, settings, { pool, searcherFor });
    return { asked, searched: [...new Set(searched)] };
  }

  test("are float64's where their kernel takes longer", async () => {
    const { asked, searched } = await fitted("webgpu", "cpu");
    expect(searched).toEqual(["fit on webgpu", "refit on cpu"]);
    const [search, tests] = asked;
    expect(search?.problem.samples).toBeUndefined();
    expect(tests?.problem.samples?.count).toBe(1);
    const bound = plannedLadder(ladder.law, ladder.runs, fitSettings(settings));
    if (bound === undefined) throw new Error("no ladder");
    expect(tests?.work.iterations).toBe(
      backtestIterations(bound, ladder.runs.targets.length, settings),
    );
  });

  test("are the search's where it is done first, and without a GPU nobody asks", async () => {
    expect((await fitted("webgpu", "webgpu")).searched).toEqual([
      "fit on webgpu",
      "refit on webgpu",
    ]);
    const alone = await fitted("cpu", "webgpu");
    expect(alone.searched).toEqual(["fit on cpu", "refit on cpu"]);
    expect(alone.asked.length).toBe(1);
  });
});

test("a kernel that is compiled costs its search alone", () => {
  const adapter = { description: "", vendor: "", architecture: "", software: true, limits: {} };
  const { law, runs: own } = draw(laws.chinchilla);
  const seconds = (isCompiled: boolean): number =>
    cheaper(problemOf(law, own), 1e3, 2, adapter, isCompiled).seconds.webgpu;
  expect(seconds(false) - seconds(true)).toBeGreaterThan(0.1);
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
