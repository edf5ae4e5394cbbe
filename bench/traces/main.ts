/**
 * `npm run bench:trace`: where the time of a fit goes, by stage and thread, from its trace. The
 * table goes to bench/results/traces.{json,md}, the traces to .cache/bench/traces, for Perfetto.
 *
 *     npm run bench:trace                            additive-8, joint-8 and mixture-17
 *     npm run bench:trace -- --case bootstrap-8      one case (may be given several times)
 *     npm run bench:trace -- --tiny                  that it works
 *
 * --backend auto|webgpu|cpu
 * --out FOLDER                                       instead of bench/results
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "../cases.ts";
import { child, keep } from "../child.ts";
import { type Machine, machine } from "../machine.ts";
import { described, titleOf } from "../report.ts";
import type { TracedCase } from "./record.ts";
import { traceSections } from "./table.ts";

/** What was traced, and on what. */
export interface Traces {
  readonly schema: "mixlaw/bench-traces@1";
  readonly tiny: boolean;
  readonly machine: Machine;
  readonly cases: readonly TracedCase[];
}

/** Where the traces go. */
const FOLDER = ".cache/bench/traces";

const { values } = parseArgs({
  options: {
    case: { type: "string", multiple: true, default: ["additive-8", "joint-8", "mixture-17"] },
    tiny: { type: "boolean", default: false },
    backend: { type: "string", default: "auto" },
    out: { type: "string", default: "bench/results" },
  },
});

mkdirSync(FOLDER, { recursive: true });
const traced: TracedCase[] = [];
for (const name of values.case) {
  const size = values.tiny ? "tiny" : "full";
  process.stderr.write(`bench:trace: ${name}\n`);
  const file = join(FOLDER, `${name}.json`);
  const result = await child<TracedCase>("record.js", [name, values.backend, size, file], false);
  if (result === undefined)
    process.stderr.write("  skipped: its data are not in ../shared/data or $MIXLAW_DATA\n");
  else traced.push(result);
}
const results: Traces = {
  schema: "mixlaw/bench-traces@1",
  tiny: values.tiny,
  machine: machine(),
  cases: traced,
};
const title = titleOf(CASES);
const adapter = traced[0]?.adapter ?? "none";
const text = [
  "# Where the time goes",
  `${described(results.machine, adapter)}${values.tiny ? " Tiny sizes: these figures say nothing about speed." : ""}`,
  ...traceSections(traced, title),
];
keep(values.out, "traces", results, `${text.join("\n\n")}\n`);
