/** Fits of the public data sets, and how far they may be from the published figures. */
import type { Runs } from "../../src/data/runs/run-set.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import type { Fit, FitFile } from "../../src/fit/result/fit-file.ts";
import { openGpu } from "../support/gpu.ts";

export const engineOn = (backend: "webgpu" | "cpu"): Promise<Engine> =>
  makeEngine({
    backend,
    gpu: () => Promise.resolve(openGpu()),
    pool: inlinePool(),
    notice: () => undefined,
  });

/** The runs with some of their targets only. */
export const only = (runs: Runs, ...targets: readonly string[]): Runs => {
  const at = targets.map((name) => runs.targets.indexOf(name));
  const pick = (set: Runs["train"]): Runs["train"] => ({
    ...set,
    losses: at.map((t) => set.losses[t]),
  });
  return {
    ...runs,
    targets,
    train: pick(runs.train),
    test: runs.test === undefined ? undefined : pick(runs.test),
  };
};

export const fitOf = (file: FitFile, target: string): Fit => {
  const found = file.fits.find((f) => f.target === target);
  if (found === undefined) throw new Error(`no fit of ${target}`);
  return found;
};
