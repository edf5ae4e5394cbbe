/** Laws of runs with phases: on the mean of the phases' shares, weighted by tokens. */
import { describe, expect, test } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Row } from "../../src/data/table/rows.ts";
import { checkedFit } from "../../src/fit/file/parse-fit-file.ts";
import { predict } from "../../src/fit/predict.ts";
import { lawNamed, laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { cpuEngine } from "./engines.ts";
import { PHASES, phasedRows, SLOPES } from "./phased-runs.ts";

const engine = await cpuEngine();
const rows = phasedRows(40);
const meanRows = rows.map(({ h0_web, h0_code, h1_web, h1_code, ...others }): Row => {
  const mean = (a: unknown, b: unknown): number => 0.75 * Number(a) + 0.25 * Number(b);
  return { ...others, h_web: mean(h0_web, h1_web), h_code: mean(h0_code, h1_code) };
});

describe("a law of runs with phases", async () => {
  const options = { restarts: 8, seed: 3 } as const;
  const both = [laws.logLinear, laws.epochs];
  const runs = toRuns(rows, { phases: PHASES });
  const file = await engine.fit(both, runs, options);

  test("is that of the mean of their shares, weighted by tokens", async () => {
    const ofMean = await engine.fit(both, toRuns(meanRows), options);
    for (const [n, fit] of file.fits.entries()) {
      const other = ofMean.fits[n];
      expect(fit.objective / (other?.objective ?? NaN)).toBeCloseTo(1, 9);
    }
    const [logLinear] = file.fits;
    expect(Object.keys(logLinear?.parameters["t"] ?? {})).toEqual(["web", "code"]);
  });

  test("predicts points with phases, and a file that is read again does too", () => {
    const points = toRuns(rows.slice(0, 3), { phases: PHASES, targets: "" });
    const [own] = predict(file, points);
    const [again] = predict(checkedFit(JSON.parse(JSON.stringify(file))), points);
    expect(again?.values).toEqual(own?.values);
    expect(own?.values[0]).toBeCloseTo(Number(rows[0]?.["loss_mean"]), 1);
  });

  test("may be a formula in the shares of each phase", async () => {
    const each = toRuns(rows, { phases: PHASES, targets: "loss_each" });
    const formula = lawFromFormula("L = 1 + exp(sum(a[i]*h0[i] + b[i]*h1[i]))", { name: "each" });
    const [fit] = (await engine.fit(formula, each, options)).fits;
    const [law] = (await engine.fit(lawNamed("log-linear-by-phase") ?? laws.linear, each, { ...options, fix: { E: 1 } })).fits; // prettier-ignore
    expect((fit?.objective ?? NaN) / (law?.objective ?? NaN)).toBeCloseTo(1, 9);
    const { a, b } = (fit?.parameters ?? {}) as Record<string, Record<string, number>>;
    const difference = (t: Record<string, number> = {}) => (t["web"] ?? NaN) - (t["code"] ?? NaN);
    expect(difference(a)).toBeCloseTo(0.75 * (SLOPES.h0[0] - SLOPES.h0[1]), 2);
    expect(difference(b)).toBeCloseTo(0.25 * (SLOPES.h1[0] - SLOPES.h1[1]), 2);
    expect((await engine.fit(lawFromFormula("L = 1 + exp(sum(a[i]*h2[i]))", { name: "odd" }), each, options).catch((error: unknown) => error)) as Error).toMatchObject({
      message: "the law reads h2[i], the shares in phase 3, and the runs have h0 (h0), h1 (h1)",
    }); // prettier-ignore
    await expect(
      engine.fit(formula, toRuns(meanRows, { targets: "loss_each" }), options),
    ).rejects.toThrow("was read without phases");
  });
});
