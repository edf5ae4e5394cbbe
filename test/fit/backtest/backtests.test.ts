import { beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { itemAt } from "../../../src/base/known.ts";
import { plannedLadder } from "../../../src/fit/backtest/run-backtests.ts";
import { backtestIterations } from "../../../src/fit/backtest/refit-prefixes.ts";
import { searchIterations } from "../../../src/fit/search/search.ts";
import { intervalFindings } from "../../../src/fit/backtest/interval-findings.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { predict, predictionsAt } from "../../../src/fit/predict.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const LADDER = { noise: 4e-3, seed: 6, targets: 2 };
const drawn = draw(laws.chinchilla, LADDER);
/** The runs with other losses. */
const withLosses = (
  runs: Runs,
  change: (y: number, params: number, row: number) => number,
): Runs => ({
  ...runs,
  train: {
    ...runs.train,
    losses: runs.train.losses.map((y) =>
      y.map((value, row) => change(value, itemAt(runs.train.inputs["params"] ?? [], row), row)),
    ),
  },
});
/** A law that goes on less steeply than the smaller sizes say. */
const bend = (y: number, n: number): number => y + 0.02 * Math.max(0, Math.log(n / 2e8)) ** 2;
const bent = withLosses(drawn.runs, bend);

const fit = async (runs: Runs, options = {}): Promise<FitFile> =>
  (await cpuEngine()).fit(laws.chinchilla, runs, { restarts: 48, backtest: true, ...options });
/** One point, as a table of points. */
const at = (params: number, tokens: number): Runs => ({
  ...drawn.runs,
  targets: [],
  train: {
    rows: 1,
    rowNumbers: Int32Array.of(1),
    inputs: { params: Float64Array.of(params), tokens: Float64Array.of(tokens) },
    weights: new Float64Array(),
    losses: [],
  },
});
const INSIDE = at(3e8, 1e10);
const BEYOND = at(4e9, 5e10);
const codes = (file: FitFile): string[] =>
  file.fits.flatMap(({ verdict }) => verdict.findings.map(({ code }) => code));

let right: FitFile;
let wrong: FitFile;
beforeAll(async () => {
  [right, wrong] = [await fit(drawn.runs), await fit(bent)];
});

describe("back-tests", () => {
  test("are refits to 2 and more levels, and errors at each level above", () => {
    const [{ backtests }] = right.fits;
    expect(backtests).toMatchObject({ axis: "params" });
    const [a, b, c, d] = backtests?.levels ?? [];
    expect(backtests?.list.map(({ levels, fittedTo, predicted, rows }) => [levels, fittedTo, predicted, rows])).toEqual([[2, b, c, 5], [2, b, d, 5], [3, c, d, 5]]); // prettier-ignore
    expect(a).toBeLessThan(b);
    for (const { distance, fittedTo, predicted } of backtests?.list ?? [])
      expect(distance).toBeGreaterThanOrEqual(Math.log(predicted / fittedTo) - 1e-9);
  });

  test("know nothing of what they predict", async () => {
    const [, , , largest] = right.fits[0].backtests?.levels ?? [];
    const changed = await fit(withLosses(drawn.runs, (y, n) => (n < largest ? y : y + 0.1)));
    for (const [t, { backtests }] of right.fits.entries())
      for (const [i, before] of (backtests?.list ?? []).entries()) {
        const after = changed.fits[t].backtests?.list[i];
        const shift = before.predicted === largest ? 0.1 : 0;
        expect((after?.error ?? NaN) + shift).toBeCloseTo(before.error, 10);
        expect(after?.noise).toBe(before.noise);
      }
  });

  test("are made by default where they cost less than the fit, and never where refused", () => {
    const sizes = Array.from({ length: 8 }, (_, n) => 1e8 * 2 ** n);
    const { runs, law } = draw(laws.chinchilla, { ...LADDER, sizes });
    const planned = (options: object): boolean =>
      plannedLadder(law, runs, fitSettings(options)) !== undefined;
    expect(planned({})).toBe(true);
    const ladder = plannedLadder(law, runs, fitSettings({ backtest: true }));
    if (ladder === undefined) throw new Error("no ladder");
    for (const restarts of [1, 16, 512]) {
      const settings = fitSettings({ restarts });
      const cost = backtestIterations(ladder, 2, settings) / searchIterations(2, settings);
      expect(planned({ restarts })).toBe(cost <= 1);
    }
    expect(planned({ backtest: false })).toBe(false);
  });

  test("that an interruption leaves out cost the fit nothing", async () => {
    const controller = new AbortController();
    const error: unknown = await fit(drawn.runs, {
      signal: controller.signal,
      onProgress: ({ stage }: { stage: string }) => stage === "backtest" && controller.abort(),
    }).catch((reason: unknown) => reason);
    if (!(error instanceof AbortedError)) throw new Error("no AbortedError");
    const { fits } = error.partial as FitFile;
    expect(fits).toHaveLength(2);
    for (const [t, { objective }] of fits.entries())
      expect(objective).toBe(right.fits[t].objective);
  });

  test("'backtest-bias': said where every refit missed to one side, and not of the right law", () => {
    expect(codes(wrong)).toEqual(["backtest-bias", "backtest-bias"]);
    expect(wrong.fits[0].warnings.join()).toMatch(/the larger ones too low in all 3 back-tests/);
    expect(codes(right)).not.toContain("backtest-bias");
  });
});

/** Half the width of each target's interval at a point. */
const widths = (file: FitFile, point: Runs, options = {}): number[] =>
  predict(file, point, options).map(({ band }) => ((band?.high[0] ?? NaN) - (band?.low[0] ?? NaN)) / 2); // prettier-ignore

describe("intervals of a new run", () => {
  test("are parameters and noise inside, and grow with the back-tests' errors beyond", () => {
    for (const [t, inside] of widths(right, INSIDE).entries()) {
      const noise = 1.96 * (right.fits[t].residualSd ?? NaN);
      expect(inside).toBeGreaterThan(noise);
      expect(inside).toBeLessThan(1.3 * noise);
      expect(widths(right, BEYOND)[t]).toBeGreaterThan(inside);
      expect(widths(wrong, BEYOND)[t]).toBeGreaterThan(1.5 * widths(right, BEYOND)[t]);
    }
  });

  test("hold what the bent law comes to, where its own value does not", () => {
    const plan = { ...LADDER, noise: 0, sizes: [2e9], tokens: [5e10] };
    const truth = withLosses(draw(laws.chinchilla, plan).runs, bend).train.losses;
    for (const [t, { band, values }] of predict(wrong, at(2e9, 5e10)).entries()) {
      expect(band?.of).toBe("run");
      expect(band?.high[0]).toBeGreaterThan(truth[t][0]);
      expect(truth[t][0] - values[0]).toBeGreaterThan(2 * (wrong.fits[t].residualSd ?? NaN));
    }
  });

  const findingsAt = (file: FitFile, point: Runs, intervalOf: "run" | "law" = "run") =>
    intervalFindings(file, predictionsAt(file, point), { intervalOf }).map(({ code }) => code);

  test("'no-interval-beyond': there is none beyond without back-tests, and one inside", async () => {
    const none = await fit(drawn.runs, { backtest: false });
    const [{ band }] = predict(none, BEYOND);
    expect([band?.low[0], band?.high[0]]).toEqual([-Infinity, Infinity]);
    expect(findingsAt(none, BEYOND)).toEqual(["no-interval-beyond"]);
    expect(widths(none, INSIDE)).toEqual(widths(right, INSIDE));
    expect(findingsAt(none, INSIDE)).toEqual([]);
    const two = draw(laws.chinchilla, { ...LADDER, sizes: [1e8, 1e9] });
    const file = await fit(two.runs);
    expect(file.fits[0].backtests).toBeUndefined();
    const [said] = intervalFindings(file, predictionsAt(file, BEYOND), {});
    expect(said.sentence).toMatch(
      /^the point lies beyond the runs without an interval, .* back-tests need 3 sizes, and the runs have 2/,
    );
  });

  test("'few-backtests': said where all rests on one refit", async () => {
    const three = await fit(draw(laws.chinchilla, { ...LADDER, sizes: [1e8, 3e8, 1e9] }).runs);
    expect(findingsAt(three, BEYOND)).toEqual(["few-backtests"]);
    expect(findingsAt(right, BEYOND)).toEqual([]);
  });

  test("'law-interval-beyond': said of the law's own value, which has the bootstrap alone", async () => {
    const booted = await fit(drawn.runs, { bootstrap: 60 });
    expect(findingsAt(booted, BEYOND, "law")).toEqual(["law-interval-beyond"]);
    expect(findingsAt(booted, INSIDE, "law")).toEqual([]);
    expect(findingsAt(booted, BEYOND)).toEqual([]);
    const [law, run] = [widths(booted, INSIDE, { intervalOf: "law" }), widths(booted, INSIDE)];
    for (const [t, width] of law.entries()) {
      const noise = 1.96 * (booted.fits[t].residualSd ?? NaN);
      expect(run[t] / Math.hypot(width, noise)).toBeCloseTo(1, 1);
    }
    // Without a bootstrap the law's value has no interval.
    expect(predict(right, INSIDE, { intervalOf: "law" })[0].band).toBeUndefined();
  });
});
