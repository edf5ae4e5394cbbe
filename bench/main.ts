/**
 * `npm run bench`: mixlaw, its kernels' roofline and the peers, in one run. Results go to
 * bench/results/ as JSON and Markdown.
 *
 *     npm run bench                                  everything
 *     npm run bench -- --case joint-8                one case (may be given several times)
 *     npm run bench -- --tiny --no-peers             that it works; says nothing about speed
 *
 * --no-peers, --no-kernels                           leave a part out
 * --backend auto|webgpu|cpu
 * --repeats N                                        warm runs a case (3)
 * --peer-seconds S                                   at most this long a peer and case (20)
 * --out FOLDER                                       instead of bench/results
 */
import { parseArgs } from "node:util";
import { CASES } from "./cases.ts";
import { child, keep } from "./child.ts";
import { machine } from "./machine.ts";
import type { KernelReport, Measured } from "./measure.ts";
import { runPeers } from "./peers/run-peers.ts";
import { pythonOfPeers } from "./peers/tools.ts";
import { markdown, type Results } from "./report.ts";

const { values } = parseArgs({
  options: {
    case: { type: "string", multiple: true },
    tiny: { type: "boolean", default: false },
    "no-peers": { type: "boolean", default: false },
    "no-kernels": { type: "boolean", default: false },
    backend: { type: "string", default: "auto" },
    repeats: { type: "string", default: "3" },
    "peer-seconds": { type: "string", default: "20" },
    out: { type: "string", default: "bench/results" },
  },
});
const unknown = values.case?.find((name) => !CASES.some((c) => c.name === name));
if (unknown !== undefined)
  throw new Error(`there is no case ${unknown}; there are ${CASES.map((c) => c.name).join(", ")}`);
const cases = CASES.filter((c) => values.case?.includes(c.name) ?? true);
const size = values.tiny ? "tiny" : "full";

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
const measured: Measured[] = [];
for (const benchmark of cases) {
  say(benchmark.title);
  const result = await child<Measured>(
    "measure.js",
    [benchmark.name, values.backend, size, values.tiny ? "1" : values.repeats],
    !values.tiny,
  );
  if (result === undefined)
    say(
      `  skipped: its data set is not in ../shared/data (set MIXLAW_DATA to the folder that has it)`,
    );
  else measured.push(result);
}
let kernels: KernelReport | undefined;
if (!values["no-kernels"] && values.backend !== "cpu") {
  say("roofline and kernels");
  kernels = await child<KernelReport>(
    "measure.js",
    ["kernels", values.backend, size, "0", ...cases.map((c) => c.name)],
    !values.tiny,
  );
}
const python = values["no-peers"] ? { why: "left out (--no-peers)" } : pythonOfPeers();
if (python.why !== undefined) say(`peers: ${python.why}`);
const peers =
  python.path === undefined
    ? []
    : await runPeers(python.path, cases, measured, values.tiny, Number(values["peer-seconds"]));
const results: Results = {
  schema: "mixlaw/bench@1",
  tiny: values.tiny,
  machine: machine(),
  cases: measured,
  kernels,
  peers,
  noPeers: python.why,
};
keep(values.out, "results", results, markdown(results, CASES));
