/**
 * What a float64 evaluation takes (objective, gradient and matrix of one target) in WebAssembly and
 * in JavaScript, in alternation: warm in one thread, and the first 50 of a fresh one, its own
 * preparations included. And what a start takes that is followed from a random point, steps
 * included: by that `auto` chooses the backend (src/fit/search/choose-backend.ts).
 *
 *     npm run bench:float64
 *     npm run bench:float64 -- --case joint-1 --repeats 21
 *
 * Warm figures are processor time, which does not depend on what else the machine does; those of a
 * fresh thread are by the clock.
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { itemAt } from "../../src/base/known.ts";
import { JavaScriptEvaluation } from "../../src/solve/javascript-evaluation.ts";
import { NormalEquations } from "../../src/solve/normal-equations.ts";
import { Runner } from "../../src/fit/search/pool.ts";
import type { Problem, Start } from "../../src/fit/search/problem.ts";
import { float64Order, followFloat64, forbidWasm, wasmMemory } from "../../src/wasm/availability.ts"; // prettier-ignore
import { adoptModule, type ProgramModule } from "../../src/wasm/program/module-of-program.ts";
import { programModule } from "../../src/wasm/program/program-module.ts";
import { CASES } from "../cases.ts";
import { pose, startsOf } from "../problem.ts";
import { median, processorTime } from "../timing.ts";
import type { ThreadTask } from "./thread.ts";

const { values: flags } = parseArgs({
  options: {
    case: { type: "string", multiple: true, default: ["chinchilla", "additive-1", "joint-1", "mixture-17"] }, // prettier-ignore
    repeats: { type: "string", default: "15" },
    tiny: { type: "boolean", default: false },
  },
});
const repeats = Number(flags.repeats);
const own = wasmMemory();
if (own === undefined) throw new Error("WebAssembly does not run here");
/** Evaluations of a fresh thread. */
const FIRST = 50;
/** Milliseconds of processor time that one warm measurement takes at least. */
const ENOUGH = flags.tiny ? 1 : 40;

const warm = (call: () => void): number => processorTime(call, ENOUGH);

/** Microseconds of the clock that each of a fresh thread's first evaluations takes. */
async function first(task: ThreadTask): Promise<number> {
  const thread = new Worker(new URL("float64-thread.js", import.meta.url), { workerData: task });
  const [milliseconds] = (await once(thread, "message")) as [number];
  await thread.terminate();
  return 1000 * milliseconds;
}

/** Runs starts of a problem as a search on the CPU does, by what computes float64 here now. */
function searching(problem: Problem): (start: Start) => void {
  const runner = new Runner(problem);
  const options = { iterations: 48, tolerance: 1e-6, gradient: 1e-6, newton: false, exact: false };
  for (const target of problem.losses.keys())
    runner.run({ target, theta: problem.box.lower }, { ...options, iterations: 0 });
  return (start) => void runner.run(start, options);
}

const digits = (x: number): string => x.toPrecision(3);

console.log("| case | coordinates × runs | JavaScript: first 50 / warm, µs | WebAssembly: first 50 / warm, µs | ratio: first 50 / warm / a start | module: bytes, written in, compiled in (ms) |"); // prettier-ignore
console.log("|---|---|---|---|---|---|");
for (const name of flags.case) {
  const found = CASES.find((one) => one.name === name);
  const runs = found?.kind === "fit" ? await found.runs(flags.tiny) : undefined;
  if (found?.kind !== "fit" || runs === undefined) {
    console.log(`| ${name} | its data are not here | | | | |`);
    continue;
  }
  const posed = pose(found.law, runs, found.options);
  const { problem } = posed;
  const { program, packed, losses } = problem;
  const loss = itemAt(losses, 0);
  const weights = itemAt(packed.weights, 0);
  const starts = startsOf(posed, FIRST * losses.length).slice(0, FIRST);
  const points = starts.map(({ theta }) => theta);
  const began = performance.now();
  const { bytes, ...rest } = programModule(program, loss.name, own.isShared);
  const written = performance.now();
  const module: ProgramModule = { ...rest, module: new WebAssembly.Module(bytes) };
  const compiled = performance.now();
  adoptModule(program, loss.name, module);
  const javascript = new NormalEquations(program, packed, 0, loss, weights, new JavaScriptEvaluation(program, packed, 0, loss)); // prettier-ignore
  const wasm = new NormalEquations(program, packed, 0, loss);
  const order = float64Order();
  const searches = { wasm: searching(problem), javascript: (forbidWasm("a comparison"), searching(problem)) }; // prettier-ignore
  followFloat64(order);
  const followAll = (run: (start: Start) => void) => () => starts.forEach(run);
  let at = 0;
  const next = (): Float64Array => itemAt(points, at++ % points.length);
  const times = { javascript: [] as number[], wasm: [] as number[], freshJavascript: [] as number[], freshWasm: [] as number[], searchRatio: [] as number[] }; // prettier-ignore
  const task = { problem, points, order };
  for (let i = 0; i < repeats; i++) {
    times.javascript.push(warm(() => javascript.evaluate(next())));
    times.wasm.push(warm(() => wasm.evaluate(next())));
    if (i % 3 === 0) {
      times.searchRatio.push(warm(followAll(searches.javascript)) / warm(followAll(searches.wasm)));
      times.freshJavascript.push(await first(task));
      times.freshWasm.push(await first({ ...task, module }));
    }
  }
  const [slow, fast] = [median(times.javascript), median(times.wasm)];
  const [freshSlow, freshFast] = [median(times.freshJavascript), median(times.freshWasm)];
  console.log(
    `| ${[
      name,
      `${program.params} × ${packed.order.length}`,
      `${digits(freshSlow)} / ${digits(slow)}`,
      `${digits(freshFast)} / ${digits(fast)}`,
      `${digits(freshSlow / freshFast)} / ${digits(slow / fast)} / ${digits(median(times.searchRatio))}`,
      `${bytes.length}, ${digits(written - began)}, ${digits(compiled - written)}`,
    ].join(" | ")} |`,
  );
}
