/** The summary of an optimum: each sentence where it holds, and not where it does not. */
import { expect, test } from "vitest";
import { finding } from "../../src/base/verdict.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { optimumSummary } from "../../src/words/optimum-summary.ts";
import { boundSentence } from "../../src/words/proof.ts";
import { optimum } from "../mixture/sample-optimum.ts";

const told = (over: Partial<Optimum> = {}): string => {
  const { mixture, promise, certainty } = optimumSummary(optimum(over));
  return [mixture, promise, certainty].join("\n");
};

test("says what to train, for which run, what is gained, and what proves it", () => {
  expect(told()).toBe(
    [
      "Train on 75 % web and 25 % code, for a run of 7B parameters and 140B tokens.",
      "Predicted by the joint law: loss_web 2.5000, loss_code 2.0000. Over the uniform mixture it gains 0.25 by this fit.",
      "Global optimum: the objective and the constraints are convex, so no allowed mixture is better by the law. Its verdict has no findings.",
    ].join("\n"),
  );
});

test("a verdict that an optimum is none, or one of many, comes first", () => {
  const start = (over: Partial<Optimum>): string => optimumSummary(optimum(over)).mixture;
  const basins = finding("replicates-change-basin", "in 40 % of them it is elsewhere");
  expect(start({ verdict: { status: "plateau", findings: [] } })).toMatch(
    /^One of many that are as good: 75 % web/,
  );
  expect(start({ verdict: { status: "not-certified", findings: [] } })).toMatch(
    /^Not to be relied on: the search ended at 75 % web/,
  );
  const moving = { verdict: { status: "local", findings: [basins] } } as const;
  expect(start(moving)).toMatch(
    /^Not to be relied on: the runs do not tell which mixture is best. By the fits it is 75 % web/,
  );
  expect(told(moving)).toContain("In 40 % of them it is elsewhere.");
});

test("shares that are not determined are named and not given", () => {
  const { mixture } = optimumSummary(optimum({ undetermined: { code: [0, 0.5] } }));
  expect(mixture).toContain("75 % web; the runs do not determine the share of code");
  expect(mixture).not.toContain("25 %");
});

test("of many domains the largest are named, and of many targets the objective is told", () => {
  const names = Array.from({ length: 10 }, (_, i) => `d${i}`);
  const weights = Object.fromEntries(names.map((name, i) => [name, (i + 1) / 55]));
  const predicted = Object.fromEntries(names.map((name) => [`loss_${name}`, 2]));
  const goal = Object.fromEntries(names.map((name) => [`loss_${name}`, 1]));
  const uniform = { ...optimum().uniform, weights };
  const text = told({ weights, predicted, goal, uniform, reference: uniform });
  expect(text).toContain("18.2 % d9, 16.4 % d8");
  expect(text).toContain("and 4 other domains (18.2 % together)");
  expect(text).toContain("2.2500 for the mean of loss_d0");
});

test("intervals, warnings and notes are told where there are some", () => {
  const text = told({
    prediction: { of: "run", level: 0.95, distance: 0, losses: { loss_web: [2.4, 2.6] } },
    verdict: {
      status: "local",
      findings: [finding("beyond-trained-scale", "far"), finding("best-of-local-optima", "none")],
    },
  });
  expect(text).toContain("loss_web 2.5000 (2.4000 … 2.6000), loss_code 2.0000, 95 % intervals of a new run."); // prettier-ignore
  expect(text).toContain("1 warning and 1 note on it stand below.");
});

test("a bound is told where branch and bound was done", () => {
  const { search } = optimum();
  expect(boundSentence(optimum())).toBe("");
  expect(boundSentence(optimum({ search: { ...search, lowerBound: 2.2499 } }))).toBe(
    "No allowed mixture has an objective below 2.2499000 by the law, by branch and bound; this one has 2.2500000.",
  );
});
