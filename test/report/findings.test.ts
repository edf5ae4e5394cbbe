import { expect, test } from "vitest";
import { finding } from "../../src/base/verdict.ts";
import { fitFindingsFacts, optimumFindingsFacts } from "../../src/report/facts/words/findings.ts";
import { materialOf } from "../../src/report/facts/material.ts";
import { summaryFacts } from "../../src/report/facts/words/summary.ts";
import { file, fit } from "../cli/print/sample-fit.ts";
import { optimum } from "../mixture/sample-optimum.ts";

test("an optimum's proof comes first, then warnings before notes, each finding once", () => {
  const findings = [
    finding("other-laws", "they differ"),
    finding("shares-not-determined", "name its column with ‘group’"),
    finding("held-out-error", "0.4 %"),
    finding("beyond-trained-scale", "far"),
    finding("beyond-trained-scale", "far"),
  ];
  const { groups } = optimumFindingsFacts(optimum({ verdict: { status: "global", findings } }));
  const [proof, mixture, losses, facts] = groups.map(({ sentences }) => sentences);
  expect(proof?.[0]?.text).toContain("Global optimum");
  expect(mixture).toEqual([
    { label: "warning", text: "name its column with --group" },
    { label: "note", text: "they differ" },
  ]);
  expect(losses).toEqual([
    { label: "warning", text: "far" },
    { label: "note", text: "0.4 %" },
  ]);
  expect(facts?.some(({ text }) => text.startsWith("Near-optimal:"))).toBe(true);
});

test("fits in use come before the others, and what is said of several is said once", () => {
  const doubt = finding("far-rows", "a few rows are far");
  const failure = finding("worse-than-constant", "it is no fit");
  const warned = (target: string) =>
    fit("additive", target, { verdict: { status: "holds", findings: [doubt] }, warnings: [doubt.sentence] }); // prettier-ignore
  const failed = fit("joint", "loss_a", {
    verdict: { status: "failed", findings: [failure] },
    warnings: [failure.sentence],
  });
  const fits = file([warned("loss_a"), warned("loss_b"), failed]);
  const refused = { law: "full", target: "loss_a", findings: [finding("nothing-finite", "none")] };
  const { groups } = fitFindingsFacts(materialOf({ ...fits, failed: [refused] }, []));
  expect(groups[0]?.sentences).toEqual([
    { label: "warning", text: "every fit: a few rows are far" },
  ]);
  expect(groups[1]?.sentences).toEqual([
    { label: "failed", text: "joint loss_a: it is no fit" },
    { label: "failed", text: "full loss_a: none" },
  ]);
  expect(groups[2]?.sentences.map(({ text }) => text)).toContain("left out: 3 rows that --where does not keep"); // prettier-ignore
});

test("a summary stands where the verdict does", () => {
  expect(summaryFacts(optimum()).stands).toBe(true);
  const verdict = { status: "not-certified", findings: [] } as const;
  expect(summaryFacts(optimum({ verdict })).stands).toBe(false);
});
