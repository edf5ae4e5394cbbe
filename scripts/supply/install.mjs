/**
 * The package as a stranger gets it: packed, installed into an empty folder with an empty home,
 * with or without install scripts as this npm does it, run as a command, imported and required as a
 * library, on this Node and on Node 24; its types, as strict as they get.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { pack } from "./pack.mjs";

/** The newer Node that is tried, from npm. Its package has no install script. */
const NEWER = "24.22.3";

/** A program with what it takes from the library before it. */
const BODY = `
  const engine = await openEngine({ backend: "cpu", threads: 1 });
  const fit = await engine.fit(laws.linear, await readRuns("runs.csv"), { restarts: 8 });
  await engine.close();
  console.log(fit.fits.length);`;
const NAMES = "{ laws, openEngine, readRuns }";
const PROGRAMS = {
  "program.mjs": `import ${NAMES} from "mixlaw";${BODY}`,
  "program.cjs": `const ${NAMES} = require("mixlaw");\n(async () => {${BODY}\n})();`,
};
/** A program with types, as a user's project with those of Node has it. */
const TYPED = `
import { type FitFile, InputError, laws, openEngine, readRuns, verify } from "mixlaw";
export async function status(): Promise<"identical" | "same" | "differs"> {
  const engine = await openEngine({ backend: "cpu" });
  const file: FitFile = await engine.fit(laws.linear, await readRuns("runs.csv"), { seed: 1 });
  if (file.fits.length === 0) throw new InputError("no fit");
  return (await verify(file, await readRuns("runs.csv"), engine)).verdict.status;
}
`;
const TYPED_IN_BROWSERS = `
import { laws } from "mixlaw/browser";
export const names: readonly string[] = Object.values(laws).map((law) => law.name);
`;
const RESOLUTIONS = ["node16", "nodenext", "bundler"];
/** npm 11 names packages whose scripts it has not run; webgpu's is not needed. */
const EXPECTED_WARNING = /^npm warn install-scripts( |$)/;
const UNREACHED = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|NETUNREACH)|ENOTCACHED/;

/**
 * @param {string} root the repository, built
 * @returns {{ problems: string[], note: string }}
 */
export function install(root) {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-install-"));
  try {
    const tarball = pack(root, folder).path;
    const [home, project] = ["home", "project"].map((name) => join(folder, name));
    for (const each of [home, project]) mkdirSync(each ?? "");
    return tried({ root, tarball, home: home ?? "", project: project ?? "" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {{ root: string, tarball: string, home: string, project: string }} Place
 * @typedef {import("node:child_process").SpawnSyncReturns<string>} Ended
 */

/**
 * What npm is told here, as a variable that tells it elsewhere: where its cache is, and by which
 * certificates it knows the registry.
 * @param {string} key
 */
function configured(key) {
  const value = spawnSync("npm", ["config", "get", key], { encoding: "utf8" }).stdout.trim();
  return value === "null" ? {} : { [`npm_config_${key}`]: value };
}

/** @param {Place} place */
function tried(place) {
  const { root, tarball, home, project } = place;
  const env = { HOME: home, ...configured("cache"), ...configured("cafile"), npm_config_prefer_offline: "true" }; // prettier-ignore
  /**
   * @param {string[]} nodes where Node is, before PATH
   * @returns {(...words: string[]) => Ended}
   */
  const runner =
    (nodes) =>
    (command = "", ...words) =>
      spawnSync(command, words, {
        cwd: project,
        env: { ...env, PATH: [...nodes, process.env["PATH"]].join(delimiter) },
        encoding: "utf8",
        timeout: 120_000,
      });
  const run = runner([]);
  const types = `@types/node@${JSON.parse(readFileSync(join(root, "node_modules/@types/node/package.json"), "utf8")).version}`; // prettier-ignore
  const installed = run("npm", "install", "--no-audit", "--no-fund", tarball, types);
  const newer = run("npm", "install", "--no-audit", "--no-fund", "--prefix", home, `node-${process.platform}-${process.arch}@${NEWER}`); // prettier-ignore
  for (const { status, stderr } of [installed, newer])
    if (status !== 0)
      return UNREACHED.test(stderr)
        ? { problems: [], note: "install: left out, the registry does not answer" }
        : { problems: [`install: npm install failed: ${stderr.trim()}`], note: "" };
  const warnings = installed.stderr.split("\n").filter((line) => line.trim() !== "" && !EXPECTED_WARNING.test(line)); // prettier-ignore
  copyFileSync(join(root, "test/simulated/runs.csv"), join(project, "runs.csv"));
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(project, name), text);
  const checks = {
    ...Object.fromEntries(uses("", run)),
    ...Object.fromEntries(uses(`Node ${NEWER}: `, runner([join(home, `node_modules/node-${process.platform}-${process.arch}/bin`)]))), // prettier-ignore
    ...Object.fromEntries(typings(root, project, run)),
    "npx with the tarball": run("npx", "--yes", relative(project, tarball), "--version"),
  };
  const failures = Object.entries(checks).flatMap(([what, { status, stdout, stderr }]) =>
    status === 0 ? [] : [`install: ${what} failed: ${`${stdout}${stderr}`.trim()}`],
  );
  return {
    problems: [...warnings.map((line) => `install: npm warns: ${line}`), ...failures],
    note: `install: ${Object.keys(checks).join(", ")}`,
  };
}

/**
 * @param {string} on which Node
 * @param {(...words: string[]) => Ended} run
 * @returns {[string, Ended][]}
 */
function uses(on, run) {
  const mixlaw = (/** @type {string[]} */ ...words) => run("node_modules/.bin/mixlaw", ...words);
  return [
    [`${on}mixlaw fit`, mixlaw("fit", "runs.csv", "--law", "linear", "--backend", "cpu", "--restarts", "8", "--out", "fit.json")], // prettier-ignore
    [`${on}verify`, mixlaw("verify", "fit.json", "runs.csv")],
    [`${on}doctor`, mixlaw("doctor")],
    [`${on}import`, run("node", "program.mjs")],
    [`${on}require`, run("node", "program.cjs")],
  ];
}

/**
 * What TypeScript says of an ES module, a CommonJS one and one of a page, by module resolution.
 * @param {string} root @param {string} project @param {(...words: string[]) => Ended} run
 * @returns {[string, Ended][]}
 */
function typings(root, project, run) {
  for (const name of ["typed.mts", "typed.cts"]) writeFileSync(join(project, name), TYPED);
  writeFileSync(join(project, "typed.browser.mts"), TYPED_IN_BROWSERS);
  return RESOLUTIONS.map((moduleResolution) => {
    const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
    const compilerOptions = { module, moduleResolution, target: "es2022", lib: ["es2023"], strict: true, noEmit: true, skipLibCheck: false, types: ["node"] }; // prettier-ignore
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["typed.*"] })); // prettier-ignore
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    return [`types under ${moduleResolution}`, run(process.execPath, compiler, "-p", ".")];
  });
}
