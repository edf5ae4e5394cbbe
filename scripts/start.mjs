/**
 * What `npm start` does: builds, fits three laws to the example's runs, and writes a report of them
 * and of the best mixture for the largest size, which was held out.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = dirname(import.meta.dirname);
const work = join(root, ".cache/start");
const [fit, optimum, report] = [join(work, "fit.json"), join(work, "optimum.json"), join(root, "report.html")]; // prettier-ignore

/** Runs a script of this project; ends with its status where it fails.
 * @param {readonly string[]} words @param {"inherit" | "ignore"} [stdout] */
function run(words, stdout = "inherit") {
  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: ["inherit", stdout, "inherit"],
  });
  // An optimum that is not to be relied on has status 2, and is reported with that.
  if (status !== 0 && status !== 2) process.exit(status ?? 1);
}

const command = "dist/cli.js";
const example = [
  "examples/runs.csv",
  "--law",
  "simple,additive,joint",
  "--test",
  "n_params >= 7e8",
];
const intervals = ["--bootstrap", "100", "--group", "mixture_id"];

mkdirSync(work, { recursive: true });
run(["scripts/build.mjs"]);
run([command, "fit", ...example, ...intervals, "--out", fit]);
run([command, "optimize", fit, "--params", "700M", "--tokens", "14B", "--out", optimum], "ignore");
run([command, "report", fit, optimum, "--out", report], "ignore");
console.log(`\nA report of this fit, and of the best mixture for 700M parameters and 14B tokens:\n${pathToFileURL(report).href}`); // prettier-ignore
