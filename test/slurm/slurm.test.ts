/**
 * A bootstrap in 8 shards on a real Slurm: one task is killed, one is stopped as before its time
 * limit, one record file is damaged on disk, and the joined file is that of a single run.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingSlurm, type Slurm, startSlurm } from "../../scripts/slurm.mjs";
import { startMixlaw, root, workplace } from "../cli/command.ts";

/** Fewer tasks an array than shards: there are two arrays. */
const SIZE = { cpus: 4, maxArraySize: 5 };
const SHARDS = 8;
const FIT = "fit runs.csv --law additive --restarts 64 --bootstrap 96 --group mixture_id --backend cpu --threads 1"; // prettier-ignore

const missing = missingSlurm();
if (missing !== undefined && process.env["REQUIRE_SLURM"] === "1")
  throw new Error(`REQUIRE_SLURM is set, and ${missing}`);

const files = workplace();
let slurm: Slurm | undefined;
beforeAll(async () => {
  if (missing === undefined) slurm = await startSlurm(SIZE);
});
afterAll(async () => slurm?.stop());

const run = (name: string, ...words: string[]): string =>
  execFileSync(name, words, { env: slurm?.env, encoding: "utf8" }).trim();

/** Waits until something is there, and gives it. */
async function until<T>(look: () => T | undefined, what: string): Promise<T> {
  for (let tries = 0; tries < 1200; tries++) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`${what} did not come: ${run("squeue", "-o", "%i %T %r")}`);
}

/** A job's state and what else Slurm says of it. */
const stateOf = (job: string): string => run("scontrol", "show", "job", "-o", job);

/** What a job's tasks have said. */
const logsOf = (job: string): string => files.read(join("work/slurm", `shard-${job}.log`));

/** The process that computes a shard. */
function processOf(shard: number): number | undefined {
  const pid = readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const words = readFileSync(join("/proc", name, "cmdline"), "utf8").split("\0");
      return words.includes(`${shard}/${SHARDS}`) && words.includes(files.path("work"));
    } catch {
      return false; // it has ended
    }
  });
  return pid === undefined ? undefined : Number(pid);
}

/** Names of what a shard has recorded. */
const recordsOf = (shard: number): string[] =>
  readdirSync(files.path("work")).filter(
    (name) => name.startsWith(`shard-${shard}-of-${SHARDS}-`) && name.endsWith(".records"),
  );

const timeless = (name: string): string =>
  JSON.stringify({ ...(JSON.parse(files.read(name)) as object), timing: {} });

test.skipIf(missing !== undefined)(
  "8 shards, one killed, one stopped, one damaged: the joined file is that of a single run",
  async () => {
    files.write("runs.csv", readFileSync(join(root, "test/simulated/runs.csv"), "utf8"));
    const cwd = files.path(".");
    const env = Object.fromEntries(
      Object.entries(slurm?.env ?? {}).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
    );
    const how = { cwd, env };
    const flags = ["--shards", String(SHARDS), "--resume", "work", "--submit"];
    const submitted = await startMixlaw(["slurm", ...flags, "--", ...FIT.split(" "), "--out", "fit.json"], how); // prettier-ignore
    expect(submitted.code).toBe(0);
    const [first = "", second = "", joining = ""] = submitted.stdout.match(/(?<=job )\d+/g) ?? [];
    run("scontrol", "hold", joining); // until a file was damaged

    // The fourth task is killed, as by the kernel when memory is short.
    process.kill(await until(() => processOf(3), "the process of shard 3"), "SIGKILL");
    // The third is told that its time is over.
    await until(() => processOf(2), "the process of shard 2");
    run("scancel", "--batch", "--signal=USR1", `${first}_2`);

    const isOver = (): true | undefined =>
      run("squeue", "-h", "-j", `${first},${second}`) === "" || undefined;
    await until(isOver, "the end of the shards");
    for (const [job, restarts] of [
      [`${first}_3`, 1],
      [`${first}_2`, 1],
      [`${first}_1`, 0],
      [`${second}_2`, 0],
    ])
      expect(stateOf(String(job)), logsOf(String(job))).toMatch(
        new RegExp(`JobState=COMPLETED .*Restarts=${restarts} `),
      );

    const [damaged = ""] = recordsOf(6);
    const bytes = readFileSync(files.path(join("work", damaged)));
    bytes.fill(0, bytes.length / 2, bytes.length / 2 + 100);
    writeFileSync(files.path(join("work", damaged)), bytes);
    run("scontrol", "release", joining);
    await until(
      () => /JobState=(COMPLETED|FAILED|CANCELLED)/.exec(stateOf(joining))?.[1],
      "the end of the joining run",
    );
    const log = files.read(join("work/slurm", `join-${joining}.log`));
    expect(log).toContain(`${files.path(join("work", damaged))} is damaged at byte`);
    expect(log).toMatch(/\d+ pieces? of work (was|were) missing/);
    expect(log).not.toMatch(/did not finish/);

    await startMixlaw([...FIT.split(" "), "--out", "single.json"], how);
    expect(timeless("fit.json")).toBe(timeless("single.json"));
  },
);
