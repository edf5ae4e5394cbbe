/** The library as a page gets it, in a real browser under a policy without `unsafe-eval`. */
import { describe, expect } from "vitest";
import { startMixlaw } from "../cli/command.ts";
import { browserTest } from "../support/browser.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { ask, openLibrary } from "./library-page.ts";
import type { Job } from "./pages/work.mjs";

const job: Job = {
  law: "additive",
  backend: "webgpu",
  runs: { where: "n_params < 3e8", targets: "loss_web,loss_code" },
  options: { restarts: 4, backtest: false },
};
/** The same in the words of the command. */
const command =
  "fit test/simulated/runs.csv --law additive --targets loss_web,loss_code --restarts 4 --no-backtest --backend cpu --json";

/** The command's fit file, computed once. */
let expected: Promise<FitFile> | undefined;
function fromCommand(): Promise<FitFile> {
  expected ??= startMixlaw([...command.split(" "), "--where", "n_params < 3e8"]).then(
    ({ stdout }) => JSON.parse(stdout) as FitFile,
  );
  return expected;
}

/**
 * Objectives as the command's. Both are polished in float64 to a scaled gradient of 1e-6 or less:
 * the objective is then right to the square of that.
 */
async function expectCommandNumbers(file: FitFile | undefined): Promise<void> {
  const { fits } = await fromCommand();
  expect(file?.fits.map(({ target }) => target)).toEqual(fits.map(({ target }) => target));
  for (const [i, { objective, verdict }] of (file?.fits ?? []).entries()) {
    expect(objective / fits[i].objective).toBeCloseTo(1, 9);
    expect(verdict.status).toBe(fits[i].verdict.status);
  }
}

describe("in a page that forbids eval", () => {
  browserTest("fits on WebGPU as the command does", async ({ site, openPage }) => {
    const page = await openLibrary(site, openPage);
    const { file, error, evalWorks } = await ask(page, "workHere", job);
    expect(error).toBeUndefined();
    expect(evalWorks).toBe(false);
    expect(file?.backend.kind).toBe("webgpu");
    await expectCommandNumbers(file);
  });

  browserTest("fits without WebGPU, and says so", async ({ site, openPage }) => {
    const page = await openLibrary(site, openPage, { webgpu: false });
    const { file, error, notices } = await ask(page, "workHere", { ...job, backend: "auto" });
    expect(error).toBeUndefined();
    expect(file?.backend.kind).toBe("cpu");
    expect(notices.join("\n")).toMatch(/WebGPU/);
    await expectCommandNumbers(file);
  });

  browserTest(
    "asked for a GPU that is not there, says how to go on",
    async ({ site, openPage }) => {
      const page = await openLibrary(site, openPage, { webgpu: false });
      const { file, error } = await ask(page, "workHere", job);
      expect(file).toBeUndefined();
      expect(error?.name).toBe("NoAdapterError");
    },
  );

  browserTest.for(["search", "polish"])(
    "stops in the stage %s when its signal fires",
    async (stopIn, { site, openPage }) => {
      const page = await openLibrary(site, openPage);
      const { file, error, progress } = await ask(page, "workHere", { ...job, stopIn });
      expect(file).toBeUndefined();
      expect(error?.name).toBe("AbortedError");
      expect(progress.at(-1)?.stage).toBe(stopIn);
    },
  );
});

describe("in a worker that forbids eval", () => {
  browserTest.for(["webgpu", "cpu"] as const)(
    "fits on %s as the command does",
    async (backend, { site, openPage }) => {
      const page = await openLibrary(site, openPage);
      const { file, error, evalWorks } = await ask(page, "workInWorker", { ...job, backend });
      expect(error).toBeUndefined();
      expect(evalWorks).toBe(false);
      expect(file?.backend.kind).toBe(backend);
      await expectCommandNumbers(file);
    },
  );
});
