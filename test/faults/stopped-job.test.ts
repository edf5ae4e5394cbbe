/** A job that a signal or its deadline stops: its exit code, its files, and going on afterwards. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startMixlaw, type Result, root, workplace } from "../cli/command.ts";

const place = workplace();

const JOB = `
data: { tables: runs.csv, targets: loss_web }
laws: { law: additive }
fit: { restarts: 4, bootstrap: 400, backtest: false }
validate: { folds: 2 }
optimize: { params: 1B, tokens: 20B, samples: 100 }
backend: cpu
threads: 1
progress: json
`; // prettier-ignore

/** Files that every job has, and those of all parts. */
const OWN = ["commands.sh", "job.yaml", "records", "run.json"];
const RESULTS = ["fit.json", "optimum.json", "validation.json"];

const folder = (): string => place.path(readdirSync(place.path(".")).find((name) => name.startsWith("job-")) ?? "none"); // prettier-ignore

const filesOfJob = (): string[] => readdirSync(folder()).toSorted();

/** The results without what differs from run to run. */
const results = (): unknown[] =>
  RESULTS.map((name) => ({
    ...(JSON.parse(readFileSync(join(folder(), name), "utf8")) as object),
    timing: undefined,
  }));

/** Does the job; a signal is sent when its progress first names a stage. */
function run(
  text: string,
  signal?: { readonly name: NodeJS.Signals; readonly at: string },
): Promise<Result> {
  let isSent = false;
  return startMixlaw(["run", place.write("job.yaml", text)], {
    onStderr(child, said) {
      if (signal === undefined || isSent || !said.includes(`"stage":"${signal.at}"`)) return;
      isSent = child.kill(signal.name);
    },
  });
}

let whole: readonly unknown[];
beforeAll(async () => {
  place.write("runs.csv", readFileSync(join(root, "test/simulated/runs.csv"), "utf8"));
  const { code } = await run(JOB);
  expect(code).toBe(0);
  expect(filesOfJob()).toEqual([...OWN, ...RESULTS].toSorted());
  whole = results();
  rmSync(folder(), { recursive: true });
});

/** The same command goes on to the results of a job that nothing has stopped. */
async function goesOn(): Promise<void> {
  const { code, stderr } = await run(JOB);
  expect(code).toBe(0);
  expect(stderr).toContain("has results of this job: what is done stays");
  expect(readdirSync(place.path(".")).filter((name) => name.startsWith("job-"))).toHaveLength(1);
  expect(results()).toEqual(whole);
  rmSync(folder(), { recursive: true });
}

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the part that runs, and the job", async (name) => {
  const { code, stdout, stderr } = await run(JOB, { name, at: "bootstrap" });
  expect(code).toBe(130);
  expect(stderr).toMatch(/what was found so far is in \S+\/fit\.json\.partial\.json/);
  expect(stdout).not.toContain("validate\n");
  expect(filesOfJob()).toEqual([...OWN, "fit.json.partial.json"].toSorted());
  await goesOn();
}); // prettier-ignore

test("a signal in a later part leaves what is done", async () => {
  const { code } = await run(JOB, { name: "SIGINT", at: "mixture" });
  expect(code).toBe(130);
  expect(filesOfJob()).toEqual(expect.arrayContaining(["fit.json", "validation.json"]));
  expect(filesOfJob()).not.toContain("optimum.json");
  await goesOn();
});

test("a deadline is of the whole job: no part begins anew with it", async () => {
  const { code, stderr } = await run(`${JOB}deadline: 0.01s\n`);
  expect(code).toBe(2);
  expect(stderr).toContain("the deadline came");
  expect(stderr).toContain("optimize optimum is left out: it needs fit");
  for (const name of RESULTS) expect(filesOfJob()).not.toContain(name);
  await goesOn();
});
