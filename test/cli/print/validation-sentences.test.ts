/**
 * What `validate` says beside its tables: each sentence where it holds, and not where it does not.
 */
import { expect, test } from "vitest";
import { style } from "../../../src/cli/io/output.ts";
import { nextTable } from "../../../src/cli/print/design-tables.ts";
import { validationTables } from "../../../src/cli/print/validation-tables.ts";
import type { HeldScore, LawScore, Nested, Validation } from "../../../src/validate/validation.ts";

const mean: HeldScore = { rows: 9, mrePercent: 1, rmse: 0.1, r2: 0.9, spearman: 0.9, regret: null };
const law = (name: string, over: Partial<LawScore> = {}): LawScore => ({
  law: name,
  parameters: 5,
  mean,
  behind: null,
  aicc: 1,
  bic: 1,
  targets: {},
  beyond: null,
  unconverged: 0,
  unfinished: [],
  ...over,
});
const options = { width: 400, style: style({ isTTY: false }), charts: false };
const said = (over: Partial<Validation> = {}): string =>
  validationTables(
    {
      schema: "mixlaw/validation@1",
      version: "0.1.0",
      data: { source: "runs.csv", sha256: "", rows: 72, targets: ["loss_a"] },
      by: "mixture",
      column: null,
      held: "5 folds of 12 mixtures",
      folds: 5,
      clusters: 20,
      seed: 1,
      level: 0.95,
      laws: [law("joint"), law("additive", { behind: { difference: 0.2, interval: [0.1, 0.3] } })],
      baselines: [],
      conclusion: { law: "joint", rivals: [], findings: [] },
      failed: [],
      nested: [],
      backtests: [],
      expected: null,
      curve: null,
      backend: { kind: "cpu", adapter: "float64" },
      timing: { total: 1 },
      ...over,
    },
    options,
  ).replaceAll(/\s+/g, " ");
const quiet = said();

test("a law that contains another: the gain on unseen rows, and the test on those fitted", () => {
  const pair: Nested = {
    smaller: "additive",
    larger: "joint",
    gain: 0.2,
    interval: [0.1, 0.3],
    p: 0.002,
    fitted: { likelihoodRatio: 40, parameters: 14, p: 0.01, clusters: 12 },
  };
  expect(said({ nested: [pair] })).toContain(
    "joint against additive, which it contains: -0.200 points of error on unseen rows (95 %: -0.300 … -0.100, p 0.0020). On the rows fitted: likelihood ratio 40 for 14 parameters, p 0.010 by the scores of 12 clusters.",
  );
  expect(quiet).not.toContain("on unseen rows");
});

test("fewer than 15 clusters make rough intervals, one makes none", () => {
  expect(said({ clusters: 14 })).toContain(
    "of rows that share their errors: the intervals are rough.",
  );
  expect(said({ clusters: 1 })).toContain(
    "of rows that share their errors: there are no intervals.",
  );
  expect(said({ clusters: 15 })).not.toContain("share their errors");
});

test("fits and refits that did not converge, and laws that were not validated", () => {
  const text = said({
    laws: [law("joint", { unfinished: ["loss_a"], unconverged: 2 })],
    failed: [{ law: "kaplan", why: "it needs N" }],
  });
  expect(text).toContain(
    "joint: the fit to all rows did not converge for loss_a; try more --restarts.",
  );
  expect(text).toContain("joint: 2 refits of a fold still moving at the end.");
  expect(text).toContain("warning: kaplan was not validated: it needs N");
  expect(quiet).not.toMatch(/did not converge|still moving|was not validated/);
});

test("the legend explains the columns that are there", () => {
  expect(quiet).toContain("behind: points of MRE behind the best law.");
  expect(quiet).toContain("of the fits to all rows, taken as independent, above the least.");
  expect(quiet).not.toMatch(/regret:|beyond:/);
  const laws = [
    law("joint", {
      mean: { ...mean, regret: 0.01 },
      beyond: { params: 1e9, mrePercent: 2, rmse: 0.1, behind: null },
      bic: null,
      aicc: null,
    }),
  ];
  const text = said({ laws });
  expect(text).toContain("regret: how much higher than the best the loss is of the mixture");
  expect(text).toContain("beyond: MRE at the largest size, of fits to the smaller ones.");
  expect(text).not.toContain("taken as independent");
});

test("a curve says with how many mixtures nine tenths of the gain are had", () => {
  const point = (mixtures: number, mrePercent: number) => ({
    mixtures,
    laws: { joint: { mrePercent, quartiles: [mrePercent, mrePercent] as const } },
  });
  const curve = (...errors: number[]): string =>
    said({ laws: [law("joint")], curve: errors.map((error, i) => point(5 * (i + 1), error)) });
  expect(curve(2, 1.09, 1)).toContain(
    "joint: nine tenths of what 15 mixtures gain over 5 are had with 10.",
  );
  expect(curve(2, 1.11, 1)).toContain("are had with 15.");
  expect(curve(1, 1.5, 2)).not.toContain("nine tenths");
});

test("design says what is left after each run, and where no run tells anything", () => {
  const next = {
    schema: "mixlaw/design@1",
    goal: "loss",
    at: { params: 1e9, tokens: 2e10 },
    replicates: 60,
    now: { objective: { mean: 2, deviation: 0.02 } },
    chosen: [
      { row: 1, params: 1e8, tokens: 2e9, weights: { a: 1 }, cost: 1e18, spent: 1e18, deviations: { objective: 0.01 } },
    ],
    bySize: [],
    random: { objective: 0.015 },
  } as const; // prettier-ignore
  const printed = (over: object = {}): string => nextTable({ ...next, ...over }, { ...options, source: "fit.json" }); // prettier-ignore
  expect(printed()).toContain(
    "left: standard deviation of the objective once this run and those above are trained.",
  );
  expect(printed({ chosen: [], random: null })).toContain(
    "No run of the pool that the budget pays for would tell more about the predicted objective.",
  );
});
