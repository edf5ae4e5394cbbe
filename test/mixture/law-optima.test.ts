/** The table of every law's prediction at every law's optimum. */
import { expect, test } from "vitest";
import { lawTable } from "../../src/cli/print/optimum/law-table.ts";
import { AbortedError } from "../../src/base/errors.ts";
import { missingOf, optimize, optimizeBriefly } from "../../src/mixture/optimize.ts";
import { poseProblem } from "../../src/mixture/problem/pose-problem.ts";
import { travellingFindings } from "../../src/mixture/travelling-findings.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { checkedOptimum } from "../../src/mixture/request/optimum-schema.ts";
import { cpuEngine } from "../fit/engines.ts";
import { AT, lawOf } from "./fixture.ts";
import { FILE, optimumOf } from "../register/fixture.ts";
import { withErrors } from "../register/back-tested.ts";

test("each law's own best mixture, by every law", async () => {
  const optimum = await optimumOf();
  const alone = await optimize(FILE, { ...AT, law: "joint", samples: 0, epsilon: 0 });
  const [additive, joint] = optimum.lawOptima ?? [];
  expect(additive).toMatchObject({ law: "additive", distance: 0 });
  expect(additive?.weights).toEqual(optimum.weights);
  expect(additive?.objectives["additive"]).toBeCloseTo(optimum.objective, 12);
  expect(additive?.objectives["joint"]).toBeCloseTo(optimum.otherLaws[0]?.objective ?? NaN, 12);
  expect(joint?.objectives["joint"]).toBeCloseTo(alone.objective, 9);
  expect(joint?.objectives["additive"]).toBeGreaterThan(optimum.objective);
  const moved = Object.entries(alone.weights).map(([name, x]) => Math.abs(x - (optimum.weights[name] ?? 0)));
  expect(joint?.distance).toBeCloseTo(moved.reduce((sum, x) => sum + x, 0) / 2, 6);
  const finding = optimum.verdict.findings.find(({ code }) => code === "laws-choose-otherwise");
  expect(finding !== undefined).toBe((joint?.distance ?? 0) > 0.01);
  expect(finding?.about).toEqual(["joint"]);
  const text = lawTable(optimum, 110).replaceAll(/\s+/g, " ");
  expect(text).toContain("how much more or less it is for the best mixture by each law");
  expect(text).toContain("additive (this one) 0.0");
}); // prettier-ignore

test("is not there for a file of one law, and keeps the constraints", async () => {
  const one = { ...FILE, fits: FILE.fits.slice(0, 2) };
  expect((await optimize(one, { ...AT, samples: 0, epsilon: 0 })).lawOptima).toBeUndefined();
  const { lawOptima = [] } = await optimumOf({ constraints: { floors: { d0: 0.3 }, caps: { d1: 0.5 } } });
  expect(lawOptima).toHaveLength(2);
  for (const { weights } of lawOptima) {
    expect(weights["d0"]).toBeGreaterThanOrEqual(0.3 - 1e-9);
    expect(weights["d1"]).toBeLessThanOrEqual(0.5 + 1e-9);
  }
}); // prettier-ignore

test("the average is a law among them, where back-tests give two laws a weight", async () => {
  const request = { ...AT, law: "additive", samples: 0, epsilon: 0 };
  const file = withErrors({ additive: [[0.3, 0]], joint: [[-0.1, 0]] });
  const { lawOptima = [] } = await optimize(file, request);
  const [additive, joint, average] = lawOptima;
  expect(lawOptima.map(({ law }) => law)).toEqual(["additive", "joint", "average"]);
  for (const { objectives } of lawOptima)
    expect(objectives["average"]).toBeCloseTo(0.25 * (objectives["additive"] ?? NaN) + 0.75 * (objectives["joint"] ?? NaN), 9);
  const best = average?.objectives["average"] ?? NaN;
  expect(best).toBeLessThanOrEqual((additive?.objectives["average"] ?? NaN) + 1e-9);
  expect(best).toBeLessThanOrEqual((joint?.objectives["average"] ?? NaN) + 1e-9);
  const alone = withErrors({ additive: [[0.1, 0]], joint: [[0.2, 0]] });
  expect((await optimize(alone, request)).lawOptima?.map(({ law }) => law)).toEqual(["additive", "joint"]);
  const worst = await optimize(file, { ...request, objective: "worst" });
  expect(worst.lawOptima?.map(({ law }) => law)).toEqual(["additive", "joint", "average"]);
  const byAverage = worst.lawOptima?.map(({ objectives }) => objectives["average"] ?? NaN) ?? [];
  expect(byAverage.at(-1)).toBeLessThanOrEqual(Math.min(...byAverage) + 1e-9);
}); // prettier-ignore

test("a demand that no mixture meets by another law does not take the answer", async () => {
  const own = { ...AT, samples: 0, epsilon: 0, noWorse: { loss_0: 0.85 } };
  await expect(optimize(FILE, { ...own, law: "joint" })).rejects.toThrow(/no mixture fulfills/);
  const { lawOptima = [], objective, verdict } = await optimize(FILE, { ...own, law: "additive" });
  expect(lawOptima.map(({ law }) => law)).toEqual(["additive", "joint"]);
  const [additive, joint] = lawOptima;
  expect(additive?.objectives["additive"]).toBeCloseTo(objective, 12);
  expect(joint?.objectives["joint"]).toBeLessThanOrEqual(additive?.objectives["joint"] ?? NaN);
  expect(joint?.objectives["additive"]).toBeGreaterThanOrEqual(objective - 1e-9);
  expect(JSON.stringify(verdict)).not.toContain("by itself -");
});

test("they are left out of what a signal or a deadline cuts short, which says so", async () => {
  const asked = { ...AT, law: "additive", samples: 0, epsilon: 0 };
  const optimum = await optimizeBriefly(FILE, asked);
  const whole = await optimize(FILE, asked);
  expect(optimum.weights).toEqual(whole.weights);
  expect(optimum.lawOptima).toBeUndefined();
  expect(whole.lawOptima).toHaveLength(2);
  expect(missingOf(FILE, optimum).sentence).toMatch(/there are no .*, and no best mixtures by the other laws$/); // prettier-ignore
  const problem = poseProblem(FILE, asked);
  const chosen = { h: problem.uniform, objective: 1, interval: null };
  const stopped = { ...asked, signal: AbortSignal.abort() };
  await expect(travellingFindings(FILE, stopped, problem, chosen)).rejects.toThrow(AbortedError); // prettier-ignore
  expect((await travellingFindings(FILE, stopped, problem, { ...chosen, isBrief: true })).otherLaws).toHaveLength(1); // prettier-ignore
});

test("a law that is asked for one target alone is not asked for another", async () => {
  const some = FILE.fits.filter(({ law, target }) => law === "joint" || target === "loss_0");
  const request = {
    ...AT,
    samples: 0,
    epsilon: 0,
    objective: { loss_0: 1 },
    noWorse: { loss_1: 1.01 },
    law: { loss_0: "additive", loss_1: "joint" },
  };
  const { lawOptima = [] } = await optimize({ ...FILE, fits: some }, request);
  expect(lawOptima.map(({ law }) => law)).toEqual(["additive", "joint"]);
});

test("a law that is infinite at the mixture has no say, and the file can be read", async () => {
  const inverse = lawFromFormula("L = E + sum(A[i]/h[i])", { name: "inverse" });
  const rows = Array.from({ length: 20 }, (_, n) => ({
    h_web: (n + 1) / 22,
    h_code: 1 - (n + 1) / 22,
    loss_a: 2 + Math.exp(-(n + 1) / 22) + 0.001 * Math.sin(9 * n),
  }));
  const engine = await cpuEngine();
  const file = await engine.fit([lawOf("log-linear"), inverse], toRuns(rows), { restarts: 4 });
  const request = { law: "log-linear", samples: 0, epsilon: 0, beyond: true };
  const optimum = await optimize(file, request);
  expect(optimum.weights["web"]).toBe(1);
  expect(optimum.otherLaws).toEqual([]);
  expect(optimum.lawOptima).toBeUndefined();
  expect(() => checkedOptimum(JSON.parse(JSON.stringify(optimum)), "o.json")).not.toThrow();
});
