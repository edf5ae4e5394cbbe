/**
 * The package as a stranger gets it: packed, installed into an empty folder with an empty home and
 * without install scripts, run as a command and imported as a library.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = `
import { laws, openEngine, readRuns } from "mixlaw";
const engine = await openEngine({ backend: "cpu", threads: 1 });
const fit = await engine.fit(laws.linear, await readRuns("runs.csv"), { restarts: 8 });
await engine.close();
console.log(fit.fits.length);
`;
/** A program with types, as a user's project with those of Node has it. */
const TYPED = `
import { type FitFile, laws, openEngine, readRuns, verify } from "mixlaw";
const engine = await openEngine({ backend: "cpu" });
const file: FitFile = await engine.fit(laws.linear, await readRuns("runs.csv"), { seed: 1 });
export const status: "identical" | "same" | "differs" = (await verify(file, await readRuns("runs.csv"), engine)).verdict.status;
`;
const TSCONFIG = { compilerOptions: { module: "nodenext", target: "es2022", lib: ["es2023"], strict: true, noEmit: true, skipLibCheck: false, types: ["node"] }, include: ["typed.ts"] }; // prettier-ignore

/**
 * @param {string} root the repository, built
 * @returns {{ problems: string[], note: string }}
 */
export function install(root) {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-install-"));
  try {
    return tried(root, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} root @param {string} folder */
function tried(root, folder) {
  const cache = execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim();
  const home = join(folder, "home");
  const project = join(folder, "project");
  for (const each of [home, project]) mkdirSync(each);
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, npm_config_cache: cache };
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...words) =>
    spawnSync(command, words, { cwd: project, env, encoding: "utf8", timeout: 120_000 });
  const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(execFileSync("npm", packing, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })); // prettier-ignore
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const types = `@types/node@${JSON.parse(readFileSync(join(root, "node_modules/@types/node/package.json"), "utf8")).version}`; // prettier-ignore
  const installed = run("npm", "install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", join(folder, filename), types); // prettier-ignore
  if (installed.status !== 0)
    return /E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|NETUNREACH)|ENOTCACHED/.test(installed.stderr)
      ? { problems: [], note: "install: left out, the registry does not answer" }
      : { problems: [`install: npm install failed: ${installed.stderr.trim()}`], note: "" };
  copyFileSync(join(root, "examples/runs.csv"), join(project, "runs.csv"));
  writeFileSync(join(project, "program.mjs"), PROGRAM);
  writeFileSync(join(project, "typed.ts"), TYPED);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const checks = {
    "npx mixlaw fit": run("npx", "--no-install", "mixlaw", "fit", "runs.csv", "--law", "linear", "--backend", "cpu", "--restarts", "8", "--out", "fit.json"), // prettier-ignore
    "npx mixlaw verify": run("npx", "--no-install", "mixlaw", "verify", "fit.json", "runs.csv"),
    "import of the library": run(process.execPath, "program.mjs"),
    types: run(process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", "."),
  };
  const problems = Object.entries(checks).flatMap(([what, { status, stdout, stderr }]) =>
    status === 0 ? [] : [`install: ${what} failed: ${`${stdout}${stderr}`.trim()}`],
  );
  return { problems, note: `install: ${Object.keys(checks).join(", ")}` };
}
