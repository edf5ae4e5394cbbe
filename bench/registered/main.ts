/**
 * A plan as it would have been registered before slimpajama7's four runs at 3B, beside those runs:
 * the figures of docs/registered.md. Fits three laws to the runs of up to 1.24B, registers the four
 * mixtures at the end of their training and at its nine checkpoints, and checks both plans.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidatesText, runRows } from "./mixtures.ts";

const TABLE = join(process.env["MIXLAW_DATA"] ?? "../shared/data", "slimpajama7.csv");
const FOLDER = join(".cache", "registered");
const TRAIN = "split == 'train' and duplicate_checkpoint == 0";
const LARGE = "split == 'eval' and duplicate_checkpoint == 0";
const FIT = ["--law", "simple,additive,joint", "--group", "mixture_id", "--bootstrap", "200"];

/** Runs the command; it must end with one of the codes. */
function mixlaw(codes: readonly number[], ...words: string[]): void {
  console.log(`\n$ mixlaw ${words.join(" ")}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...words], {
    encoding: "utf8",
  });
  console.log(stdout);
  if (status === null || !codes.includes(status))
    throw new Error(`ended with code ${String(status)}: ${stderr}`);
}

if (!existsSync(TABLE)) throw new Error(`${TABLE} is not there: set MIXLAW_DATA`);
mkdirSync(FOLDER, { recursive: true });
const [fit, candidates, plan, path] = ["fit.json", "candidates.csv", "plan.json", "path.json"].map(
  (name) => join(FOLDER, name),
) as [string, string, string, string];
for (const file of [plan, path]) rmSync(file, { force: true });
const rows = runRows(TABLE).filter((row) => row["split"] === "eval");
writeFileSync(candidates, candidatesText(rows));
const tokens = [...new Set(rows.map((row) => row["n_tokens"]))].join();

mixlaw([0, 2], "fit", TABLE, "--where", TRAIN, ...FIT, "--backend", "cpu", "--out", fit);
const optimize = ["optimize", fit, "--params", "2.718B", "--candidates", candidates, "--backend", "cpu"]; // prettier-ignore
mixlaw([0, 2], ...optimize, "--tokens", "103.678B", "--register", plan);
mixlaw([0, 2], "check", plan, TABLE, "--where", LARGE);
mixlaw([0, 2], ...optimize, "--path", `tokens=${tokens}`, "--register", path);
mixlaw([0, 2], "check", path, TABLE, "--where", LARGE);
