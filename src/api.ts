/** The engine that users of the library get: its fits predict and optimize. */
import * as v from "valibot";
import { type RunsOrRows, runsFrom } from "./data/runs/runs.ts";
import { anything, type EntriesOf, oneOf } from "./options/option-schema.ts";
import { type Backend, BACKENDS, type EngineParts } from "./fit/backends.ts";
import { type Engine as FitEngine, makeEngine } from "./fit/engine.ts";
import type { Prediction } from "./fit/predict.ts";
import type { FitFile } from "./fit/result/fit-file.ts";
import type { Law } from "./laws/law.ts";
import { optimize } from "./mixture/optimize.ts";
import type { OptimizeOptions } from "./mixture/request/optimize-options.ts";
import type { Optimum } from "./mixture/request/optimum.ts";
import type { FitOptions } from "./options/fit-options.ts";
import { predict } from "./predict.ts";
import { Trace, traced } from "./trace/trace.ts";
import type { Validation } from "./validate/validation.ts";
import { validate, type ValidateOptions } from "./validate/validate.ts";

/** Where an engine computes. */
export interface EngineOptions {
  /**
   * "auto" (default): whichever finishes first. "webgpu" insists on an adapter. "cpu" is float64
   * throughout.
   */
  readonly backend?: Backend;
  /**
   * Told in a sentence when something about the backend matters, such as a missing adapter.
   * Default: nobody.
   */
  readonly onNotice?: (sentence: string) => void;
  /**
   * Records what the engine does, and when: see `Trace`. Default: nothing is recorded. Results are
   * the same.
   */
  readonly trace?: Trace;
}

/** What each option of an engine may be, and its default. @internal */
export const ENGINE_ENTRIES = {
  backend: v.optional(oneOf(BACKENDS), "auto"),
  onNotice: v.optional(anything<(sentence: string) => void>(), () => () => undefined),
  trace: v.optional(v.instance(Trace, "it must be a Trace")),
} satisfies EntriesOf<EngineOptions>;

/** A fit file with methods; `JSON.stringify` gives the file. */
export interface FitResult extends FitFile {
  /** The best mixture at (N, D); see `optimize`. */
  optimize(options?: OptimizeOptions): Promise<Optimum>;
  /** Predicted losses at other points; see `predict`. */
  predict(points: RunsOrRows): Prediction[];
}

/** Fits, optimizes and validates on one backend. `openEngine` makes one. */
export interface Engine extends Pick<FitEngine, "describe" | "close"> {
  /**
   * Fits every law to every target of the runs. Rejects with InputError for data a law cannot use,
   * and with AbortedError when `signal` fires. The `partial` of any error is the FitFile of what
   * was found.
   * Rows may be plain objects, with the usual names of columns; `toRuns` takes them with others.
   * @example const fit = await engine.fit(laws.joint, await readRuns("runs.csv"), { restarts: 4096,
   *   seed: 1 });
   */
  fit(laws: Law | readonly Law[], runs: RunsOrRows, options?: FitOptions): Promise<FitResult>;
  /**
   * The best mixture by the fits of a file; see `optimize`. Random mixtures are drawn on the GPU
   * where there is one.
   */
  optimize(file: FitFile, options?: OptimizeOptions): Promise<Optimum>;
  /**
   * How well laws predict runs that they were not fitted to; see `validate`.
   * @example (await engine.validate([laws.simple, laws.additive], runs, { by: "mixture"
   *   })).laws[0].law
   */
  validate(
    laws: Law | readonly Law[],
    runs: RunsOrRows,
    options?: ValidateOptions,
  ): Promise<Validation>;
  /** Looks for the adapter, for what the driver says then. @internal */
  look(): Promise<void>;
}

/** The engine of an entry. @internal */
export async function openWith(parts: EngineParts): Promise<Engine> {
  const engine = await makeEngine(parts);
  const stage = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    traced(parts.trace, { name, kind: "stage" }, work);
  const best = (file: FitFile, options?: OptimizeOptions): Promise<Optimum> =>
    stage("optimize", async () =>
      optimize(file, options, { gpu: await engine.gpu(), pool: parts.pool }),
    );
  return {
    fit: async (laws, runs, options) => {
      const file = await stage("fit", () => engine.fit(laws, runsFrom(runs), options));
      // Methods go on the prototype, so that the object's own keys stay those of the file.
      const methods: Pick<FitResult, "optimize" | "predict"> = {
        optimize: (request) => best(file, request),
        predict: (points) => predict(file, points),
      };
      return Object.assign(Object.create(methods) as FitResult, file);
    },
    optimize: best,
    validate: (laws, runs, options) =>
      stage("validate", async () =>
        validate(engine.resources, "name" in laws ? [laws] : laws, runsFrom(runs), options),
      ),
    describe: () => engine.describe(),
    look: () => engine.look(),
    close: () => engine.close(),
  };
}
