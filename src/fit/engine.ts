/** The engine: fits laws to runs on a backend, and says what it runs on. */
import type { Runs } from "../data/runs/run-set.ts";
import { AbortedError, NoAdapterError } from "../base/errors.ts";
import { type AdapterReport, Device, type GpuProvider, type Rest } from "../gpu/device.ts";
import { MOST_COORDINATES } from "../gpu/search/kernel-source.ts";
import type { Law } from "../laws/law.ts";
import { checkSymbols } from "../laws/check-symbols.ts";
import { type FitOptions, fitSettings, type Progress } from "../base/fit-options.ts";
import { VERSION } from "../base/version.ts";
import { assemble, dataSection } from "./fit-report.ts";
import {
  bootstrapIterations,
  bootstrapLaw,
  bootstrapSection,
  bootstrapWarnings,
  checkBlocks,
  type Replicates,
  resampled,
} from "./inference/bootstrap.ts";
import { checkData, nothingFound } from "./result/check-data.ts";
import { cheaper } from "./search/choose-backend.ts";
import { fitFamilies } from "./per-target-laws.ts";
import { GpuSearcher } from "./search/gpu-searcher.ts";
import { cpuSearcher, type Pool } from "./search/pool.ts";
import type { Problem, Searcher } from "./search/problem.ts";
import { profileFits } from "./inference/profile-fits.ts";
import { checkProfiled } from "./inference/profiled-parameters.ts";
import type { Fit, FitFile } from "./result/fit-file.ts";
import { bindAll, type Means, searchAll } from "./search-laws.ts";

/**
 * "auto": whichever finishes first. "webgpu": an adapter, or an error. "cpu": float64 throughout.
 */
export type Backend = "auto" | "webgpu" | "cpu";

/** What an engine runs on. */
export interface EngineReport {
  /** Undefined when there is no adapter; `why` then says so in a sentence with the remedy. */
  readonly adapter: AdapterReport | undefined;
  /** Why there is no adapter, with the remedy; undefined where there is one. */
  readonly why: string | undefined;
  /** Worker threads for float64 work. */
  readonly threads: number;
}

export interface Engine {
  /**
   * Fits every law to every target of the runs. Rejects with InputError for data a law cannot use,
   * and with AbortedError when `signal` fires: its `partial` is the FitFile of what was found.
   * @example const file = await engine.fit(laws.joint, await readRuns("runs.csv"), { restarts:
   *   4096, seed: 1 });
   */
  fit(laws: Law | readonly Law[], runs: Runs, options?: FitOptions): Promise<FitFile>;
  /** For work that goes beyond a fit, such as validation. */
  readonly means: Means;
  /** What the engine runs on. Opens the adapter if need be. */
  describe(): Promise<EngineReport>;
  /**
   * The GPU, opened when first asked for; undefined on the "cpu" backend and where "auto" finds
   * none.
   */
  device(): Promise<Device | undefined>;
  /** Frees the GPU device and ends the worker threads. The engine cannot be used afterwards. */
  close(): Promise<void>;
}

export interface EngineParts {
  readonly backend: Backend;
  readonly gpu: GpuProvider;
  /** How to wait for a software adapter, where the event loop polls it. */
  readonly rest?: Rest;
  readonly pool: Pool;
  /** Told in a sentence what a user should know about the backend. */
  readonly notice: (sentence: string) => void;
}

/** Puts an engine together. Applications use `openEngine` of the Node or browser entry. */
export async function makeEngine({
  backend,
  gpu,
  rest,
  pool,
  notice,
}: EngineParts): Promise<Engine> {
  let opened: Promise<Device> | undefined;
  const open = async (): Promise<Device> => {
    const found = await openDevice(gpu, rest);
    found.lost.catch(() => (opened = undefined)); // the next fit opens another
    return found;
  };
  const device = (): Promise<Device> => (opened ??= open());
  if (backend === "webgpu") await device();
  let noticed = false;
  const searcherFor = async (problem: Problem, iterations: number): Promise<Searcher> => {
    const cpu = cpuSearcher(pool);
    if (backend === "cpu") return cpu;
    try {
      const found = await device();
      const p = problem.program.params;
      const searcher = new GpuSearcher(found);
      if (backend === "auto") {
        if (p > MOST_COORDINATES) return cpu;
        return cheaper(problem, iterations, pool.threads, found.report, searcher.prepared(problem))
          .cpu
          ? cpu
          : searcher;
      }
      if (p <= MOST_COORDINATES) return searcher;
      notice(
        `The law ${problem.title} has ${p} parameters here, more than the GPU kernels take (${MOST_COORDINATES}): it is fitted in float64 on the CPU.`,
      );
      return cpu;
    } catch (error) {
      if (backend === "webgpu" || !(error instanceof NoAdapterError)) throw error;
      if (!noticed) notice(`${error.message} Using float64 on the CPU.`);
      noticed = true;
      return cpu;
    }
  };
  const means: Means = { pool, searcherFor };
  return {
    means,
    fit: (laws, runs, options = {}) =>
      fitFamilies(
        (some, of, how) => fitAll(some, of, how, means),
        "name" in laws ? [laws] : laws,
        runs,
        options,
      ),
    async device() {
      if (backend === "cpu") return undefined;
      try {
        return await device();
      } catch (error) {
        if (backend === "webgpu" || !(error instanceof NoAdapterError)) throw error;
        return undefined;
      }
    },
    async describe() {
      try {
        return { adapter: (await device()).report, why: undefined, threads: pool.threads };
      } catch (error) {
        if (!(error instanceof NoAdapterError)) throw error;
        return { adapter: undefined, why: error.message, threads: pool.threads };
      }
    },
    async close() {
      (await opened?.catch(() => undefined))?.close();
      await pool.close();
    },
  };
}

async function openDevice(gpu: GpuProvider, rest: Rest | undefined): Promise<Device> {
  const remedy =
    'No WebGPU adapter was found. On Debian or Ubuntu, "apt-get install mesa-vulkan-drivers" gives a software one (Debian 12: from bookworm-backports); "mixlaw doctor" says more.';
  const found = await gpu();
  if (found === undefined) throw new NoAdapterError(remedy);
  try {
    return await Device.open(found, rest);
  } catch (error) {
    throw error instanceof NoAdapterError ? new NoAdapterError(remedy) : error;
  }
}

async function fitAll(
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
  means: Means,
): Promise<FitFile> {
  const settings = fitSettings(options);
  const { signal, profile: names = [] } = options;
  const stopped = (): boolean => signal?.aborted === true;
  const began = performance.now();
  const order = bindAll(laws, runs, settings);
  // All before the first is fitted; those asked for alone, since what they contain needs less.
  const asked = order.filter((bound) => laws.includes(bound.law));
  checkSymbols(asked, settings);
  checkProfiled(asked, names);
  for (const bound of asked) checkData(bound, runs, settings);
  if (settings.bootstrap > 0) checkBlocks(runs);
  const fits: Fit[] = [];
  const timing: Record<string, number> = {};
  let backend: FitFile["backend"] | undefined;
  const partsOf = (law: Law) =>
    stages(laws.includes(law) && names.length > 0, laws.includes(law) && settings.bootstrap > 0);
  const report = (p: Progress, place: number, from: number, to: number): void =>
    options.onProgress?.({
      ...p,
      fraction: (place + from + p.fraction * (to - from)) / order.length,
    });
  const iterations = bootstrapIterations(runs.targets.length, settings);
  const refits = settings.bootstrap > 0 ? { blocks: resampled(runs), iterations } : undefined;
  const searched = searchAll(order, laws, runs, settings, refits, means, signal, (p, place) =>
    report(p, place, 0, partsOf(order[place].law).search),
  );
  for await (const { law, problem, scales, best, searcher, seconds } of searched) {
    const { name } = law.law;
    const [place, parts] = [order.indexOf(law), partsOf(law.law)];
    if (backend?.kind !== "webgpu") backend = { kind: searcher.kind, adapter: searcher.name };
    timing[name] = seconds;
    if (!laws.includes(law.law)) continue;
    const lost = best.indexOf(undefined);
    if (lost >= 0 && !stopped()) throw nothingFound(law, runs, lost, scales[lost], settings);
    const interrupted = stopped();
    const watch = (stage: Progress["stage"], from: number, to: number) => ({
      signal,
      tick: (fraction: number) => report({ law: name, stage, fraction }, place, from, to),
    });
    const profiles =
      names.length === 0 || interrupted
        ? []
        : await profileFits(
            {
              law,
              thetas: best.map((b) => b?.theta),
              scales,
              names,
              runs,
              settings,
            },
            means.pool,
            watch("profile", parts.search, parts.profile),
          );
    let made: Replicates[] | undefined;
    if (settings.bootstrap > 0 && !interrupted) {
      const started = performance.now();
      const told = watch("bootstrap", parts.profile, 1);
      made = await bootstrapLaw(
        law,
        problem,
        runs,
        scales,
        best,
        settings,
        searcher,
        means.pool,
        told,
      );
      timing[`${name} bootstrap`] = (performance.now() - started) / 1000;
    }
    for (const [t, b] of best.entries()) {
      if (b === undefined) continue;
      const section = made === undefined ? null : bootstrapSection(law, b, made[t], runs, settings);
      const said = made === undefined ? [] : bootstrapWarnings(section, runs, settings);
      const more = {
        scale: scales[t],
        settings,
        interrupted,
        profile: profiles[t],
        bootstrap: section,
        said,
      };
      fits.push(assemble(law, problem, runs, t, b, more));
    }
  }
  timing["total"] = (performance.now() - began) / 1000;
  const file: FitFile = {
    schema: "mixlaw/fit@1",
    version: VERSION,
    data: dataSection(runs),
    settings,
    backend: backend ?? { kind: "cpu", adapter: "" },
    fits: [...new Set(laws)].flatMap((law) => fits.filter((f) => f.law === law.name)),
    ...definitionsOf(laws),
    timing,
  };
  if (stopped()) throw new AbortedError(file.fits.length > 0 ? file : undefined);
  return file;
}

/** Up to where in a law's progress its search and its profiles go; the bootstrap has the rest. */
const stages = (
  profile: boolean,
  bootstrap: boolean,
): { readonly search: number; readonly profile: number } => {
  const end = bootstrap ? 0.3 : 1;
  return { search: profile ? 0.7 * end : end, profile: end };
};

/** The formulas that laws beyond the catalog were made of. */
function definitionsOf(laws: readonly Law[]): Pick<FitFile, "definitions"> {
  const found = laws.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [[name, definition] as const],
  );
  return found.length === 0 ? {} : { definitions: Object.fromEntries(found) };
}
