/** Float64 in a page, by what its policy allows: WebAssembly, or JavaScript. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import { startMixlaw } from "../cli/command.ts";
import { browserTest } from "../support/browser.ts";
import { openSite, STRICT_POLICY } from "../support/site.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { laws } from "../../src/index.ts";
import { draw, problemOf } from "../fit/fixture.ts";
import { evaluated, type EvaluationTask } from "./evaluation.ts";
import { ask, openLibrary } from "./library-page.ts";
import type { Job } from "./pages/work.mjs";

const job: Job = {
  law: "additive",
  backend: "cpu",
  runs: { where: "n_params < 2e8", targets: "loss_web" },
  options: { restarts: 8, backtest: false, bootstrap: 20 },
};
const command =
  "fit test/simulated/runs.csv --law additive --targets loss_web --restarts 8 --no-backtest --bootstrap 20 --backend cpu --json";

/** The policy, with what allows WebAssembly. */
const WITH_WASM = STRICT_POLICY.replace(
  "script-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
);

/** The command's fit file in Node, its float64 in WebAssembly or not. */
const inNode = async (float64: string): Promise<FitFile> => {
  const words = [...command.split(" "), "--where", "n_params < 2e8"];
  const { stdout } = await startMixlaw(words, { env: { MIXLAW_FLOAT64: float64 } });
  return JSON.parse(stdout) as FitFile;
};

/**
 * Objectives to 12 digits. Not to the last bit: starts, and columns of data such as ln N, come from
 * the engine's own Math.log, of which Chromium has another version than Node.
 */
function expectNodesNumbers(file: FitFile | undefined, node: FitFile): void {
  expect(file?.fits.length).toBe(node.fits.length);
  expect(file?.backend.float64).toBe(node.backend.float64);
  for (const [i, { objective }] of node.fits.entries())
    expect((file?.fits[i].objective ?? NaN) / objective).toBeCloseTo(1, 12);
}

browserTest.for(["workHere", "workInWorker"] as const)(
  "%s: with 'wasm-unsafe-eval' float64 is WebAssembly's, and nothing is said",
  async (where, { openPage }) => {
    const site = await openSite(WITH_WASM);
    try {
      const page = await openLibrary(site, openPage, { webgpu: false });
      const { file, error, notices, evalWorks } = await ask(page, where, job);
      expect(error).toBeUndefined();
      expect(evalWorks).toBe(false);
      expect(notices).toEqual([]);
      expect(file?.backend.float64).toBe("webassembly");
      expectNodesNumbers(file, await inNode(""));
    } finally {
      await site.close();
    }
  },
);

browserTest("without it JavaScript computes, which is said once", async ({ site, openPage }) => {
  const page = await openLibrary(site, openPage, { webgpu: false });
  const { file, error, notices } = await ask(page, "workHere", job);
  expect(error).toBeUndefined();
  expect(notices).toEqual([expect.stringMatching(/'wasm-unsafe-eval'.*'unsafe-eval'/)]);
  expect(file?.backend.float64).toBe("javascript");
  expectNodesNumbers(file, await inNode("javascript"));
});

/** An evaluation of the joint law, as JSON. */
function evaluationTask(): EvaluationTask {
  const { law, runs, truths } = draw(laws.joint, { domains: 5, noise: 1e-2 });
  const { program, losses, packed } = problemOf(law, runs);
  const { start, order, mix, run, responses, weights } = packed;
  const lists = { start, order, mix, run, response: responses[0], weights: weights[0] };
  const plain = Object.entries(lists).map(([name, values]) => [name, [...values]]);
  const task = { program, loss: losses[0], packed: Object.fromEntries(plain), theta: [...truths[0]] }; // prettier-ignore
  return JSON.parse(JSON.stringify(task)) as EvaluationTask;
}

browserTest("an evaluation has the same bits in a page as in Node", async ({ openPage }) => {
  const site = await openSite(WITH_WASM);
  try {
    const page = await openLibrary(site, openPage, { webgpu: false });
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, "evaluation.ts")],
      bundle: true,
      format: "iife",
      globalName: "evaluation",
      loader: { ".wgsl": "text" },
      write: false,
    });
    const task = evaluationTask();
    const text = `${outputFiles[0].text}; evaluation.evaluated(${JSON.stringify(task)})`;
    const here = evaluated(task);
    expect(here.float64).toBe("webassembly");
    expect(await page.evaluate(text)).toEqual(here);
  } finally {
    await site.close();
  }
});
