/** A job from a table to a config, in this process; and the commands that it prints. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runJob } from "../../../src/cli/job/run.ts";
import { worstOf } from "../../../src/cli/job/run-steps.ts";
import { root } from "../command.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-job-"));
const job = join(folder, "job.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

const JOB = `
data:
  tables: "runs it's.csv"
  targets: [loss_web, loss_code]
  where: n_params < 2e8
laws: { law: simple }
fit: { restarts: 4, backtest: false }
validate: { folds: 2, by: mixture }
optimize:
  - { name: small, params: 100M, tokens: 2B, reference: tokens.csv, available: tokens.csv, max-epochs: 2, samples: 500, format: [megatron, map] }
  - { name: impossible, params: 100M, tokens: 2B, samples: 0, floor: { web: 60%, code: 60% }, format: map }
predict: { at: { params: 100M, tokens: 2B, web: 1 } }
report:
backend: cpu
threads: 1
`; // prettier-ignore

/** What a job writes and says. */
async function ran(
  flags: Parameters<typeof runJob>[1] = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { result, ...said } = await silenced(() => runJob(job, flags));
  return { code: result, ...said };
}

/** What some work gives, and what it writes. */
async function silenced<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text, encoding, done) => {
      said[name] += String(text);
      const written = typeof encoding === "function" ? encoding : done;
      written?.();
      return true;
    }),
  );
  try {
    const result = await work();
    return { result, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const resultsIn = (place: string): string =>
  join(place, readdirSync(place).find((name) => name.startsWith("job-")) ?? "none");

describe("a job", () => {
  let first: Awaited<ReturnType<typeof ran>>;

  beforeAll(async () => {
    const rows = readFileSync(join(root, "test/simulated/runs.csv"), "utf8");
    writeFileSync(join(folder, "runs it's.csv"), rows);
    writeFileSync(join(folder, "tokens.csv"), "domain,tokens\nweb,1B\ncode,500M\npapers,1B\nbooks,200M\n"); // prettier-ignore
    writeFileSync(job, JOB);
    first = await ran();
  });

  test("does all parts but one that cannot be, and ends with its code", () => {
    expect(first.stderr).toMatch(/^mixlaw: job\.yaml: .*impossible|floor.*60 %/m);
    expect(first.stderr).toContain("report is without optimize impossible");
    expect(first.stderr).toContain("optimize impossible as map is left out: it needs optimize impossible\n"); // prettier-ignore
    expect(first.code).toBe(1);
    const files = readdirSync(resultsIn(folder)).toSorted();
    expect(files).toEqual(["commands.sh", "fit.json", "job.yaml", "predicted.csv", "records", "report.html", "run.json", "small-map.yaml", "small-megatron.txt", "small.json", "validation.json"]); // prettier-ignore
    expect(readFileSync(join(resultsIn(folder), "job.yaml"), "utf8")).toBe(JOB);
    expect(first.stdout).not.toContain("small-megatron.txt\n0.");
  });

  test("keeps what repeats it", () => {
    const record = JSON.parse(readFileSync(join(resultsIn(folder), "run.json"), "utf8")) as {
      readonly inputs: readonly { readonly path: string }[];
      readonly steps: Readonly<Record<string, { readonly code: number }>>;
      readonly commands: readonly string[];
    };
    expect(record).toMatchObject({
      schema: "mixlaw/run@1",
      node: process.version,
      job: "job.yaml",
    });
    expect(record.inputs.map(({ path }) => path)).toEqual(["runs it's.csv", "tokens.csv"]);
    expect(record.steps["optimize impossible"]?.code).toBe(1);
    expect(record.commands[0]).toMatch(/^mixlaw fit "runs it's\.csv" --law simple --targets loss_web --targets loss_code --where ['"]n_params < 2e8['"] --restarts 4 --backend cpu --threads 1 /); // prettier-ignore
  });

  test("says when it is run again, and writes what was removed", async () => {
    rmSync(join(resultsIn(folder), "predicted.csv"));
    const { code, stderr, stdout } = await ran();
    expect(code).toBe(1);
    expect(stderr).toContain("has results of this job: what is done stays");
    expect(stderr).toContain("fit is done: fit.json\n");
    expect(stderr).not.toContain("predict is done");
    expect(stdout).toContain("predict\n");
    expect(existsSync(join(resultsIn(folder), "predicted.csv"))).toBe(true);
  });

  test("overwrites nothing that was changed since", async () => {
    const path = join(resultsIn(folder), "small-map.yaml");
    const before = readFileSync(path, "utf8");
    writeFileSync(path, "mine");
    const { code, stderr } = await ran();
    expect(code).toBe(1);
    expect(stderr).toMatch(/small-map\.yaml is not as optimize small as map wrote it: move it away/); // prettier-ignore
    expect(readFileSync(path, "utf8")).toBe("mine");
    writeFileSync(path, before);
  });

  test("goes elsewhere when an input is changed, and not for a comment or a deadline", async () => {
    const place = async (): Promise<string> => /^mkdir -p (\S+)/m.exec((await ran({ print: true })).stdout)?.[1] ?? ""; // prettier-ignore
    const before = await place();
    writeFileSync(job, `# a comment\n${JOB.replace("threads: 1", "threads: 2\ndeadline: 1h")}`);
    expect(await place()).toBe(before);
    writeFileSync(job, JOB.replace("restarts: 4", "restarts: 5"));
    expect(await place()).not.toBe(before);
    writeFileSync(job, JOB);
    writeFileSync(join(folder, "tokens.csv"), "domain,tokens\nweb,2B\n");
    expect(await place()).not.toBe(before);
    writeFileSync(join(folder, "tokens.csv"), "domain,tokens\nweb,1B\ncode,500M\npapers,1B\nbooks,200M\n"); // prettier-ignore
    expect(await place()).toBe(before);
  });

  // test/bench/job-script.test.ts runs them.
  test("is the commands of --print, as a shell reads them", async () => {
    const { stdout: script } = await ran({ print: true });
    // A command prints its words; those of the formats have nowhere to print them to.
    const { stdout } = spawnSync("sh", ["-c", `mixlaw() { printf '%s\\n' "$@" ---; }\n${script}`], {
      encoding: "utf8",
    });
    const commands = stdout.split("---\n").map((words) => words.trimEnd().split("\n"));
    expect(commands.map(([verb]) => verb)).toEqual(["fit", "validate", "optimize", "optimize", "predict", "report", ""]); // prettier-ignore
    expect(commands[0]?.slice(0, 2)).toEqual(["fit", "runs it's.csv"]);
  });
});

test("olmix's pair, as the example has it, goes to a config of each trainer", async () => {
  const place = join(folder, "olmix");
  mkdirSync(place);
  for (const name of ["olmix24-pair.yaml", "olmix24-tokens.csv"]) cpSync(join(root, "examples", name), join(place, name)); // prettier-ignore
  for (const name of ["ratios.csv", "metrics.csv"]) writeFileSync(join(place, name), "run\n");
  const { result, stdout } = await silenced(() => runJob(join(place, "olmix24-pair.yaml"), { print: true })); // prettier-ignore
  expect(result).toBe(0);
  const formats = [...stdout.matchAll(/^mixlaw optimize .*--format (\S+)/gm)].map(
    ([, name]) => name,
  );
  expect(formats.toSorted()).toEqual(["levanter", "map", "megatron", "nemo", "olmo-core"]);
});

test("a fit that cannot be leaves out what needs it, under the keys of the job", async () => {
  const place = join(folder, "elsewhere");
  mkdirSync(place);
  writeFileSync(job, `${JOB.replace("n_params < 2e8", "n_parms < 2e8")}out: elsewhere\n`);
  const { code, stderr } = await ran();
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^mixlaw: job\.yaml: data\.where: .*"n_parms".*did you mean "n_params"\?/m,
  );
  expect(stderr).toContain("optimize small is left out: it needs fit\n");
  expect(readdirSync(resultsIn(place))).not.toContain("report.html");
});

test("a fit file that is written again has the law that validate chose", async () => {
  writeFileSync(job, JOB.replace("mixture }", "mixture, choose: true }").replace(/optimize:[^]*report:/, "out: chosen")); // prettier-ignore
  const chosenIn = (path: string): unknown =>
    (JSON.parse(readFileSync(path, "utf8")) as { readonly chosen?: unknown }).chosen;
  const first = await ran();
  const path = join(resultsIn(join(folder, "chosen")), "fit.json");
  expect(first.code, first.stderr).toBe(0);
  expect(chosenIn(path)).toMatchObject({ law: "simple", by: "validation" });
  rmSync(path);
  expect((await ran()).stderr).not.toContain("validate is done");
  expect(chosenIn(path)).toMatchObject({ law: "simple", by: "validation" });
  expect((await ran()).stderr).toMatch(/fit is done: fit\.json\n.*validate is done/);
});

test("the worst code counts", () => {
  expect([[0, 0], [0, 2], [2, 1, 0], [1, 130]].map(worstOf)).toEqual([0, 2, 1, 130]);
}); // prettier-ignore
