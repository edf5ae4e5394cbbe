import { describe, expect, test } from "vitest";
import { fitVerdict } from "../../src/fit/result/fit-verdict.ts";
import { finding } from "../../src/base/verdict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { resolver } from "../../src/mixture/solver/resolver.ts";
import { lawValue } from "../../src/mixture/goal/goal.ts";
import { AT, drawLosses, drawMixture, fileOf } from "./fixture.ts";

const trained = Array.from({ length: 20 }, (_, n) => [...drawMixture(3, 41, n)]);
const additive = fileOf(drawLosses("additive", 3, 2, 42), trained);
const joint = fileOf(drawLosses("joint", 3, 2, 43), trained);
const both: FitFile = { ...additive, fits: [...additive.fits, ...joint.fits] };
const best = (file: FitFile): Promise<Optimum> =>
  optimize(file, { ...AT, law: "additive", samples: 0, epsilon: 0 });
const said = ({ verdict }: Optimum, code: string): string | undefined =>
  verdict.findings.find((each) => each.code === code)?.sentence;

describe("what the file's other laws say of the mixture that one chose", () => {
  test("is judged at the same N and D, and said", async () => {
    const optimum = await best(both);
    const { problem } = resolver(both, { ...AT, law: "joint" });
    const objective = lawValue(problem.goal, Float64Array.from(Object.values(optimum.weights)));
    expect(optimum.otherLaws).toMatchObject([{ law: "joint" }]);
    expect(optimum.otherLaws[0]?.objective).toBeCloseTo(objective, 12);
    expect(said(optimum, "other-laws")).toContain(
      `the file's other law: joint ${objective.toFixed(4)}`,
    );
  });

  test("is nothing where there is none, or it lacks a target, or its fit failed", async () => {
    const failed = fitVerdict([finding("not-converged", "the polish did not converge")]);
    const files: FitFile[] = [
      additive,
      { ...both, fits: both.fits.slice(0, 3) },
      { ...both, fits: both.fits.map((fit, n) => (n === 3 ? { ...fit, verdict: failed } : fit)) },
    ];
    for (const file of files) {
      const optimum = await best(file);
      expect(optimum.otherLaws).toEqual([]);
      expect(said(optimum, "other-laws")).toBeUndefined();
    }
  });
});

test("it is said how much laws promised too much at their own optimum", async () => {
  expect(said(await best(additive), "optimistic-at-own-optimum")).toBe(
    "in marin's trained comparisons smooth laws promised .035 to .07 nats too much at their own optimum; how much it is here, the replicates of a bootstrap would say",
  );
});
