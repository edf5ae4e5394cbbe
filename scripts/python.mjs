/**
 * Tests the package for Python as its users get it: builds this machine's wheel, installs it into
 * an empty virtual environment, fits there without any library of tables, then installs those and
 * the tools, and runs ruff, mypy and pytest, which has a notebook.
 *
 *     node scripts/python.mjs        after `npm run bundle`; the results go to .cache/pytest.json
 *
 * PYTHON=/usr/bin/python3   the Python to use, 3.11 or later
 * MIXLAW_NO_INSTALL=1       the system's package of venv is not installed where it is missing
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { aptGet, obstacle } from "./packages.mjs";

const root = dirname(import.meta.dirname);
const python = process.env["PYTHON"] ?? "python3";

/** What the tests need, in versions that are known to go together. */
const TOOLS = ["pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1", "pytest==9.2.0", "nbclient==0.11.0", "ipykernel==7.4.0", "mypy==2.4.1", "ruff==0.17.6"]; // prettier-ignore

/** A fit as a user's first one, with nothing installed but the package. */
const FIRST = `
import sys, mixlaw
fit = mixlaw.fit(sys.argv[1], laws="linear", restarts=8, backend="cpu")
assert fit.parameters["value"] and mixlaw.__version__, fit
assert not {"pandas", "polars", "pyarrow"} & set(sys.modules)
`;

/**
 * @param {string} what is done, for the line that is printed
 * @param {string} command
 * @param {string[]} words
 * @param {string} [cwd]
 */
function run(what, command, words, cwd = root) {
  const began = performance.now();
  const { status } = spawnSync(command, words, { cwd, stdio: "inherit" });
  console.log(`python: ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (status !== 0) throw new Error(`python: ${what} failed`);
}

/** Makes a virtual environment; Debian has what that needs in a package of its own.
 * @param {string} folder */
function makeEnvironment(folder) {
  const make = () => spawnSync(python, ["-m", "venv", folder], { encoding: "utf8" });
  const first = make();
  if (first.status === 0) return;
  const why = obstacle();
  if (why !== undefined) throw new Error(`python: no environment (${why}): ${first.stdout}`);
  aptGet("update");
  aptGet("install", "--no-install-recommends", "python3-venv");
  const second = make();
  if (second.status !== 0) throw new Error(`python: no environment: ${second.stdout}`);
}

/** @param {string} folder for the wheel and the environment */
function test(folder) {
  const home = join(root, "python");
  run("wheel", python, ["python/building/wheels.py", folder]);
  const [wheel = ""] = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  makeEnvironment(join(folder, "env"));
  const bin = join(folder, "env", process.platform === "win32" ? "Scripts" : "bin");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"];
  const inside = join(bin, "python");
  run("install the wheel", inside, [...pip, join(folder, wheel)]);
  run("first fit", inside, ["-c", FIRST, join(root, "test/simulated/runs.csv")], folder);
  run("install the tools", inside, [...pip, ...TOOLS]);
  run("ruff", join(bin, "ruff"), ["check", "--no-cache", "."], home);
  run("ruff format", join(bin, "ruff"), ["format", "--no-cache", "--check", "."], home);
  run("mypy", inside, ["-m", "mypy", "--cache-dir", join(folder, "mypy")], home);
  const report = join(folder, "pytest.xml");
  process.env["MIXLAW_WHEEL"] = join(folder, wheel);
  try {
    run("pytest", inside, ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junit-xml=${report}`], home); // prettier-ignore
  } finally {
    writeFileSync(join(root, ".cache/pytest.json"), JSON.stringify(countable(report)));
  }
}

/** What pytest reports, as vitest would, for scripts/count.mjs.
 * @param {string} path of JUnit's XML */
function countable(path) {
  const { stdout } = spawnSync(
    python,
    ["-c", "import sys, json, xml.etree.ElementTree as tree\nprint(json.dumps(['failed' if case.find('failure') is not None or case.find('error') is not None else 'skipped' if case.find('skipped') is not None else 'passed' for case in tree.parse(sys.argv[1]).iter('testcase')]))", path], // prettier-ignore
    { encoding: "utf8" },
  );
  /** @type {string[]} */
  const states = stdout.trim() === "" ? ["failed"] : JSON.parse(stdout);
  const status = states.includes("failed") ? "failed" : "passed";
  return {
    testResults: [{ status, assertionResults: states.map((state) => ({ status: state })) }],
  };
}

mkdirSync(join(root, ".cache"), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "mixlaw-python-"));
try {
  test(folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
