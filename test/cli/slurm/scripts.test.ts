import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  arraysOf,
  type ClusterJob,
  clusterScripts,
  sbatchWord,
} from "../../../src/cli/slurm/scripts.ts";
import { workplace } from "../command.ts";

const files = workplace();

const job: ClusterJob = {
  shards: 8,
  arraySize: 1001,
  command: ["node", "cli.js", "fit", "runs.csv", "--resume", "/work"],
  workplace: "/home/me",
  folder: "/work/slurm",
  options: ["--time=30"],
};

describe("arraysOf", () => {
  test.each([
    [1, 1001, [[0, 1]]],
    [1001, 1001, [[0, 1001]]],
    [1002, 1001, [[0, 1001], [1001, 1]]], // prettier-ignore
    [7, 3, [[0, 3], [3, 3], [6, 1]]], // prettier-ignore
  ])("%i shards, at most %i in an array", (shards, arraySize, expected) => {
    expect(arraysOf({ shards, arraySize }).map(({ first, size }) => [first, size])).toEqual(
      expected,
    );
  });
});

/** Runs a script with some programs replaced by shell scripts; gives what it wrote to stdout. */
function run(
  text: string,
  programs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): string {
  const folder = files.path("bin");
  mkdirSync(folder, { recursive: true });
  for (const [name, body] of Object.entries(programs))
    chmodSync(files.write(`bin/${name}`, `#!/bin/sh\n${body}\n`), 0o755);
  const PATH = `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
  const script = files.write("script.sh", text);
  try {
    return execFileSync("sh", [script, ...words], {
      env: { ...env, PATH },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return `${stdout}code ${status}\n`;
  }
}

describe("a task", () => {
  const shards = clusterScripts({ ...job, workplace: files.path(".") })["shards.sbatch"];
  const slurm = { SLURM_ARRAY_JOB_ID: "12", SLURM_ARRAY_TASK_ID: "3", SLURM_JOB_ID: "15" };

  test("tells sbatch what it needs", () => {
    for (const option of [
      "--array=0-7",
      "--requeue",
      "--open-mode=append",
      "--signal=B:USR1@60",
      "--output=/work/slurm/shard-%A_%a.log",
      "--time=30",
    ])
      expect(shards).toContain(`\n#SBATCH ${option}\n`);
  });

  test("runs its shard, counted from the first of its array on", () => {
    const node = 'echo "$@"';
    const usual = "cli.js fit runs.csv --resume /work --shard";
    expect(run(shards, { node }, slurm)).toBe(`${usual} 3/8\n`);
    expect(run(shards, { node }, slurm, ["4"])).toBe(`${usual} 7/8\n`);
  });

  test("ends with the command's code, and goes back to the queue after a signal", () => {
    const scontrol = 'echo "scontrol $*"';
    expect(run(shards, { node: "exit 2", scontrol }, slurm)).toBe("code 2\n");
    expect(run(shards, { node: "kill -9 $$", scontrol }, slurm)).toBe(
      "scontrol requeue 12_3\ncode 137\n",
    );
    const often = { ...slurm, SLURM_RESTART_COUNT: "20" };
    expect(run(shards, { node: "kill -9 $$", scontrol }, often)).toBe("code 137\n");
  });

  test("stops the command before the time limit and goes back, and not after scancel", () => {
    const scontrol = 'echo "scontrol $*"';
    const node = (signal: string): string =>
      `trap 'echo stopped; exit 130' TERM; kill -s ${signal} $PPID; while :; do sleep 0.05; done`;
    expect(run(shards, { node: node("USR1"), scontrol }, slurm)).toBe(
      "stopped\nscontrol requeue 12_3\ncode 130\n",
    );
    expect(run(shards, { node: node("TERM"), scontrol }, slurm)).toBe("stopped\ncode 130\n");
  });
});

test("the joining run has the command alone", () => {
  const text = clusterScripts({ ...job, workplace: files.path(".") })["join.sbatch"];
  expect(text).not.toContain("--array");
  expect(run(text, { node: 'echo "$@"' })).toBe("cli.js fit runs.csv --resume /work\n");
});

test("submitting gives the arrays, and the joining run after all of them", () => {
  const text = clusterScripts({ ...job, shards: 5, arraySize: 2 })["submit.sh"];
  const log = files.path("log");
  const sbatch = `echo "$*" >> "$LOG"; wc -l < "$LOG"`;
  run(text, { sbatch }, { LOG: log });
  expect(files.read("log").trim().split("\n")).toEqual([
    "--parsable /work/slurm/shards.sbatch",
    "--parsable --array=0-1 /work/slurm/shards.sbatch 2",
    "--parsable --array=0-0 /work/slurm/shards.sbatch 4",
    "--parsable --dependency=afterany:1:2:3 /work/slurm/join.sbatch",
  ]);
  expect(run(text, { sbatch: "exit 1" })).toBe("code 1\n");
});

test("words of any kind reach the command as they are", () => {
  const odd = ["a b", "it's", '"$(touch x)"', "`y`", "a\\b", "ünï", "line\nbreak", "*", ""];
  const command = ["node", ...odd];
  const text = clusterScripts({ ...job, command, workplace: files.path(".") })["join.sbatch"];
  const node = String.raw`for word; do printf '%s\0' "$word"; done`;
  expect(run(text, { node }).split("\0").slice(0, -1)).toEqual(odd);
});

test("words of #SBATCH lines, and % in names of files", () => {
  expect(sbatchWord("--gres=gpu:1")).toBe("--gres=gpu:1");
  expect(sbatchWord('--comment=a "b" #c')).toBe(String.raw`--comment=a\ \"b\"\ \#c`);
  const text = clusterScripts({ ...job, folder: join("/100% done", "slurm") })["shards.sbatch"];
  expect(text).toContain(String.raw`--output=/100%%\ done/slurm/shard-%A_%a.log`);
});
