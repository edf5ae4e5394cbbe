/**
 * Bundles every entry point that exists into `dist/`.
 *
 *     node scripts/build.mjs            the JavaScript only (milliseconds: what `npm start` needs)
 *     node scripts/build.mjs --types    from an empty dist/, and the declarations into dist/types (what is published)
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";

const root = dirname(import.meta.dirname);
const inRoot = (/** @type {string} */ path) => join(root, path);

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".wgsl": "text" },
  sourcemap: true,
  logLevel: "warning",
};

/**
 * On Node the runtime dependencies stay imports: `webgpu` is a native module, and npm installs the
 * others.
 * @type {import("esbuild").BuildOptions} */
const node = { ...common, platform: "node", target: "node20.19", packages: "external" };

/** In a browser one file is all there is: the dependencies go in.
 * @type {import("esbuild").BuildOptions} */
const browser = { ...common, platform: "browser" };

/** Inside an HTML file: one script, as small as it gets.
 * @type {import("esbuild").BuildOptions} */
const inPages = { ...browser, format: "iife", minify: true, sourcemap: false };

/**
 * @type {{ from: string, to: string, how: import("esbuild").BuildOptions, executable?: boolean }[]}
 */
const entries = [
  { from: "src/node.ts", to: "dist/node.js", how: node },
  { from: "src/browser.ts", to: "dist/browser.js", how: browser },
  { from: "src/report/app/main.ts", to: "dist/report-app.js", how: inPages },
  { from: "src/browser/worker.ts", to: "dist/browser-worker.js", how: browser },
  { from: "src/node/worker.ts", to: "dist/worker.js", how: node },
  {
    from: "src/cli/main.ts",
    to: "dist/cli.js",
    how: { ...node, banner: { js: "#!/usr/bin/env node" } },
    executable: true,
  },
];

const types = process.argv.includes("--types");
if (types) rmSync(inRoot("dist"), { recursive: true, force: true });

for (const { from, to, how, executable } of entries) {
  if (!existsSync(inRoot(from))) continue;
  await build({ ...how, entryPoints: [from], outfile: to });
  if (executable === true) chmodSync(inRoot(to), 0o755);
}

await buildPage(root, browser);

if (types) {
  const tsc = spawnSync(
    process.execPath,
    [inRoot("node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  process.exitCode = tsc.status ?? 1;
}
