/** Programs of the repository that are not published: the benchmarks and the fuzzer. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);

/**
 * The engine looks for it beside itself.
 * @type {readonly [string, string]}
 */
const WORKER = ["src/node/worker.ts", "worker.js"];

/**
 * Bundles programs into a folder of .cache and runs one of them. This process then ends as that one
 * did.
 *
 * @param {string} folder
 * @param {readonly (readonly [source: string, program: string])[]} entries sources from the root
 * @param {string} program the one that runs
 * @param {readonly string[]} args
 */
export async function runBundled(folder, entries, program, args) {
  const programs = join(root, ".cache", folder);
  const bundle = (
    /** @type {readonly (readonly [string, string])[]} */ sources,
    /** @type {"bundle" | "external"} */ packages,
  ) =>
    build({
      absWorkingDir: root,
      entryPoints: sources.map(([source, to]) => ({ in: source, out: to.replace(/\.js$/, "") })),
      outdir: programs,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      packages,
      loader: { ".wgsl": "text" },
      sourcemap: true, // for processes that start with --enable-source-maps
      logLevel: "warning",
    });
  await bundle(entries, "external");
  await bundle([WORKER], "bundle"); // as scripts/build.mjs has it
  const { status } = spawnSync(process.execPath, [join(programs, program), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
