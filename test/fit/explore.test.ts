import { test } from "vitest";
import { describeGpu, openDevice } from "../support/gpu.ts";
import { Device } from "../../src/gpu/device.ts";
import { GpuSearcher } from "../../src/fit/gpu.ts";
import { laws } from "../../src/laws/catalog.ts";
import { draw, problemOf, around, quiet } from "./fixture.ts";
const report = { description: "x", vendor: "", architecture: "", software: true, limits: {} };
describeGpu("x", () => {
  test.each([24, 33, 45, 60])("k %s", { timeout: 300_000 }, async (k) => {
    const d = draw(laws.mixture, { noise: 3e-3, domains: k, mixtures: 2*k+5 });
    const p = problemOf(d.law, d.runs);
    const gpu = new GpuSearcher(new Device(await openDevice(), report));
      const t0 = performance.now();
      await gpu.prepare(p);
      const t1 = performance.now();
      await gpu.search(p, around(d, 0.1, 4), 2, quiet);
      const t2 = performance.now();
      await gpu.search(p, around(d, 0.1, 4), 2, quiet);
      const t3 = performance.now();
      console.log(k, "prepare", t1 - t0, "first", t2 - t1, "second", t3 - t2);
  });
});
