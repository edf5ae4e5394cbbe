/** The engine: fits laws to runs on a backend, and says what it runs on. */
import type { Runs } from "../data/runs/run-set.ts";
import { secondsOf } from "../records/duration.ts";
import { given } from "../base/objects.ts";
import { untilDeadline } from "../records/until-deadline.ts";
import { DeadlineError, ShardDoneError } from "../base/errors.ts";
import { type FitOptions, fitSettings } from "../options/fit-options.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Law } from "../laws/law.ts";
import { Backends, type EngineParts, type EngineReport } from "./backends.ts";
import { fitLaws } from "./fit-laws.ts";
import { fitFamilies } from "./per-target-laws.ts";
import { recordedResources } from "./records/recorded-resources.ts";
import { tracedResources } from "./records/traced-resources.ts";
import { jobOfRuns } from "./records/runs-job.ts";
import { unfinishedFit } from "./records/unfinished-fit.ts";
import type { FitFile } from "./result/fit-file.ts";
import type { Resources } from "./search/pool.ts";

export interface Engine {
  /**
   * Fits every law to every target of the runs. Rejects with InputError for data a law cannot use,
   * and with AbortedError when `signal` fires. The `partial` of any error is the FitFile of what
   * was found.
   * @example const file = await engine.fit(laws.joint, await readRuns("runs.csv"), { restarts:
   *   4096, seed: 1 });
   */
  fit(laws: Law | readonly Law[], runs: Runs, options?: FitOptions): Promise<FitFile>;
  /** For work that goes beyond a fit, such as validation. @internal */
  readonly resources: Resources;
  /** What the engine runs on. Opens the adapter if need be. */
  describe(): Promise<EngineReport>;
  /**
   * The GPU, opened when first asked for; undefined on the "cpu" backend and where "auto" finds
   * none.
   * @internal
   */
  gpu(): Promise<Gpu | undefined>;
  /** Looks for the adapter, for what the driver says then. @internal */
  look(): Promise<void>;
  /** Frees the GPU device and ends the worker threads. The engine cannot be used afterwards. */
  close(): Promise<void>;
}

/**
 * Puts an engine together. Applications use `openEngine` of the Node or browser entry. Rejects with
 * NoAdapterError on the "webgpu" backend without an adapter.
 * @internal
 */
export async function makeEngine(parts: EngineParts): Promise<Engine> {
  const backends = new Backends(parts);
  if (parts.backend === "webgpu")
    await backends.device().catch(async (error: unknown) => {
      await backends.close(); // there is no engine to be closed, and workers may run already
      throw error;
    });
  const { trace, pool } = parts;
  const untraced: Resources = {
    pool,
    searcherFor: (problem, work) => backends.searcherFor(problem, work),
  };
  const resources = tracedResources(untraced, trace);
  return {
    resources,
    fit: async (laws, runs, options = {}) => {
      const asked = "name" in laws ? [laws] : laws;
      const { records, profile } = options;
      await records?.begin(jobOfRuns("fit", asked, runs, { ...fitSettings(options), profile }));
      const recorded = recordedResources(resources, records);
      const file = await untilDeadline(
        secondsOf(options.deadline),
        options.signal,
        (signal) =>
          fitFamilies(
            (some, theirRuns, how) => fitLaws(some, theirRuns, how, recorded),
            asked,
            runs,
            { ...options, ...given({ signal }) },
          ),
        (partial) => ({ ...partial, unfinished: unfinishedFit(partial, asked) }),
      );
      if (records?.shard !== undefined)
        throw file.unfinished === undefined ? new ShardDoneError() : new DeadlineError();
      return file;
    },
    gpu: () => backends.gpuIfAny(),
    describe: () => backends.describe(),
    look: () => backends.look(),
    close: () => backends.close(),
  };
}
