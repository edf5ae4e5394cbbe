import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shardedCommand } from "../../../src/cli/commands/slurm.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const files = workplace();
const fit = ["fit", "runs.csv", "--backend", "cpu", "--out", "fit.json"];

describe("shardedCommand", () => {
  test("adds the folder of the records and the adapter", () => {
    const added = ["--resume", "/work", "--adapter", "1"];
    expect(shardedCommand(fit, { resume: "/work", adapter: "1" })).toEqual([...fit, ...added]);
    expect(shardedCommand(["mixlaw", ...fit], { resume: "/work" })).toEqual([
      ...fit,
      "--resume",
      "/work",
    ]);
  });

  test.each([
    [
      ["report", "fit.json"],
      /COMMAND begins with "report"; what can be divided is fit, validate and optimize/,
    ],
    [[...fit, "--lwa", "joint"], /COMMAND: unknown option '--lwa' \(Did you mean --law\?\)/],
    [[...fit, "--bootstrap", "many"], /--bootstrap is "many"; it must be a whole number/],
    [[...fit, "--resume", "there"], /COMMAND has --resume, which "mixlaw slurm" adds itself/],
    [[...fit, "--shard", "1/2"], /COMMAND has --shard/],
    [[...fit, "--adapter", "0"], /COMMAND has --adapter/],
    [[...fit, "--trace", "trace.json"], /COMMAND has --trace, a file that all tasks would write/],
    [["fit", "--out", "fit.json"], /COMMAND reads no table: name a file/],
    [["fit", "-", "--out", "fit.json"], /COMMAND reads standard input/],
    [["fit", "runs.csv", "-", "--out", "fit.json"], /COMMAND reads standard input/],
    [[...fit, "--out", "b.json"], /--out is given twice, as "fit\.json" and "b\.json"/],
    [["optimize"], /COMMAND: missing required argument 'FIT'/],
  ])("refuses %j", (words, message) => {
    expect(() => shardedCommand(words, { resume: "/work", adapter: "1" })).toThrow(message);
  });
});

test("the command writes the scripts and says how to submit them", async () => {
  const flags = ["--shards", "2000", "--resume", "work", "--time", "30", "--sbatch", "--mem=8G"];
  const env = { PATH: "/nonexistent" };
  const { code, stdout, stderr } = await mixlaw(["slurm", ...flags, "--", ...fit], {
    cwd: files.path("."),
    env,
  });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "mixlaw: 2000 shards are 2 arrays: Slurm's usual MaxArraySize is 1001\n",
  });
  expect(stdout).toContain(`To submit them: sh ${files.path("work/slurm/submit.sh")}`);
  const script = files.read("work/slurm/shards.sbatch");
  expect(script).toContain("#SBATCH --array=0-1000\n");
  expect(script).toContain("#SBATCH --time=30\n#SBATCH --mem=8G\n");
  expect(script).toContain(`--resume ${files.path("work")} --shard`);
  expect(existsSync(files.path("work/slurm/join.sbatch"))).toBe(true);
});
