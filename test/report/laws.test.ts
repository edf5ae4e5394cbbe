import { expect, test } from "vitest";
import { basinsFacts } from "../../src/report/facts/laws/basins.ts";
import { materialOf } from "../../src/report/facts/material.ts";
import { parametersFacts } from "../../src/report/facts/laws/parameters.ts";
import type { Fit } from "../../src/fit/result/fit-file.ts";
import { isLacking } from "../../src/views/kit/view.ts";
import { file, fit } from "../cli/print/sample-fit.ts";

const factsOf = (...fits: Fit[]) => {
  const facts = parametersFacts(materialOf(file(fits), []));
  if (isLacking(facts)) throw new Error(facts.lacks);
  return facts;
};

test("parameters have standard errors as intervals, or none, and say so", () => {
  const bare = factsOf(fit("additive", "loss_a"));
  expect(bare.rows.every(({ interval }) => interval === null)).toBe(true);
  expect(bare.intervals[0]).toContain('"mixlaw fit --bootstrap 1000" makes them');
  const standardErrors = { E: 0.1, A: null, alpha: 0.01, gamma: null, C: { web: 0.2, code: null } };
  const { rows, intervals } = factsOf(fit("additive", "loss_a", { standardErrors }));
  const [low, high] = rows.find(({ family }) => family === "E")?.interval ?? [];
  // Student's t with 95 degrees of freedom at 0.975: 1.98525
  expect(low).toBeCloseTo(1.5 - 0.198525, 5);
  expect(high).toBeCloseTo(1.5 + 0.198525, 5);
  expect(rows.find(({ domain }) => domain === "web")?.interval?.[1]).toBeCloseTo(1.64705, 5);
  expect(intervals[0]).toContain("1.99 standard errors on each side");
});

test("what is held, tied or not determined is told by label and by family", () => {
  const { rows, used } = factsOf(
    fit("additive", "loss_a", {
      fixed: { alpha: 0.31 },
      tied: { C: "C" },
      certificate: { ...fit("additive", "loss_a").certificate, notIdentified: ["E"] },
    }),
  );
  const stateOf = (name: string) => rows.find(({ family }) => family === name)?.state;
  expect(["E", "A", "alpha", "C"].map(stateOf)).toEqual(["not determined", "determined", "fixed", "tied"]); // prettier-ignore
  expect(used).toEqual([{ law: "additive", target: "loss_a" }]);
});

test("profiles are intervals where there is no bootstrap", () => {
  const profile = { E: { level: 0.95, interval: [0, null], better: null, points: [] } } as const;
  const { rows } = factsOf(fit("additive", "loss_a", { profile }));
  expect(rows.find(({ family }) => family === "E")?.interval).toEqual([0, null]);
});

test("basins of files that do not list them are the best one alone", () => {
  const { fits } = basinsFacts(materialOf(file([fit("additive", "loss_a")]), []));
  expect(fits[0]).toMatchObject({ followed: 512, reachedBest: 300, unseen: null });
  expect(fits[0]?.objectives).toEqual(new Float64Array());
  expect(fits[0]?.basins).toEqual([{ objective: 8.368173e-6, starts: 300, hops: 100, distance: 0 }]); // prettier-ignore
});
