/**
 * Bundles the benchmark into .cache/bench and runs it, or, with the word clusters, evidence,
 * faults or growth, that study; see bench/main.ts and the folders of bench for their flags.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
/** @type {[string, string][]} */
const entries = [
  ["bench/main.ts", "main.js"],
  ["bench/measure.ts", "measure.js"],
  ["bench/evidence/main.ts", "evidence.js"],
  ["bench/evidence/soak-briefly.ts", "soak.js"],
  ["bench/growth/main.ts", "growth.js"],
  ["bench/faults/main.ts", "faults.js"],
  ["bench/clusters/main.ts", "clusters.js"],
  ["bench/growth/point.ts", "point.js"],
  ["bench/growth/command.ts", "command.js"],
  ["bench/peers/npm.ts", "npm.js"],
  ["src/node/worker.ts", "worker.js"], // where the engine looks for it: beside itself
];
for (const [from, to] of entries) {
  await build({
    absWorkingDir: root,
    entryPoints: [from],
    outfile: join(root, ".cache/bench", to),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    loader: { ".wgsl": "text" },
    logLevel: "warning",
  });
}
const [first = "", ...rest] = process.argv.slice(2);
const study = ["clusters", "evidence", "faults", "growth", "soak"].includes(first);
const [script, args] = study ? [`${first}.js`, rest] : ["main.js", process.argv.slice(2)];
const run = spawnSync(process.execPath, [join(root, ".cache/bench", script), ...args], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = run.status ?? 1;
