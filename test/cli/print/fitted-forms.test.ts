/** Predictions recomputed from the printed text alone, by arithmetic of another hand. */
import { describe, expect, test } from "vitest";
import { style } from "../../../src/cli/io/output.ts";
import { fittedForms } from "../../../src/cli/print/fit/fitted-forms.ts";
import { summary } from "../../../src/cli/print/fit/summary.ts";
import type { Runs, RunSet } from "../../../src/data/runs/run-set.ts";
import { predict } from "../../../src/fit/predict.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import { bind, type BoundLaw } from "../../../src/laws/bind.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { fittedForm, formOf } from "../../../src/laws/fitted-form.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import type { Law, LawForm } from "../../../src/laws/law.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { cpuEngine } from "../../fit/engines.ts";
import { draw } from "../../fit/fixture.ts";
import {
  bindings,
  LAWS,
  predict as exactLosses,
  runsOf,
  start,
  UNITS,
} from "../../laws/fixture.ts";
import { fileOf } from "../../mixture/fixture.ts";
import { lossOf, readReport, type Run } from "./third-party.ts";

const OPTIONS = { width: 100, style: style({ isTTY: false }), charts: false, parameters: true };
/** Few runs: fits here need not be good ones. */
const FEW = { mixtures: 5, sizes: [1e8, 4e8, 1e9], tokens: [2e9, 1e10] };
const engine = await cpuEngine();
/** The largest relative error of a recomputed loss. */
const NEAR = 1e-9;

/** How formulas may call N and D, as the text says. */
const ALIASES: Readonly<Record<string, string>> = { params: "N", tokens: "D" };

/** Rows of a set as a third party has them. */
const runsIn = (set: Pick<RunSet, "rows" | "inputs" | "weights">, domains: readonly string[]) =>
  Array.from({ length: set.rows }, (_, row): Run => ({
    inputs: Object.fromEntries(
      Object.entries(set.inputs).flatMap(([name, values]) => [
        [name, values[row]],
        [ALIASES[name] ?? name, values[row]],
      ]),
    ),
    shares: Object.fromEntries(
      domains.map((domain, i) => [domain, set.weights[row * domains.length + i]]),
    ),
  }));

const reportedUnits = ({ law, units }: BoundLaw): BoundLaw["units"] =>
  law.units === "fit" ? units : { params: 1, tokens: 1 };
const formAt = (law: BoundLaw, theta: Float64Array): LawForm =>
  formOf(law, law.reportAt(theta), reportedUnits(law));

/** What is printed of a law at a point. */
function printed(law: BoundLaw, theta: Float64Array): string {
  const losses = [{ target: "loss_a", law: law.law.name, weight: 1, fitted: { law, theta } }];
  const file = fileOf(losses);
  const form = fittedForm(law, formAt(law, theta));
  const fits = file.fits.map((fit): Fit => ({ ...fit, parameters: law.reportAt(theta), form }));
  return fittedForms({ ...file, fits }, OPTIONS).join("\n\n");
}

/** The largest relative distance of recomputed losses from the law's own. */
function distance(law: BoundLaw, theta: Float64Array): number {
  const k = Math.max(1, law.domains.length);
  const runs = runsOf(k, 6);
  const [fit] = readReport(printed(law, theta));
  const own = exactLosses(law, runs, theta);
  const errors = runsIn(runs, law.domains).map((run, row) =>
    Math.abs(lossOf(fit, run) / own[row] - 1),
  );
  return Math.max(...errors);
}

/** The start with some coordinates at given values. */
function at(law: BoundLaw, values: Readonly<Record<string, number>>): Float64Array {
  const theta = start(law);
  for (const [i, { name }] of law.coordinates.entries())
    if (Object.hasOwn(values, name)) theta[i] = values[name];
  return theta;
}

describe("every law at drawn parameters", () => {
  test.each(bindings(1, 3))("%s", (_, law) => {
    for (const seed of [1, 2, 3]) expect(distance(law, start(law, seed))).toBeLessThan(NEAR);
  });

  test("has a form of its own in the catalog", () => {
    expect(LAWS.filter(({ form }) => form === undefined)).toEqual([]);
  });
});

describe("where the published form ends", () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    simple: ["s"],
    joint: ["sA", "sB"],
    full: ["sA", "sB", "sAlpha", "sBeta"],
  };
  const cases = Object.entries(names).flatMap(([name, means]) =>
    [0, 1e-13, -1e-9, 3e-5, 1e-4, -0.7, 5, 40].map((s) => [name, s, means] as const),
  );
  test.each(cases)("%s with 1/γ = %s", (name, s, means) => {
    const law = bind(laws[name as "joint"], ["web", "code", "books"], { signs: "free" }, UNITS);
    const theta = at(law, Object.fromEntries(means.map((mean) => [mean, s])));
    expect(distance(law, theta)).toBeLessThan(NEAR);
    const { beyond = [] } = formAt(law, theta);
    const isSaid = s === 0 || (s < 0 && name !== "simple");
    expect(beyond).toHaveLength(isSaid ? means.length : 0);
    if (s === 0)
      for (const sentence of beyond)
        expect(sentence).toMatch(/is infinite, .* its limit, the geometric mean of pure/);
  });

  test.each([
    ["data-mixing-m1", laws.dataMixingM1, { "gamma[a]": 0, "gamma[b]": 1e-9 }],
    ["data-mixing-m2", laws.dataMixingM2, { q: 0 }],
    ["data-mixing-m2", laws.dataMixingM2, { q: 1e-10 }],
    ["farseer", laws.farseer, { bend1: 0, bend2: 1e-10, bend3: -1e-6 }],
    ["log-linear", laws.logLinear, { E: 0 }],
    ["chinchilla", laws.chinchilla, { E: -0.3, alpha: 0 }],
    ["additive", laws.additive, { "gamma[a]": 0, "gamma[b]": 60 }],
    ["d-cpt", laws.dcpt, { eta: 0 }],
    ["forgetting", laws.forgetting, { beta: 0 }],
    ["data-constrained", laws.dataConstrained, { lnRD: Math.log(1e5), lnRN: Math.log(1e-3) }],
    ["kaplan", laws.kaplan, { alphaN: 0.02, alphaD: 0.4 }],
  ] as const)("%s %#", (_, law, values) => {
    const bound = bind(law, law.uses.weights ? ["a", "b", "c"] : [], { signs: "positive" }, UNITS);
    expect(Object.keys(values).filter((name) => !bound.coordinates.some((c) => c.name === name))).toEqual([]); // prettier-ignore
    expect(distance(bound, at(bound, values))).toBeLessThan(NEAR);
  });
});

/** What `mixlaw fit --parameters` prints of a fit against what `predict` says. */
function agree(file: FitFile, runs: Runs, width = OPTIONS.width): void {
  const fits = readReport(summary(file, { ...OPTIONS, width }));
  const predictions = predict(file, runs);
  expect(fits.map(({ law, target }) => [law, target])).toEqual(
    predictions.map(({ law, target }) => [law, target]),
  );
  for (const [n, { values }] of predictions.entries())
    for (const [row, run] of runsIn(runs.train, runs.domains).entries())
      expect(Math.abs(lossOf(fits[n], run) / values[row] - 1)).toBeLessThan(NEAR);
}

describe("a fit", () => {
  const typed = lawFromFormula(
    'E + A/N^alpha + b*exp(-dot(w, h)) + c*max(h["d0"], 0.1) + sum(g[i]*h[i]^2)/10',
  );
  test.each<[string, Law | readonly Law[], FitOptions]>([
    [
      "fixed and tied parameters",
      laws.chinchilla,
      { fix: { alpha: 0.34 }, tie: { beta: "alpha" } },
    ],
    ["one γ for all domains", laws.mixture, { tie: { gamma: "gamma" } }],
    ["logarithmic residuals", laws.dataMixing, { residual: "log" }],
    ["a free E", laws.chinchilla, { bounds: { E: [null, null] } }],
    ["several laws", [laws.chinchilla, laws.linear, laws.kaplan], {}],
    ["a typed formula", typed, {}],
  ])("with %s", async (_, law, options) => {
    const { runs } = draw(laws.joint, { noise: 0.01, targets: 2, ...FEW });
    const asked: readonly Law[] = "name" in law ? [law] : law;
    const file = await engine.fit(asked, runs, { restarts: 2, ...options });
    agree(file, runs);
    agree(file, runs, 60);
  });

  test("that a target's own domain decides, of domains with awkward names", async () => {
    const { runs } = draw(laws.bimix, { targets: 2, noise: 0.005, zeros: false, ...FEW });
    const named: Runs = {
      ...runs,
      domains: ["common crawl", "c++, #1"],
      targets: ["loss_common crawl", "loss_c++, #1"],
    };
    const file = await engine.fit([laws.bimix], named, { restarts: 2 }); // prettier-ignore
    agree(file, named);
  });

  test("says what it is beyond the published form, as a finding", async () => {
    const { runs } = draw(laws.joint, { noise: 0.01, ...FEW });
    const pure = { pureA: 400, pureB: 2000, C: 1.5, gamma: 0.5 };
    const codes = async (gammaA: number): Promise<readonly string[]> => {
      const options = {
        restarts: 2,
        signs: "free",
        fix: { ...pure, gammaA, gammaB: 0.5 },
      } as const;
      const file = await engine.fit(laws.joint, runs, options);
      agree(file, runs);
      return file.fits[0].verdict.findings.map(({ code }) => code);
    };
    expect(await codes(-0.8)).toContain("beyond-published-form");
    expect(await codes(0.8)).not.toContain("beyond-published-form");
  });

  test("is not printed in full where parameters are not asked for", async () => {
    const { runs } = draw(laws.chinchilla, { noise: 0.01 });
    const file = await engine.fit(laws.chinchilla, runs, { restarts: 2 });
    expect(summary(file, OPTIONS)).toContain(
      "chinchilla as it was fitted\n  L = E + A/params^alpha",
    );
    expect(readReport(summary(file, { ...OPTIONS, parameters: false }))).toEqual([]);
    const older = structuredClone(file);
    for (const fit of older.fits) Reflect.deleteProperty(fit, "form");
    expect(readReport(summary(older, OPTIONS))).toEqual([]);
  });
});
