/**
 * What `npm start` does: builds, fits two laws to the example's runs, writes a report of them and
 * of the best mixture for the largest size, which was held out, and compares what was registered
 * before that size was trained with what came.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { FIT, OPTIMUM } from "./example.mjs";

const root = dirname(import.meta.dirname);
/** From the root, where the commands run: what they print has no path of this machine. */
const work = ".cache/start";
const [fit, optimum, report] = [join(work, "fit.json"), join(work, "optimum.json"), join(root, "report.html")]; // prettier-ignore

/** Runs a script of this project; ends with its status where it fails. Gives what is piped.
 * @param {readonly string[]} words @param {"inherit" | "ignore" | "pipe"} [stdout] */
function run(words, stdout = "inherit") {
  const { status, stdout: text } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: ["inherit", stdout, "inherit"],
    encoding: "utf8",
  });
  // What is not to be relied on, or came otherwise than registered, has status 2, and is shown.
  if (status !== 0 && status !== 2) process.exit(status ?? 1);
  return text;
}

const command = "dist/cli.js";

mkdirSync(join(root, work), { recursive: true });
run(["scripts/build.mjs", "--command"]);
run([command, "fit", "examples/runs.csv", ...FIT, "--out", fit]);
// The library and the page are built beside commands that keep one core busy.
const rest = spawn(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
const built = once(rest, "close");
run([command, "optimize", fit, ...OPTIMUM, "--out", optimum], "ignore");
run([command, "report", fit, optimum, "--out", report], "ignore");
const check = [command, "check", "examples/train/registered/code.json", "examples/runs.csv"];
const told = run(check, "pipe");
const end = told.slice(told.search(/^(warning|note):/m)).trimEnd();
console.log(`\n$ mixlaw ${check.slice(1).join(" ")}\n…\n${end}`);
console.log(`\nA report of this fit, and of the best mixture of 616k parameters for code:\n${pathToFileURL(report).href}`); // prettier-ignore
process.exitCode = (await built)[0] ?? 1;
