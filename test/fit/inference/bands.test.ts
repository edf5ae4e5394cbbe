import { beforeAll, expect, test } from "vitest";
import { predict, restore } from "../../../src/fit/predict.ts";
import { predictRows } from "../../../src/fit/result/predictor.ts";
import { replicatesOf } from "../../../src/fit/result/stored-replicates.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { quantile } from "../../../src/stats/interval.ts";
import { cpuEngine } from "../engines.ts";
import { draw, type Drawn } from "../fixture.ts";

const drawn: Drawn = draw(laws.chinchilla, { noise: 5e-3, seed: 6 });
const { runs } = drawn;
/** Points at which something is asked: the runs themselves. */
const points = { ...runs, targets: [], train: { ...runs.train, losses: [] } };
let file: FitFile;
beforeAll(async () => {
  file = await (await cpuEngine()).fit(laws.chinchilla, runs, { restarts: 32, bootstrap: 200 });
});

const LAW = { intervalOf: "law" } as const;

test("bands hold the prediction, are wider at a higher level, and mostly hold the truth", () => {
  const [{ values, band }] = predict(file, points, LAW);
  const [{ band: narrow }] = predict(file, points, { ...LAW, level: 0.5 });
  if (band === undefined || narrow === undefined) throw new Error("no band");
  expect(band.level).toBe(0.95);
  let held = 0;
  for (const [row, value] of values.entries()) {
    expect(band.low[row]).toBeLessThanOrEqual(value);
    expect(band.high[row]).toBeGreaterThanOrEqual(value);
    expect(narrow.high[row] - narrow.low[row]).toBeLessThan(band.high[row] - band.low[row]);
    if (drawn.exact[0][row] >= band.low[row] && drawn.exact[0][row] <= band.high[row]) held++;
  }
  expect(held).toBeGreaterThan(0.7 * values.length);
});

test("percentile bands are quantiles of what the replicates predict, whatever the number of rows", () => {
  const [{ band }] = predict(file, points, { ...LAW, interval: "percentile", level: 0.9 });
  const { law } = restore(file, file.fits[0]);
  const each = (replicatesOf(file.fits[0], 5)?.replicates ?? []).map((theta) =>
    predictRows(law, theta, runs.train),
  );
  for (const row of [0, 7]) {
    const sorted = Float64Array.from(each, (values) => values[row]).sort();
    expect(band?.low[row]).toBe(quantile(sorted, 0.05));
    expect(band?.high[row]).toBe(quantile(sorted, 0.95));
  }
  const many = {
    rows: 5000,
    inputs: { params: new Float64Array(5000).fill(3e8), tokens: new Float64Array(5000).fill(1e10) },
  };
  const wide = predict(file, {
    ...points,
    train: {
      ...points.train,
      ...many,
      rowNumbers: new Int32Array(5000),
      weights: new Float64Array(),
    },
  });
  expect(new Set(wide[0].band?.low).size).toBe(1);
});

test("what the fit has not kept is refused", async () => {
  const plain = await (
    await cpuEngine()
  ).fit(laws.chinchilla, runs, { restarts: 32, bootstrap: 20, interval: "percentile" });
  expect(() => predict(plain, points, { interval: "bca" })).toThrow(
    /‘interval: bca’ needs the jackknife/,
  );
  expect(() => predict(plain, points, { level: 2 })).toThrow(/‘level’ is 2/);
  const damaged = {
    ...plain,
    fits: plain.fits.map((fit) => ({
      ...fit,
      bootstrap: { ...fit.bootstrap, coordinates: "AAAA" },
    })),
  } as FitFile;
  expect(() => predict(damaged, points)).toThrow(/damaged/);
});
