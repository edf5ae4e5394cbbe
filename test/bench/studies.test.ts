/** Studies by simulation at a tiny size: that they work. What they find is judged at full size. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root, workplace } from "../cli/command.ts";

const { path } = workplace();

const bench = (...words: readonly string[]) =>
  spawnSync(process.execPath, ["scripts/bench.mjs", ...words], { cwd: root, encoding: "utf8" });

test("phases: a fit, its errors, the regret and the supply", () => {
  const words = "phases --domains 3 --runs 30 --restarts 1".split(" ");
  const { stdout, stderr } = bench(...words);
  expect(stderr).toBe("");
  expect(stdout.trimEnd().split("\n").map((line) => line.replace(/:.*/, ""))).toEqual([
    "epochs", "new runs", "optimize", "true losses", "most epochs of a domain over both phases",
  ]);
  expect(stdout).not.toMatch(/NaN|undefined/);
}); // prettier-ignore

test("domains: a row of a case in the page", () => {
  const out = path("domains");
  const { status, stderr } = bench("domains", "--tiny", "--only", "64-log-linear", "--out", out);
  expect(status, stderr).toBe(0);
  expect(readFileSync(`${out}.md`, "utf8")).toMatch(/^\| 64-log-linear \| 30 \| 1 \|.*converged/m);
});
