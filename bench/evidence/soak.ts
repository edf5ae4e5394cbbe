/**
 * Many fits and bootstraps in one process, on both backends: memory, handles, files, threads and
 * buffers of the GPU have to stay flat. So they have to while engines are opened and closed, and
 * while fits are stopped on their way.
 */
import { entryOf, itemAt, lastOf } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { tableOf } from "../../src/data/table/rows.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import {
  AbortedError,
  type Engine,
  type FitOptions,
  lawFromFormula,
  laws,
  openEngine,
} from "../../src/node.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { median } from "../../src/stats/moments.ts";
import { type Footprint, footprint, GpuCount } from "./footprint.ts";
import type { Effort, Part } from "./part.ts";

/** How much is done on each backend. */
export interface SoakSize {
  /** Fits on one engine; every fifth has a bootstrap. */
  readonly fits: number;
  /** Engines that are opened and closed, with a fit each. */
  readonly engines: number;
  /** Fits that are stopped on their way. */
  readonly stopped: number;
}

type Backend = "cpu" | "webgpu";

const DOMAINS = ["web", "code", "books"];
const TARGETS = ["loss_web", "loss_code"];
const REPLICATES = 20;
const OPTIONS: FitOptions = { restarts: 16, backtest: false };
/** Footprints of a phase. Caches and pools are full after the first fifth of them. */
const SAMPLES = 20;

const TRUTH = drawTruth(laws.additive, DOMAINS, TARGETS, {
  signs: "positive",
  seed: 3,
  noise: { kind: "lognormal", sigma: 0.005 },
});

/** Table number `n`: new values, and one of eight numbers of rows. */
function drawn(n: number): Runs {
  const { columns, rows } = simulate(
    laws.additive,
    { ...TRUTH, seed: 9000 + n },
    {
      domains: DOMAINS,
      targets: TARGETS,
      sizes: [3e7, 3e8],
      tokens: [1e9, 1e10],
      mixtures: 6 + (n % 8),
    },
  );
  const records = rows.map((row) =>
    Object.fromEntries(columns.map((name, c) => [name, itemAt(row, c)])),
  );
  return toRuns(tableOf(records));
}

/** The laws of fit number `n`; the formula is read anew each time. */
function lawsOf(n: number): Parameters<Engine["fit"]>[0] {
  if (n % 10 === 0) return [lawFromFormula("E + A/params^alpha + B/tokens^beta", {})];
  return n % 5 === 0 ? [laws.additive] : [laws.linear, laws.chinchilla];
}

const fitOnce = (engine: Engine, n: number, options: FitOptions = {}): Promise<unknown> =>
  engine.fit(lawsOf(n), drawn(n), { ...OPTIONS, seed: n, ...options });

/** One of the things that are done over and over. */
interface Phase {
  readonly name: string;
  readonly rounds: number;
  /** Does it once more. */
  round(n: number): Promise<void>;
  /** What is to be closed in the end. */
  close(): Promise<void>;
}

async function fitting(backend: Backend, rounds: number): Promise<Phase> {
  const engine = await openEngine({ backend, threads: 2 });
  return {
    name: "fits",
    rounds,
    round: async (n) =>
      void (await fitOnce(engine, n, { bootstrap: n % 5 === 0 ? REPLICATES : 0 })),
    close: () => engine.close(),
  };
}

async function stopping(backend: Backend, rounds: number): Promise<Phase> {
  const engine = await openEngine({ backend, threads: 2 });
  await fitOnce(engine, 0); // how far a stopped fit comes is chance: this one starts all threads
  return {
    name: "stopped fits",
    rounds,
    round: async (n) => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 5 * (n % 20));
      try {
        await fitOnce(engine, n, { signal: controller.signal, bootstrap: 10 * REPLICATES });
      } catch (error) {
        if (!(error instanceof AbortedError)) throw error;
      }
      clearTimeout(timer);
    },
    close: () => engine.close(),
  };
}

const opening = (backend: Backend, rounds: number): Phase => ({
  name: "engines",
  rounds,
  round: async (n) => {
    const engine = await openEngine({ backend, threads: 2 });
    await fitOnce(engine, n);
    await engine.close();
  },
  close: () => Promise.resolve(),
});

/** What was held in a phase, after so many rounds each. */
export interface Course {
  readonly name: string;
  readonly samples: readonly (Footprint & { readonly rounds: number })[];
}

async function follow(phase: Phase, backend: Backend, gpu: GpuCount): Promise<Course> {
  const samples: (Footprint & { rounds: number })[] = [];
  for (let n = 1; n <= phase.rounds; n++) {
    await phase.round(n);
    if (n % Math.ceil(phase.rounds / SAMPLES) !== 0 && n !== phase.rounds) continue;
    samples.push({ rounds: n, ...(await footprint(gpu)) });
    process.stderr.write(`soak: ${backend}, ${n} of ${phase.rounds} ${phase.name}\n`);
  }
  await phase.close();
  return { name: `${backend}: ${phase.name}`, samples };
}

/** How much more may be held at the end than when caches were full: a share, and so many. */
const ROOM: Readonly<Record<keyof Footprint, readonly [share: number, more: number]>> = {
  heapMiB: [0.05, 2],
  externalMiB: [0.05, 2],
  // Heaps of worker threads, which nothing here collects, swing by 55 MiB.
  residentMiB: [0.1, 64],
  handles: [0, 0],
  files: [0, 0],
  threads: [0, 0],
  buffers: [0, 0],
  devices: [0, 0],
};

/**
 * What grows: the middle of the last third of the footprints against that of the third that follows
 * the first fifth.
 */
function grown({ name, samples }: Course): string[] {
  const from = Math.floor(samples.length / 5);
  const third = Math.max(1, Math.floor((samples.length - from) / 3));
  const [early, late] = [samples.slice(from, from + third), samples.slice(-third)];
  return (Object.keys(ROOM) as (keyof Footprint)[]).flatMap((what) => {
    const [before, after] = [early, late].map((some) => median(some.map((each) => each[what])));
    if (before === undefined || after === undefined) return [];
    const [share, more] = entryOf(ROOM, what);
    return after > before * (1 + share) + more
      ? [`${name}: ${what} from ${before.toFixed(1)} to ${after.toFixed(1)}`]
      : [];
  });
}

/** The courses of all phases on some backends. */
export async function soakOn(
  backends: readonly Backend[],
  { fits, engines, stopped }: SoakSize,
): Promise<{
  readonly courses: readonly Course[];
  readonly failures: readonly string[];
  readonly created: number;
}> {
  const gpu = new GpuCount();
  const courses: Course[] = [];
  for (const backend of backends) {
    const phases = [() => fitting(backend, fits), () => stopping(backend, stopped), () => Promise.resolve(opening(backend, engines))]; // prettier-ignore
    for (const begin of phases) courses.push(await follow(await begin(), backend, gpu));
  }
  return { courses, failures: courses.flatMap(grown), created: gpu.created };
}

/** The study. */
export async function soak({ fits, backend }: Effort): Promise<Omit<Part, "measured">> {
  const backends: readonly Backend[] = backend === "auto" ? ["cpu", "webgpu"] : [backend];
  const size = { fits, engines: 50, stopped: 50 };
  const { courses, failures, created } = await soakOn(backends, size);
  return {
    title: "Soak",
    method: `On each backend, in one process: ${fits} fits to tables of 24 to 52 rows and two targets, of linear and chinchilla, of additive, or of a formula that is read anew, every fifth with a bootstrap of ${REPLICATES} replicates; ${size.stopped} fits that are stopped on their way; ${size.engines} engines opened and closed with a fit each. What the process holds after a full collection, at the first, middle and last time of ${SAMPLES}. ${created} buffers of the GPU were created.`,
    head: ["backend", "after", "heap MiB", "external MiB", "resident MiB", "handles", "files", "threads", "GPU buffers", "GPU devices"], // prettier-ignore
    rows: courses.flatMap(rowsOf),
    failures,
  };
}

function rowsOf({ name, samples }: Course): string[][] {
  const shown = [itemAt(samples, 0), itemAt(samples, samples.length >> 1), lastOf(samples)];
  return shown.map((each) => [
    name,
    `${each.rounds}`,
    each.heapMiB.toFixed(1),
    each.externalMiB.toFixed(1),
    each.residentMiB.toFixed(0),
    `${each.handles}`,
    `${each.files}`,
    `${each.threads}`,
    `${each.buffers}`,
    `${each.devices}`,
  ]);
}
