/**
 * Prints how many tests passed and failed, from vitest's JSON reports, as one last line: `N passed,
 * N failed[, N skipped]`.
 *
 *     node scripts/count.mjs <exit status of the run> <report>...
 *
 * What failed without being a test counts as one failure, so that a failed run never reads "0
 * failed": a file that could not be loaded, a hook, or a run that stopped before the tests
 * (formatting, lint, types, build).
 */
import { existsSync, readFileSync } from "node:fs";

const [status = "0", ...paths] = process.argv.slice(2);

/** @type {{ status: string, assertionResults: { status: string }[] }[]} */
const files = paths
  .filter((path) => existsSync(path))
  .flatMap((path) => JSON.parse(readFileSync(path, "utf8")).testResults);
const tests = files.flatMap((file) => file.assertionResults.map((result) => result.status));
const count = (/** @type {string[]} */ ...states) =>
  tests.filter((state) => states.includes(state)).length;

const broken = files.filter(
  (file) =>
    file.status === "failed" &&
    !file.assertionResults.some(({ status: state }) => ["failed", "pending"].includes(state)),
).length;
const passed = count("passed");
const skipped = count("skipped", "todo", "disabled");
let failed = count("failed", "pending") + broken; // pending: begun or waiting when its process died
if (failed === 0 && status !== "0") failed = 1;
if (failed === 0 && passed === 0) failed = 1;

if (files.length === 0) console.log("no tests were run");
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
