/** A job registers its optimum: the plan is one of its files. */
import { expect, test } from "vitest";
import { planJob } from "../../../src/cli/job/job-plan.ts";
import { parseJob } from "../../../src/cli/job/job-schema.ts";

test("a section of optimize writes the plan into the job's folder, once", () => {
  const job = parseJob(
    "data: {tables: runs.csv}\noptimize: {params: 7B, tokens: 150B, register: plan.json, format: [csv]}",
    "job.yaml",
  );
  const steps = planJob(job, "results").filter(({ verb }) => verb === "optimize");
  expect(steps.map(({ words }) => words.filter((word) => word.includes("plan")))).toEqual([
    ["results/plan.json"],
    [],
  ]);
  expect(steps[0]?.outputs).toContain("plan.json");
  const outside = "data: {tables: runs.csv}\noptimize: {register: ../plan.json}";
  expect(() => parseJob(outside, "job.yaml")).toThrow("a name without a folder");
});
