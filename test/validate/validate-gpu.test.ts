/** The GPU and the CPU judge alike. */
import { expect, test } from "vitest";
import { makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";

describeGpu("a validation on the GPU", () => {
  test("scores and ranks as on the CPU", async () => {
    const { runs } = draw(laws.mixture, {
      domains: 3,
      mixtures: 40,
      noise: 4e-3,
      targets: 2,
      seed: 8,
    });
    const options = { restarts: 32, seed: 2, by: "mixture", folds: 4, curve: true } as const;
    const some = [laws.linear, laws.mixture];
    const gpu = await makeEngine({
      backend: "webgpu",
      gpu: () => Promise.resolve(openGpu()),
      pool: inlinePool(),
      notice: () => undefined,
    });
    const [here, there] = [
      await validate(gpu.resources, some, runs, options),
      await validate((await cpuEngine()).resources, some, runs, options),
    ];
    await gpu.close();
    expect(here.backend.kind).toBe("webgpu");
    expect(here.laws.map(({ law }) => law)).toEqual(["mixture", "linear"]);
    for (const [i, law] of here.laws.entries()) {
      const other = there.laws[i];
      expect(law.law).toBe(other.law);
      // Refits end where 5 iterations gain 0.005/runs: predictions then agree to a small part of
      // the noise.
      expect(law.mean.mrePercent ?? NaN).toBeCloseTo(other.mean.mrePercent ?? NaN, 3);
      expect(law.mean.spearman ?? NaN).toBeCloseTo(other.mean.spearman ?? NaN, 3);
      expect((law.bic ?? NaN) / (other.bic ?? NaN)).toBeCloseTo(1, 6);
    }
    const last = [here, there].map(
      ({ curve }) => curve?.at(-1)?.laws["mixture"]?.mrePercent ?? NaN,
    );
    expect(last[0]).toBeCloseTo(last[1], 2);
  });
});
