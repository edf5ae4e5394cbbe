/** The engine: fits laws to runs on a backend, and says what it runs on. */
import type { Runs } from "../data/runset.ts";
import { AbortedError, NoAdapterError } from "../errors.ts";
import { type AdapterReport, Device, type GpuProvider } from "../gpu/device.ts";
import { MOST_COORDINATES } from "../gpu/source.ts";
import { CATALOG } from "../laws/catalog.ts";
import { bind, type BoundLaw, type Law, type LossScale, type Units } from "../laws/define.ts";
import { corner, residualProgram } from "../laws/objective.ts";
import { checkSymbols } from "../laws/symbols.ts";
import { type FitOptions, type FitSettings, fitSettings, type Progress } from "../options.ts";
import { pack } from "../solve/pack.ts";
import { VERSION } from "../version.ts";
import { assemble, dataSection } from "./assemble.ts";
import { checkColumns, checkData, nothingFound } from "./check.ts";
import { bootstrapLaw, bootstrapSection, bootstrapWarnings, checkBlocks } from "./bootstrap.ts";
import { bootstrapIterations, cheaper, searchIterations } from "./choose.ts";
import { fitFamilies } from "./families.ts";
import { GpuSearcher } from "./gpu.ts";
import { cpuSearcher, type Pool } from "./pool.ts";
import type { Problem, Searcher } from "./problem.ts";
import { profiled, profileFits } from "./profile.ts";
import type { Fit, FitFile } from "./result.ts";
import { type Best, searchLaw } from "./search.ts";
import { randomStarts } from "./starts.ts";
import { rowWeights } from "./weights.ts";

export type Backend = "auto" | "webgpu" | "cpu";

export interface EngineReport {
  /** Undefined when there is no adapter; `why` then says so in a sentence with the remedy. */
  readonly adapter: AdapterReport | undefined;
  readonly why: string | undefined;
  readonly threads: number;
}

export interface Engine {
  /**
   * Fits every law to every target of the runs.
   * Rejects with InputError for data a law cannot use, and with AbortedError when `signal` fires: its `partial` is the FitFile of what was found.
   * @example const file = await engine.fit(laws.joint, await readRuns("runs.csv"), { restarts: 4096, seed: 1 });
   */
  fit(laws: Law | readonly Law[], runs: Runs, options?: FitOptions): Promise<FitFile>;
  describe(): Promise<EngineReport>;
  /** The GPU, opened when first asked for; undefined on the "cpu" backend and where "auto" finds none. */
  device(): Promise<Device | undefined>;
  close(): Promise<void>;
}

export interface EngineParts {
  readonly backend: Backend;
  readonly gpu: GpuProvider;
  readonly pool: Pool;
  /** Told in a sentence what a user should know about the backend. */
  readonly notice: (sentence: string) => void;
}

let problems = 0;

/** Puts an engine together. Applications use `openEngine` of the Node or browser entry. */
export async function makeEngine({ backend, gpu, pool, notice }: EngineParts): Promise<Engine> {
  let opened: Promise<Device> | undefined;
  const open = async (): Promise<Device> => {
    const found = await openDevice(gpu);
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
      if (backend === "auto")
        return p > MOST_COORDINATES || cheaper(problem, iterations, pool.threads, found.report).cpu ? cpu : new GpuSearcher(found);
      if (p <= MOST_COORDINATES) return new GpuSearcher(found);
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
  return {
    fit: (laws, runs, options = {}) =>
      fitFamilies((some, of, how) => fitAll(some, of, how, pool, searcherFor), "name" in laws ? [laws] : laws, runs, options),
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

async function openDevice(gpu: GpuProvider): Promise<Device> {
  const remedy =
    'No WebGPU adapter was found. On Debian or Ubuntu, "apt-get install mesa-vulkan-drivers" gives a software one (Debian 12: from bookworm-backports); "mixlaw doctor" says more.';
  const found = await gpu();
  if (found === undefined) throw new NoAdapterError(remedy);
  try {
    return await Device.open(found);
  } catch (error) {
    throw error instanceof NoAdapterError ? new NoAdapterError(remedy) : error;
  }
}

/** Requested laws with those they contain, smaller before larger. */
function withContained(laws: readonly Law[]): Law[] {
  const all = new Set<Law>();
  const visit = (law: Law): void => {
    for (const name of Object.keys(law.contains)) visit(CATALOG.get(name) as Law);
    all.add(law);
  };
  for (const law of laws) visit(law);
  return [...all];
}

async function fitAll(
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
  pool: Pool,
  searcherFor: (problem: Problem, iterations: number) => Promise<Searcher>,
): Promise<FitFile> {
  // prettier-ignore
  const settings = fitSettings(options);
  const { signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  const began = performance.now();
  // With given starts alone there is none for what a law contains.
  const order = (settings.restarts === 0 ? [...new Set(laws)] : withContained(laws)).map((law) =>
    bind(law, law.uses.weights ? runs.domains : [], settings, centers(law, runs)),
  );
  // All before the first is fitted; those asked for alone, since what they contain needs less.
  const asked = order.filter((bound) => laws.includes(bound.law));
  checkSymbols(asked, settings);
  profiled(asked, options.profile ?? []);
  for (const bound of asked) checkData(bound, runs, settings);
  if (settings.bootstrap > 0) checkBlocks(runs);
  const bests = new Map<string, { law: BoundLaw; best: readonly (Best | undefined)[] }>();
  const fits: Fit[] = [];
  const timing: Record<string, number> = {};
  const resample = async (
    law: BoundLaw,
    problem: Problem,
    scales: readonly LossScale[],
    best: readonly (Best | undefined)[],
    report: (p: Progress, from: number, to: number) => void,
  ) => {
    const started = performance.now();
    const searcher = await searcherFor(problem, bootstrapIterations(scales.length, settings));
    const tick = (fraction: number): void => report({ law: law.law.name, stage: "bootstrap", fraction }, stages(false, true).profile, 1);
    const made = await bootstrapLaw(law, problem, runs, scales, best, settings, searcher, pool, { signal, tick });
    timing[`${law.law.name} bootstrap`] = (performance.now() - started) / 1000;
    return made;
  };
  let backend: FitFile["backend"] | undefined;
  for (const [n, bound] of order.entries()) {
    if (stopped()) break;
    const started = performance.now();
    const { law } = bound;
    const scales = runs.train.losses.map(scaleOf);
    const program = residualProgram(bound, settings.residual);
    const packed = pack(program, runs.train, runs.domains.length, runs.train.losses, rowWeights(runs.train, settings.residual));
    checkColumns(program, packed, runs, law.name);
    const problem: Problem = {
      id: problems++,
      title: law.name,
      program,
      packed,
      delta: corner(settings),
      box: { lower: bound.lower, upper: bound.upper },
    };
    const nested = runs.targets.map((_, t) =>
      Object.entries(law.contains).flatMap(([name, embed]) => {
        const smaller = bests.get(name);
        const point = smaller?.best[t];
        return smaller === undefined || point === undefined ? [] : [bound.vector(embed(smaller.law.coordinates(point.theta)))];
      }),
    );
    const searcher = await searcherFor(problem, searchIterations(scales.length, settings));
    if (backend?.kind !== "webgpu") backend = { kind: searcher.kind, adapter: searcher.name };
    const names = laws.includes(law) ? (options.profile ?? []) : [];
    const parts = stages(names.length > 0, laws.includes(law) && settings.bootstrap > 0);
    const report = (p: Progress, from = 0, to = parts.search) =>
      options.onProgress?.({ ...p, fraction: (n + from + p.fraction * (to - from)) / order.length });
    const best = await searchLaw(
      { law: bound, problem, scales, nested, given: startsFor(bound, laws.includes(law), settings), settings },
      searcher,
      pool,
      signal,
      report,
    );
    bests.set(law.name, { law: bound, best });
    timing[law.name] = (performance.now() - started) / 1000;
    if (!laws.includes(law)) continue;
    const lost = best.indexOf(undefined);
    if (lost >= 0 && !stopped()) throw nothingFound(bound, runs, lost, randomStarts(bound, scales[lost], settings.seed, settings.restarts));
    const interrupted = stopped();
    const profiles =
      names.length === 0 || interrupted
        ? []
        : await profileFits(
            { law: bound, problem, thetas: best.map((b) => b?.theta), scales, names, runs, settings, id: problems++ },
            pool,
            { signal, tick: (fraction) => report({ law: law.name, stage: "profile", fraction }, parts.search, parts.profile) },
          );
    const resampled = settings.bootstrap === 0 || interrupted ? undefined : await resample(bound, problem, scales, best, report);
    for (const [t, b] of best.entries()) {
      if (b === undefined) continue;
      const section = resampled === undefined ? null : bootstrapSection(bound, b, resampled[t], runs, settings);
      const said = resampled === undefined ? [] : bootstrapWarnings(section, runs, settings);
      const more = { scale: scales[t], settings, interrupted, profile: profiles[t], bootstrap: section, said };
      fits.push(assemble(bound, problem, runs, t, b, more));
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
const stages = (profile: boolean, bootstrap: boolean): { readonly search: number; readonly profile: number } => {
  const end = bootstrap ? 0.3 : 1;
  return { search: profile ? 0.7 * end : end, profile: end };
};

/** The starts a user gives, for the laws asked for; what these contain starts at random. */
const startsFor = (law: BoundLaw, asked: boolean, { starts }: FitSettings): Float64Array[] =>
  asked ? starts.map((values) => law.point(values)) : [];

/** The formulas that laws beyond the catalog were made of. */
function definitionsOf(laws: readonly Law[]): Pick<FitFile, "definitions"> {
  const found = laws.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition] as const]));
  return found.length === 0 ? {} : { definitions: Object.fromEntries(found) };
}

/** Geometric means: the units in which the logarithms of N, D and other positive inputs are centered. */
function centers(law: Law, runs: Runs): Units {
  const mean = (name: string): number => {
    const values = runs.train.inputs[name]?.filter((v) => v > 0) ?? [];
    return values.length === 0 ? 1 : Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
  };
  const others = (law.uses.inputs ?? []).filter((input) => input.values !== "any");
  return { params: mean("params"), tokens: mean("tokens"), ...Object.fromEntries(others.map(({ name }) => [name, mean(name)])) };
}

function scaleOf(losses: Float64Array): LossScale {
  const present = losses.filter((y) => !Number.isNaN(y));
  const [min, max] = [present.reduce((a, b) => Math.min(a, b)), present.reduce((a, b) => Math.max(a, b))];
  return { min, max, mean: present.reduce((a, b) => a + b, 0) / present.length };
}
