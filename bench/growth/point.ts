/**
 * One fit of a growth series in a process of its own, so that its peak memory is its own. Run by
 * bench/growth/main.ts.
 */
import type { Backend } from "../../src/fit/backends.ts";
import { openEngine } from "../../src/node.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { simulated } from "../cases.ts";
import { MANY, type Sizes } from "./series.ts";
import { finish, median, peakMemory } from "../timing.ts";

/** Seconds of the first run from which it is taken as it is: compiling is then little of it. */
const LONG = 20;
/**
 * Runs after the first, where that was short: as many as take so many seconds. The first few of a
 * process are slower: its code is still being compiled.
 */
const REPEATS = { least: 3, most: 15, seconds: 6 } as const;
/**
 * Starts of the fit beside which fits of many starts are measured, a few times before and after
 * each: the machine's own pace changes by a quarter within minutes, which their ratio does not see.
 */
const YARDSTICK = { starts: 2 ** 13, times: 3 } as const;
/** `simulated` draws so many runs a mixture. */
const PER_MIXTURE = 12;

/** What a fit of these sizes took. */
export interface Point extends Sizes {
  readonly backend: string;
  readonly adapter: string;
  /** Seconds: the median of runs after the first, or the first where that is long. */
  readonly seconds: number;
  /**
   * Processor seconds of the same, all threads, a software adapter's included: other work on the
   * machine hardly moves them.
   */
  readonly cpu: number;
  /**
   * The same up to the polish, which is done once whatever the number of starts, like all that
   * follows.
   */
  readonly search: { readonly seconds: number; readonly cpu: number };
  /**
   * What a fit (a start or a hop) of the search took, in fits of the yardstick's; not for few
   * starts.
   */
  readonly relative: number | undefined;
  /** Starts and hops that were searched. */
  readonly fits: number;
  /** Peak resident memory of the process, bytes. */
  readonly memory: number;
}

const [sizes = "", backend = "auto", repeat = "yes"] = process.argv.slice(2);
const asked = JSON.parse(sizes) as Sizes;
const runs = simulated(laws.additive, asked.domains, Math.ceil(asked.rows / PER_MIXTURE), 1);
const engine = await openEngine({ backend: backend as Backend });

interface Time {
  readonly seconds: number;
  readonly cpu: number;
}

/** Time since now. */
function clock(): () => Time {
  const [from, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
  };
}

type Run = Time & Pick<Point, "search" | "fits" | "backend">;

async function once(restarts = asked.restarts): Promise<Run> {
  const time = clock();
  let search: Time = { seconds: NaN, cpu: NaN };
  const file = await engine.fit(laws.additive, runs, {
    restarts,
    bootstrap: asked.replicates,
    onProgress: ({ stage }) => {
      if (["search", "refine", "hop"].includes(stage)) search = time();
    },
  });
  const fits = file.fits.reduce((sum, fit) => sum + fit.search.starts + fit.search.hops.starts, 0);
  return { ...time(), search, fits, backend: file.backend.kind };
}

const perFit = ({ search, fits }: Run): number => search.seconds / fits;

/** Seconds a fit of the yardstick's. */
async function pace(): Promise<number> {
  const fits: number[] = [];
  for (let time = 0; time < YARDSTICK.times; time++)
    fits.push(perFit(await once(YARDSTICK.starts)));
  return median(fits);
}

const yardstick = asked.restarts >= MANY && repeat === "yes";
const ratios: number[] = [];
if (yardstick) await pace(); // compiles the kernel, and the code of the host
let before = yardstick ? await pace() : NaN;

async function measure(): Promise<Run> {
  const run = await once();
  if (yardstick) {
    const after = await pace();
    ratios.push((2 * perFit(run)) / (before + after));
    before = after;
  }
  return run;
}

const first = await measure();
const later: Run[] = [];
const spent = (): number => later.reduce((sum, { seconds }) => sum + seconds, 0);
if (first.seconds < LONG && repeat === "yes")
  while (later.length < REPEATS.least || (later.length < REPEATS.most && spent() < REPEATS.seconds))
    later.push(await measure());
const measured = later.length > 0 ? later : [first];
const middle = (of: readonly Time[]): Time => ({
  seconds: median(of.map((t) => t.seconds)),
  cpu: median(of.map((t) => t.cpu)),
});
const { adapter } = await engine.describe();
const point: Point = {
  ...asked,
  rows: runs.train.rows,
  backend: first.backend,
  adapter: adapter?.description ?? "none",
  ...middle(measured),
  search: middle(measured.map(({ search }) => search)),
  relative: yardstick ? median(ratios) : undefined,
  fits: first.fits,
  memory: peakMemory(),
};
finish(point);
