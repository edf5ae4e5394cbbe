/**
 * Two fits of a case in a process of its own, the first cold and the second warm, with one trace,
 * which is written to a file. Prints what it says of each; run by bench/traces/main.ts.
 */
import { writeFileSync } from "node:fs";
import type { Backend } from "../../src/fit/backends.ts";
import { openEngine, Trace } from "../../src/node.ts";
import { CASES } from "../cases.ts";
import { finish } from "../timing.ts";
import { type FitSummary, summariesOf } from "./summary.ts";

/** What a case's trace says. */
export interface TracedCase {
  readonly case: string;
  readonly adapter: string;
  readonly threads: number;
  /** The first fit of the process, and the second. */
  readonly fits: readonly FitSummary[];
}

const [name = "", backend = "auto", size = "full", file = ""] = process.argv.slice(2);
const benchmark = CASES.find((c) => c.name === name);
if (benchmark?.kind !== "fit") throw new Error(`there is no fit ${name}`);
const runs = await benchmark.runs(size === "tiny");
if (runs === undefined) finish(undefined);
const trace = new Trace();
const engine = await openEngine({ backend: backend as Backend, trace });
const few = {
  restarts: 16,
  ...(benchmark.options.bootstrap === undefined ? {} : { bootstrap: 8 }),
};
const options = { ...benchmark.options, ...(size === "tiny" ? few : {}) };
for (let fit = 0; fit < 2; fit++) await engine.fit(benchmark.law, runs, options);
const { adapter, threads } = await engine.describe();
await engine.close();
const timeline = trace.toJSON();
writeFileSync(file, JSON.stringify(timeline));
const result: TracedCase = {
  case: name,
  adapter: adapter?.description ?? "none",
  threads,
  fits: summariesOf(timeline),
};
finish(result);
