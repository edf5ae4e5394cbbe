/**
 * Bundles every entry point into `dist/`.
 *
 *     node scripts/build.mjs            the JavaScript only
 *     node scripts/build.mjs --command  of that, what `mixlaw fit` and `mixlaw report` need
 *     node scripts/build.mjs --types    from an empty dist/, and the declarations into dist/types (what is published)
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { buildCommonjs } from "./build-commonjs.mjs";
import { buildPage } from "./build-page.mjs";
import { bundledPackages, noticesOf } from "./notices.mjs";
import { writeChanged, writeOutputs } from "./write-changed.mjs";

const root = dirname(import.meta.dirname);
const inRoot = (/** @type {string} */ path) => join(root, path);

const types = process.argv.includes("--types");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".wgsl": "text" },
  metafile: true,
  logLevel: "warning",
};

/** Names stay, so that stack traces can be read; spaces and comments go.
 * @type {import("esbuild").BuildOptions} */
const short = { minifySyntax: true, minifyWhitespace: true };

/**
 * On Node the runtime dependencies stay imports: `webgpu` is a native module, and npm installs the
 * others.
 * @type {import("esbuild").BuildOptions} */
const node = { ...common, ...short, platform: "node", target: "node20.19", packages: "external" };

/**
 * The command starts in half the time as one short file: the dependencies go in, but for the native
 * module. Names stay, so that MIXLAW_DEBUG=1 shows where. Packages that are not ES modules ask for
 * Node's own with `require`.
 * @type {import("esbuild").BuildOptions}
 */
const command = {
  ...node,
  packages: "bundle",
  // What a table of few kinds needs is read from the package then.
  external: ["webgpu", "hyparquet-compressors", "fzstd"],
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
};

/**
 * A thread of Node starts with each engine: from one file it does so in a third of the time. Names
 * are short too: the package has a limit, and a thread's errors are told by the one that asked it.
 * @type {import("esbuild").BuildOptions}
 */
const thread = { ...node, packages: "bundle", minify: true };

/**
 * In a browser one file is all there is: the dependencies go in, and it is as small as it gets.
 * @type {import("esbuild").BuildOptions}
 */
const browser = { ...common, minify: true, platform: "browser" };

/** Inside an HTML file: one script.
 * @type {import("esbuild").BuildOptions} */
const inPages = { ...browser, format: "iife" };

/**
 * @typedef {object} Entry
 * @property {string} from
 * @property {string} to
 * @property {import("esbuild").BuildOptions} how
 * @property {boolean} [isFirst] whether a command that fits or reports needs it
 * @property {boolean} [executable]
 */
/**
 * @type {Entry[]}
 */
const entries = [
  { from: "src/node.ts", to: "dist/node.js", how: node },
  { from: "src/browser.ts", to: "dist/browser.js", how: browser },
  { from: "src/report/app/main.ts", to: "dist/page/report-app.js", how: inPages, isFirst: true },
  { from: "src/browser/worker.ts", to: "dist/browser-worker.js", how: browser },
  { from: "src/node/worker.ts", to: "dist/worker.js", how: thread, isFirst: true },
  { from: "src/cli/main.ts", to: "dist/cli.js", how: command, isFirst: true, executable: true },
];

if (types) rmSync(inRoot("dist"), { recursive: true, force: true });

/** Builds an entry; gives what is in it, by esbuild's account.
 * @param {Entry} entry */
async function buildEntry({ from, to, how, executable }) {
  const { metafile, outputFiles } = await build({
    ...how,
    entryPoints: [from],
    outfile: to,
    write: false,
  });
  if (metafile === undefined) throw new Error(`no metafile of ${to}`);
  // A report has this script in it and travels alone: the notices are in the script.
  const notices = how === inPages ? `/*!\n${noticesOf(root, bundledPackages([metafile]))}*/\n` : "";
  writeOutputs(outputFiles, () => notices);
  if (executable === true) chmodSync(inRoot(to), 0o755);
  return metafile;
}

if (process.argv.includes("--command")) {
  await Promise.all(entries.filter(({ isFirst }) => isFirst).map(buildEntry));
  process.exit();
}
/** What the builds put into their outputs. */
const metafiles = await Promise.all([...entries.map(buildEntry), buildPage(root, browser)]);
// The page's threads are those of the library.
writeChanged(inRoot("dist/page/pool-worker.js"), readFileSync(inRoot("dist/browser-worker.js")));
await buildCommonjs(root, types);
const notices = noticesOf(root, bundledPackages(metafiles));
for (const folder of ["dist", "dist/page"])
  writeChanged(inRoot(`${folder}/THIRD-PARTY-NOTICES`), notices);

if (types) {
  // `npm run types` checks them: here they are only written.
  const tsc = spawnSync(
    process.execPath,
    [inRoot("node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json", "--noCheck"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  // Editors read the schema of job files from the package.
  mkdirSync(inRoot("dist/schemas"), { recursive: true });
  const schema = spawnSync(
    process.execPath,
    [inRoot("dist/cli.js"), "schema", "job", "--out", inRoot("dist/schemas/job.schema.json")],
    { cwd: root, stdio: "inherit" },
  );
  process.exitCode = [tsc, schema].every(({ status }) => status === 0) ? 0 : 1;
}
