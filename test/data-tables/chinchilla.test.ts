/** Epoch AI's refit of the Chinchilla points. */
import { expect, test } from "vitest";
import { readRuns } from "../../src/node/read-file.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { optimizeSizes } from "../../src/mixture/sizes/choose-sizes.ts";
import { describeData } from "../support/data.ts";
import { cpuEngine } from "../fit/engines.ts";

describeData("chinchilla.csv", "the Chinchilla points", (path) => {
  test("Epoch's refit: the objective and all five parameters", async () => {
    const engine = await cpuEngine();
    const runs = await readRuns(path, { targets: "loss", where: "outlier == 0" });
    const file = await engine.fit(laws.chinchilla, runs, { residual: "log", restarts: 64 });
    const [fit] = file.fits;
    expect(fit.train.rows).toBe(240);
    // Published as the sum over rows, to 9 digits.
    expect(240 * fit.objective).toBeLessThanOrEqual(0.0010182741);
    const { E, A, B, alpha, beta } = fit.parameters;
    const published: readonly (readonly [unknown, number])[] = [
      [Math.log(Number(A)), 6.16913],
      [Math.log(Number(B)), 7.66988],
      [Math.log(Number(E)), 0.597302],
      [alpha, 0.347304],
      [beta, 0.36716],
    ];
    // Six digits were published, of an optimizer that stopped 2e-9 (relative) above this objective:
    // in the flat direction of A and B, 4e-5 away.
    for (const [value, figure] of published)
      expect(Math.abs(Number(value) / figure - 1)).toBeLessThan(5e-5);
    expect(fit.search.status).toBe("converged");
    expect(fit.certificate.notIdentified).toEqual([]);

    // Besiroglu et al. 2024 have a = .512 by the law, Hoffmann et al. 2022 .49 by parabolas.
    const { exponents, verdict } = optimizeSizes(file, { flops: 5.76e23 });
    expect(exponents.params).toBeCloseTo(Number(beta) / (Number(alpha) + Number(beta)), 6);
    const [low, high] = exponents.interval?.params ?? [];
    expect(low).toBeLessThan(0.512);
    expect(high).toBeGreaterThan(0.512);
    expect(Math.abs((exponents.isoflop?.params ?? 0) - 0.49)).toBeLessThan(0.01);
    expect(exponents.isoflop?.groups).toBeGreaterThanOrEqual(9);
    expect(verdict.findings.filter(({ code }) => /exponents|isoflop/.test(code))).toEqual([]);
  });
});
