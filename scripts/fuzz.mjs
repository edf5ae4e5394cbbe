/** Bundles the fuzzer into .cache/fuzz and runs it; see test/fuzz/main.ts for its flags. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
/** @type {[string, string][]} */
const entries = [
  ["test/fuzz/main.ts", "main.js"],
  ["test/fuzz/child.ts", "child.js"],
  ["src/node/worker.ts", "worker.js"], // where the engine looks for it: beside itself
];
for (const [from, to] of entries) {
  await build({
    absWorkingDir: root,
    entryPoints: [from],
    outfile: join(root, ".cache/fuzz", to),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    loader: { ".wgsl": "text" },
    sourcemap: true,
    logLevel: "warning",
  });
}
const run = spawnSync(
  process.execPath,
  [join(root, ".cache/fuzz/main.js"), ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = run.status ?? 1;
