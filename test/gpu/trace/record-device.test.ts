/** What a trace has of the GPU. */
import { expect } from "vitest";
import { makeEngine } from "../../../src/fit/engine.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { inlinePool } from "../../../src/fit/search/pool.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { Trace } from "../../../src/trace/trace.ts";
import { draw } from "../../fit/fixture.ts";
import { gpuTest, openGpu } from "../../support/gpu.ts";
import { linesOf } from "../../trace/well-formed.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });

async function fitted(trace?: Trace): Promise<FitFile> {
  const engine = await makeEngine({
    backend: "webgpu",
    gpu: () => Promise.resolve(openGpu()),
    pool: inlinePool(trace),
    notice: () => undefined,
    trace,
  });
  try {
    return {
      ...(await engine.fit(laws.chinchilla, runs, { restarts: 32, backtest: false })),
      timing: {},
    };
  } finally {
    await engine.close();
  }
}

gpuTest("submits, maps, kernels and compiling are on tracks, and the fit is the same", async () => {
  const trace = new Trace();
  const file = await fitted(trace);
  expect(file).toEqual(await fitted());
  const { byName, faults } = linesOf(trace.toJSON());
  expect(faults).toEqual([]);
  const named = (line: string, name: string) =>
    (byName.get(line) ?? []).filter((span) => span.name === name);
  const [submit] = named("GPU calls", "submit").filter(({ args }) => args?.["kernels"] === "chinchilla"); // prettier-ignore
  expect(submit.args).toMatchObject({
    dispatches: expect.any(Number),
    workgroups: expect.any(Number),
  });
  expect(Number(submit.args?.["workgroups"])).toBeGreaterThan(0);
  const maps = named("GPU calls", "map");
  expect(maps.length).toBeGreaterThan(0);
  for (const { args } of maps) expect(Number(args?.["bytes"])).toBeGreaterThan(0);
  expect(named("GPU warm-up", "open the adapter")).toHaveLength(1);
  expect(named("GPU warm-up", "pipeline chinchilla").length).toBeGreaterThan(0);
  const adapter = await openGpu().requestAdapter();
  if (adapter?.features.has("timestamp-query") !== true) return;
  const kernels = named("GPU kernels", "chinchilla");
  expect(kernels.length).toBeGreaterThan(0);
  for (const { ts, dur } of kernels) expect(ts + dur).toBeLessThan(1000 * performance.now());
});
