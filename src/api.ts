/** The library's face: an engine whose fits predict and optimize. */
import type { Runs } from "./data/runset.ts";
import { type Engine as FitEngine, type EngineParts, makeEngine } from "./fit/engine.ts";
import { predict, type Prediction } from "./fit/predict.ts";
import type { FitFile } from "./fit/result.ts";
import type { Law } from "./laws/define.ts";
import { optimize, type OptimizeOptions, type Optimum } from "./mixture/optimize.ts";
import type { FitOptions } from "./options.ts";

/** A fit file with methods; `JSON.stringify` gives the file. */
export interface FitResult extends FitFile {
  /** The best mixture at (N, D); see `optimize`. */
  optimize(options?: OptimizeOptions): Promise<Optimum>;
  /** Predicted losses at other points; see `predict`. */
  predict(points: Runs): Prediction[];
}

export interface Engine extends Omit<FitEngine, "fit"> {
  /**
   * Fits every law to every target of the runs.
   * Rejects with InputError for data a law cannot use, and with AbortedError when `signal` fires: its `partial` is the FitFile of what was found.
   * @example const fit = await engine.fit(laws.joint, await readRuns("runs.csv"), { restarts: 4096, seed: 1 });
   */
  fit(laws: Law | readonly Law[], runs: Runs, options?: FitOptions): Promise<FitResult>;
}

/** Methods go on the prototype, so that the object's own keys stay those of the file. */
export const withMethods = (file: FitFile): FitResult =>
  Object.assign(
    Object.create({
      optimize: (options?: OptimizeOptions) => Promise.resolve().then(() => optimize(file, options)),
      predict: (points: Runs) => predict(file, points),
    }) as FitResult,
    file,
  );

export async function openWith(parts: EngineParts): Promise<Engine> {
  const engine = await makeEngine(parts);
  return { ...engine, fit: async (laws, runs, options) => withMethods(await engine.fit(laws, runs, options)) };
}
