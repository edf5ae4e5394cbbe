/** Every verb of the library refuses what it does not know, and names it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type FitFile,
  initialDesign,
  InputError,
  lawFromFormula,
  nextRuns,
  openEngine,
  optimize,
  optimizeCompute,
  optimizeSizes,
  predict,
  readRuns,
  toRuns,
} from "../../src/node.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { validate } from "../../src/validate/validate.ts";

const nothing = {} as never;
const table = { source: "runs.csv", sha256: "", rows: 1, columns: new Map(), notes: [] };
const file = JSON.parse(readFileSync("../shared/cases/claims/two-basins.json", "utf8")) as FitFile;
const runs = toRuns([{ h_web: 1, loss_a: 2 }]);
const domains = ["web"];

/** Options as somebody without types may write them. */
const odd = (options: object): never => options as never;

test.each<[string, () => unknown, string]>([
  ["fit", () => fitSettings(odd({ restart: 3 })), 'fit has no option "restart"; did you mean "restarts"?'],
  ["validate", () => validate(nothing, [], runs, odd({ fold: 3 })), 'validate has no option "fold"; did you mean "folds"?'],
  ["validate", () => validate(nothing, [], runs, odd({ bootstrap: 100 })), 'validate has no option "bootstrap"'],
  ["predict", () => predict(file, runs, odd({ levels: 0.9 })), 'predict has no option "levels"; did you mean "level"?'],
  ["optimize", () => optimize(file, odd({ param: 7e9 })), 'optimize has no option "param"; did you mean "params"?'],
  ["optimize", () => optimize(file, odd({ constraints: { cap: { web: 0.5 } } })), '‘constraints’ has no option "cap"; did you mean "caps"?'],
  ["optimizeSizes", () => optimizeSizes(file, odd({ flop: 1e21 })), 'optimizeSizes needs the option "flops".'],
  ["optimizeCompute", () => optimizeCompute(file, nothing, {}, -1, nothing), "‘flops’ is -1; it must be a positive number of floating-point operations, such as 1e21."],
  ["initialDesign", () => initialDesign(odd({ domains, flop: 1e21 })), 'initialDesign has no option "flop"; did you mean "flops"?'],
  ["initialDesign", () => initialDesign({ domains, sizes: [0] }), "‘sizes.0’ is 0; it must be a positive number."],
  ["nextRuns", () => nextRuns(file, runs, odd({ goal: "both" })), '‘goal’ is "both"; it must be one of mixture, loss, points.'],
  ["toRuns", () => toRuns(table, odd({ target: "loss" })), 'readRuns has no option "target"; did you mean "targets"?'],
  ["toRuns", () => toRuns(table, odd({ params: 7e9 })), "‘params’ is 7000000000; it must be the name of a column."],
  ["lawFromFormula", () => lawFromFormula("a*params", odd({ parameters: { a: { strat: [1, 2] } } })), '‘parameters.a’ has no option "strat"; did you mean "start"?'],
  ["openEngine", () => openEngine(odd({ backend: "gpu" })), '‘backend’ is "gpu"; it must be one of auto, webgpu, cpu.'],
  ["openEngine", () => openEngine({ threads: 0 }), "‘threads’ is 0; it must be a whole number from 1 to 256."],
])("%s says: %s", async (_, call, message) => {
  const answer = async (): Promise<unknown> => call();
  await expect(answer()).rejects.toThrow(InputError);
  await expect(answer()).rejects.toThrow(message);
}); // prettier-ignore

test("readRuns checks its options", async () => {
  await expect(readRuns("test/simulated/runs.csv", odd({ were: "x" }))).rejects.toThrow(
    'readRuns has no option "were"; did you mean "where"?',
  );
});
