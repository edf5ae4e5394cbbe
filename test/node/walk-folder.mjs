/**
 * node walk-folder.mjs FOLDER POINTS [BACKEND [PART-OF-NAME]]
 *
 * Takes every file of a folder through fit, predict and optimize of the bundled library, in this
 * one process, and prints what came of each as JSON: a result, or the error, and the seconds that
 * its threads took (a clock on the wall knows of other processes too).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @type {typeof import("../../src/node.ts")} */
const library = await import(new URL("../../dist/node.js", import.meta.url).href);
const { laws, openEngine, optimize, predict, readRuns } = library;

const [folder = "", points = "", backend = "cpu", only = ""] = process.argv.slice(2);
const engine = await openEngine({ backend: backend === "webgpu" ? "webgpu" : "cpu", threads: 1 });
/** @type {object[]} */
const steps = [];

/**
 * @param {string} file
 * @param {string} name
 * @param {() => Promise<unknown>} work
 */
async function step(file, name, work) {
  const began = process.cpuUsage();
  const outcome = await work().then(
    (result) => ({ result }),
    (/** @type {Error} */ error) => ({ error: error.name, message: error.message }),
  );
  const { user, system } = process.cpuUsage(began);
  steps.push({ file, step: name, ...outcome, seconds: (user + system) / 1e6 });
}

const at = { params: 1e9, tokens: 2e10, inputs: { x: 2 }, samples: 0, epsilon: 0 };

for (const file of readdirSync(folder).toSorted()) {
  if (!file.includes(only)) continue;
  const path = join(folder, file);
  /** @type {import("../../src/node.ts").FitFile | undefined} */
  let fitted;
  await step(file, "fit", async () => {
    const options = { restarts: 2, backtest: false };
    fitted = await engine.fit(laws.simple, await readRuns(path), options);
    return fitted.data.domains;
  });
  if (fitted === undefined && !file.endsWith(".json")) continue;
  const fit = fitted ?? JSON.parse(readFileSync(path, "utf8"));
  const table = fitted === undefined ? points : path;
  await step(file, "predict", async () => {
    const predictions = predict(fit, await readRuns(table, { targets: "" }));
    return predictions.every(({ values }) => values.every(Number.isFinite));
  });
  await step(file, "optimize", async () => Number.isFinite((await optimize(fit, at)).objective));
}
await engine.close();
process.stdout.write(JSON.stringify({ steps, megabytes: process.resourceUsage().maxRSS / 1024 }));
