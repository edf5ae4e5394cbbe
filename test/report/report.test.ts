/** A whole report: its chapters, and where the sliders stand. */
import { expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import { reportOf } from "../../src/report/report.ts";
import { drawnMaterial } from "./what-if/material.ts";

const { file } = drawnMaterial();
const request = { params: 5e8, tokens: 1e10, law: "additive", intervals: false, samples: 64, epsilon: 0 }; // prettier-ignore
const optimum = await optimize(file, request);

test.each([0, 1, 2])("of %i optima, sliders come after all that was decided", async (n) => {
  const optima = ["a.json", "b.json"].slice(0, n).map((name) => ({ name, optimum }));
  const { chapters, sliders } = await reportOf(file, optima);
  expect(chapters[sliders?.after ?? NaN]?.title).toBe("What was found");
});

test("of a fit to several files names each without its folder", async () => {
  const sources = ["a/ratios.csv", "b/metrics.csv"];
  const data = { ...file.data, source: sources.join(" and "), reading: { join: "run", sources } };
  expect((await reportOf({ ...file, data }, [])).title).toBe("ratios.csv and metrics.csv");
});
