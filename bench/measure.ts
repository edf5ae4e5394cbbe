/**
 * One case in a process of its own: cold from the start of the process, then warm. Or, for the name
 * "kernels", the kernels of the cases named after it. Prints one line of JSON; run by
 * bench/main.ts.
 */
import { tmpdir } from "node:os";
import { create, globals } from "webgpu";
import { drawTruth } from "../src/simulate/draw-truth.ts";
import { dataSection } from "../src/fit/result/data-section.ts";
import type { Backend } from "../src/fit/backends.ts";
import { rest } from "../src/node/sleep.ts";
import type { FitFile } from "../src/fit/result/fit-file.ts";
import { Device } from "../src/gpu/device.ts";
import { openEngine } from "../src/node.ts";
import { fitSettings, type Progress } from "../src/options/fit-options.ts";
import { VERSION } from "../src/base/version.ts";
import { UNSEARCHED } from "../test/support/unsearched-fit.ts";
import {
  type Case,
  CASES,
  type FitCase,
  type MonteCarloCase,
  type OptimizeCase,
  simulated,
} from "./cases.ts";
import { type KernelRate, measureKernels } from "./kernels/rates.ts";
import { timeMonteCarlo } from "./mixtures.ts";
import { measureRoofs, type Roofs } from "./kernels/roofline.ts";
import { coldAndWarm, finish, peakMemory } from "./timing.ts";

/** What a case gave. Times in seconds. */
export interface Measured {
  readonly case: string;
  readonly backend: string;
  /** From the start of the process: opening the adapter, reading the data, compiling and all. */
  readonly cold: number;
  /** Median of later runs in the same process. */
  readonly warm: number;
  /** Of the cold run: until the last fit was found, before any was examined. */
  readonly found?: number;
  /** Peak resident memory of the process, bytes. */
  readonly memory: number;
  /**
   * How far the objective is above the reference, by target, relative; negative where it is lower.
   */
  readonly excess?: Readonly<Record<string, number>>;
  readonly objectives?: Readonly<Record<string, number>>;
  /** Fitted coordinates by target, in the law's order. */
  readonly best?: Readonly<Record<string, readonly number[]>>;
  /** Of the last run, the part that is the bootstrap: what peers do, who are given the best fit. */
  readonly bootstrap?: number;
  /** Starts that were followed to their end, of all targets. */
  readonly followed?: number;
  /** Starts and hops a second, warm. */
  readonly fitsPerSecond?: number;
  readonly samplesPerSecond?: number;
  readonly lawsPerSecond?: number;
}

/** Dawn's instance: it must stay reachable as long as a device lives. */
let dawn: GPU | undefined;

function openGpu(): GPU {
  Object.assign(globalThis, globals);
  process.env["XDG_RUNTIME_DIR"] ??= tmpdir(); // lavapipe wants one
  return (dawn ??= create([]));
}

async function fitCase(
  benchmark: FitCase,
  backend: Backend,
  tiny: boolean,
  repeats: number,
): Promise<Measured | undefined> {
  const engine = await openEngine({ backend });
  const read = (): ReturnType<FitCase["runs"]> => benchmark.runs(tiny);
  if ((await read()) === undefined) return undefined;
  const few = benchmark.options.bootstrap === undefined ? {} : { bootstrap: 8 };
  const options = tiny ? { ...benchmark.options, ...few, restarts: 16 } : benchmark.options;
  let found = 0;
  let isCold = true;
  const { cold, warm, last } = await coldAndWarm(async () => {
    const runs = await read();
    if (runs === undefined) throw new Error("the data are gone");
    // When all is done the last stage is told once more, as all of it.
    const onProgress = ({ stage, fraction }: Progress): void => {
      if (isCold && stage === "polish" && fraction < 1) found = performance.now() / 1000;
    };
    const file = await engine.fit(benchmark.law, runs, { ...options, onProgress });
    isCold = false;
    return file;
  }, repeats);
  await engine.close();
  const objectives = Object.fromEntries(last.fits.map((fit) => [fit.target, fit.objective]));
  const known = last.fits.filter((fit) => !tiny && benchmark.references[fit.target] !== undefined);
  const fits = last.fits.reduce((sum, { search }) => sum + search.starts + search.hops.starts, 0);
  const best = Object.fromEntries(
    last.fits.map((fit) => [fit.target, Object.values(fit.coordinates)]),
  );
  return {
    case: benchmark.name,
    backend: last.backend.kind,
    cold,
    warm,
    found,
    memory: peakMemory(),
    objectives,
    best,
    excess: Object.fromEntries(
      known.map((fit) => [
        fit.target,
        fit.objective / (benchmark.references[fit.target] ?? NaN) - 1,
      ]),
    ),
    followed: last.fits.reduce((sum, { search }) => sum + (search.followed ?? search.starts), 0),
    fitsPerSecond: fits / warm,
    ...(benchmark.options.bootstrap === undefined
      ? {}
      : { bootstrap: last.timing[`${benchmark.law.name} bootstrap`] }),
  };
}

async function monteCarloCase(
  benchmark: MonteCarloCase,
  backend: Backend,
  tiny: boolean,
  repeats: number,
): Promise<Measured> {
  const device =
    backend === "cpu" ? undefined : await Device.open(openGpu(), { rest }).catch(() => undefined);
  const { seconds, first, samples } = await timeMonteCarlo(benchmark, device, tiny, repeats);
  device?.close();
  return {
    case: benchmark.name,
    backend: device === undefined ? "cpu" : "webgpu",
    cold: first + seconds,
    warm: seconds,
    memory: peakMemory(),
    samplesPerSecond: samples / seconds,
    lawsPerSecond: (samples * benchmark.targets) / seconds,
  };
}

/** A fit file of the true laws themselves: what is timed is the choice of the mixture. */
function truthFile(benchmark: OptimizeCase, domains: number): FitFile {
  const runs = simulated(benchmark.law, domains, 2 * domains, benchmark.targets);
  const truth = drawTruth(benchmark.law, runs.domains, runs.targets, {
    signs: "positive",
    seed: 1,
    noise: { kind: "lognormal", sigma: 0.003 },
  });
  const fits = truth.targets.map(({ target, coordinates, parameters }) => ({
    law: benchmark.law.name,
    target,
    formula: benchmark.law.equation,
    objective: 0,
    parameters,
    fixed: {},
    tied: {},
    units: truth.center,
    coordinates,
    center: truth.center,
    ...UNSEARCHED,
  }));
  return {
    schema: "mixlaw/fit@2",
    version: VERSION,
    data: dataSection(runs),
    settings: fitSettings({}),
    backend: { kind: "cpu", adapter: "none" },
    fits,
    timing: {},
  };
}

async function optimizeCase(
  benchmark: OptimizeCase,
  backend: Backend,
  tiny: boolean,
  repeats: number,
): Promise<Measured> {
  const engine = await openEngine({ backend });
  const file = truthFile(benchmark, tiny ? 3 : benchmark.domains);
  const { cold, warm, last } = await coldAndWarm(() => engine.optimize(file, { params: 7e9, tokens: 150e9, epsilon: 0, ...(tiny ? { samples: 4096 } : {}) }), repeats); // prettier-ignore
  const { adapter } = await engine.describe();
  await engine.close();
  if (!last.certificate.certified)
    throw new Error(`the optimum of ${benchmark.name} is not certified`);
  return {
    case: benchmark.name,
    backend: adapter === undefined ? "cpu" : "webgpu",
    cold,
    warm,
    memory: peakMemory(),
    objectives: { mean: last.objective },
  };
}

/** The adapter's roofs and the kernels' share of them. */
export interface KernelReport {
  readonly adapter: string;
  readonly roofs: Roofs;
  readonly rates: readonly KernelRate[];
}

async function kernels(tiny: boolean, names: readonly string[]): Promise<KernelReport | undefined> {
  const gpu = openGpu();
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return undefined;
  const { description, device, vendor } = adapter.info;
  const cases = CASES.filter((c) => names.includes(c.name));
  const roofs = async (): Promise<Roofs> =>
    measureRoofs((await gpu.requestAdapter()) ?? adapter, tiny ? 0.005 : 0.1);
  return {
    adapter: description || device || vendor,
    ...(await measureKernels(gpu, cases, roofs, tiny)),
  };
}

/** Measures a case; undefined where its data are not there. */
async function measure(
  benchmark: Case,
  backend: Backend,
  tiny: boolean,
  repeats: number,
): Promise<Measured | undefined> {
  switch (benchmark.kind) {
    case "fit":
      return fitCase(benchmark, backend, tiny, repeats);
    case "montecarlo":
      return monteCarloCase(benchmark, backend, tiny, repeats);
    case "optimize":
      return optimizeCase(benchmark, backend, tiny, repeats);
  }
}

const [name = "", backend = "auto", size = "full", repeats = "3", ...flags] = process.argv.slice(2);
const tiny = size === "tiny";
const benchmark = CASES.find((c) => c.name === name);
if (name === "kernels") finish(await kernels(tiny, flags));
else if (benchmark === undefined) throw new Error(`there is no case ${name}`);
else finish(await measure(benchmark, backend as Backend, tiny, Number(repeats)));
