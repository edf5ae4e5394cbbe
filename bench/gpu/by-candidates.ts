/**
 * The search kernel with few and with many candidates, in each of its forms: what an iteration of
 * all of them takes, and what share of the adapter's limits that is. Prints a line for each as it
 * is measured, so that what was measured before a time limit is kept; run by bench/gpu/main.ts.
 */
import { create, globals } from "webgpu";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { Device } from "../../src/gpu/device.ts";
import { rest } from "../../src/node/sleep.ts";
import { CASES, type FitCase } from "../cases.ts";
import { measureRoofs } from "../kernels/roofline.ts";
import { rateOf } from "../kernels/rates.ts";
import { workOf } from "../kernels/work.ts";
import { pose, type Posed, startsOf } from "../problem.ts";
import { type Variant, variantsOf } from "./variants.ts";

/** A kernel with so many candidates. */
export interface CandidateRate {
  readonly case: string;
  /** Coordinates × runs. */
  readonly size: string;
  readonly variant: string;
  readonly candidates: number;
  /** Seconds of an iteration of all candidates. */
  readonly iteration: number;
  /** Of the adapter's binding limit. */
  readonly share: number;
  readonly binding: string;
  /** Of its multiply-adds. */
  readonly multiplyAdds: number;
  /** Seconds of the first call: compiling, mostly. */
  readonly first: number;
}

const SILENT = { signal: undefined, tick: () => undefined };
/** Iterations of a candidate; what they take beyond none at all is measured. */
const ITERATIONS = 16;
const REPEATS = 3;

const [size = "full", ...names] = process.argv.slice(2);
const tiny = size === "tiny";
const counts = tiny ? [64, 128] : [512, 4096, 16384];

Object.assign(globalThis, globals);
const gpu = create([]);
const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
if (adapter === null) throw new Error("there is no adapter");
const roofs = await measureRoofs(adapter, tiny ? 0.005 : 0.05);
console.log(`roofs ${JSON.stringify(roofs)}`);
const device = await Device.open(gpu, { rest });

async function measure(fit: FitCase, posed: Posed, { name, style }: Variant): Promise<void> {
  let form = name;
  const notice = (): void => void (form = `${name} failed: one invocation`);
  const searcher = new GpuSearcher(device, { style, notice });
  const run = async (candidates: number, iterations: number): Promise<number> => {
    const starts = startsOf(posed, candidates);
    const from = performance.now();
    await searcher.search(posed.problem, starts, iterations, SILENT);
    return (performance.now() - from) / 1000;
  };
  const first = await run(64, 1);
  const { program, packed } = posed.problem;
  for (const candidates of counts) {
    await run(candidates, ITERATIONS); // the sizes of chunks settle
    let [whole, start] = [Infinity, Infinity];
    for (let i = 0; i < (tiny ? 1 : REPEATS); i++) {
      whole = Math.min(whole, await run(candidates, ITERATIONS));
      start = Math.min(start, await run(candidates, 0));
    }
    const iteration = Math.max(whole - start, 1e-9) / ITERATIONS;
    const kernel = { kernel: fit.name, size: "", unit: "fit-iterations" as const, first };
    const work = workOf(program, packed);
    const rate = rateOf({ ...kernel, work, seconds: iteration / candidates }, roofs);
    const result: CandidateRate = {
      case: fit.name,
      size: `${program.params} × ${packed.order.length}`,
      variant: form,
      candidates,
      iteration,
      share: rate.share,
      binding: rate.binding,
      multiplyAdds: rate.bound.flops * rate.perSecond,
      first,
    };
    console.log(`rate ${JSON.stringify(result)}`);
  }
}

for (const fit of CASES) {
  if (fit.kind !== "fit" || !names.includes(fit.name)) continue;
  const runs = await fit.runs(tiny);
  if (runs === undefined) continue;
  const posed = pose(fit.law, runs, fit.options);
  for (const variant of variantsOf(device, posed.problem.program))
    await measure(fit, posed, variant);
}
process.exit(0);
