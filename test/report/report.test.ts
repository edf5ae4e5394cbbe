/** A whole report: its chapters, and where the sliders stand. */
import { expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import { reportOf } from "../../src/report/report.ts";
import type { CandidatesData } from "../../src/views/decision/candidates.ts";
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

test("mixtures that were asked about stand in the decision, and only where there are some", async () => {
  const candidates = [
    { name: "<b>mine</b>", weights: { d0: 0.5, d1: 0.2, d2: 0.3 } },
    { name: "__proto__", weights: { d0: 1, d1: 0, d2: 0 } },
  ];
  const asked = await optimize(file, {
    ...request,
    candidates,
    constraints: { caps: { d0: 0.9 } },
  });
  const shown = async (each: typeof optimum): Promise<unknown> => {
    const { chapters } = await reportOf(file, [{ name: "a.json", optimum: each }]);
    return chapters[0]?.sections.find(({ view }) => view === "candidates")?.data;
  };
  expect(await shown(optimum)).toBeUndefined();
  const data = (await shown(asked)) as CandidatesData;
  expect(data.optimum.shares).toEqual(asked.weights);
  expect(data.domains.map((domain) => asked.weights[domain])).toEqual(Object.values(asked.weights).toSorted((a, b) => b - a)); // prettier-ignore
  const [broken] = data.candidates.filter(({ name }) => name === "__proto__");
  expect(broken?.breaks).toBe("cap d0 ≤ 90 % (by 0.1)");
  const [allowed] = data.candidates.filter(({ name }) => name === "<b>mine</b>");
  expect(allowed).toMatchObject({ breaks: null, shares: candidates[0]?.weights });
  expect(allowed?.chanceBest).toBe(asked.candidates?.find(({ name }) => name === "<b>mine</b>")?.chanceBest); // prettier-ignore
});
