/** Tables of mixtures at one size: RegMix and the Pile's five super-domains. */
import { expect, test } from "vitest";
import { readRuns } from "../../src/node/read-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { describeData } from "../support/data.ts";
import { describeGpu } from "../support/gpu.ts";
import { engineOn, fitOf, only } from "./tables.ts";

describeData("regmix17.csv", "RegMix", (path) => {
  describeGpu("on the GPU", () => {
    test("the mixture law predicts held-out mixtures better than LightGBM", async () => {
      const engine = await engineOn("webgpu");
      const runs = only(
        await readRuns(path, { where: "split == 'train_1m'", test: "split == 'test_1m'" }),
        "loss_pile_cc",
      );
      const fit = fitOf(
        await engine.fit(laws.mixture, runs, { residual: "log", restarts: 64 }),
        "loss_pile_cc",
      );
      await engine.close();
      expect(fit.objective).toBeLessThanOrEqual(4.79e-6 * 1.001);
      expect(fit.test).toMatchObject({ rows: 256 });
      expect(fit.test?.mrePercent).toBeLessThanOrEqual(0.55);
      expect(fit.test?.spearman).toBeGreaterThanOrEqual(0.993);
      expect(fit.search.status).toBe("converged");
    });
  });
});

describeData("pile5.csv", "the five super-domains of the Pile", (path) => {
  describeGpu("on the GPU", () => {
    test("26 mixtures are fitted for every group, certified", async () => {
      const engine = await engineOn("webgpu");
      const where = "size_label == '70M' and step == 30000 and is_validation_run == 0";
      const runs = await readRuns(path, { where, targets: "loss_group_*" });
      const file = await engine.fit(laws.mixture, runs, { delta: 0.05 });
      await engine.close();
      expect(file.fits.map((f) => f.target)).toEqual(
        ["academic", "prose", "dialogue", "symbolic", "internet"].map((g) => `loss_group_${g}`),
      );
      for (const fit of file.fits) {
        expect(Number.isFinite(fit.objective)).toBe(true);
        expect(fit.search.status).toBe("converged");
        expect(fit.train.mrePercent).toBeLessThan(2);
      }
    });
  });
});
