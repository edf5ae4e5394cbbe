/**
 * `npm run lint:package`: what publint and Are the types wrong? say of the tarball. Both come from
 * npm when they are asked for; `npm run supply` checks that the types work.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./pack.mjs";

const TOOLS = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];
const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "mixlaw-lint-"));
try {
  const { path } = pack(root, folder);
  const run = (/** @type {string[]} */ ...words) =>
    spawnSync("npm", ["exec", "--yes", ...TOOLS.map((tool) => `--package=${tool}`), "--", ...words], { cwd: root, stdio: "inherit" }).status; // prettier-ignore
  const statuses = [
    run("publint", path),
    run("attw", path, "--profile", "node16", "--entrypoints", "."),
    // Entries for bundlers, which take ES modules.
    run("attw", path, "--profile", "esm-only", "--entrypoints", "browser"),
  ];
  process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
