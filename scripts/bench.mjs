/**
 * Bundles the benchmark into .cache/bench and runs it, or, with the word clusters, domains,
 * evidence, faults, float64, gpu, growth, interrupts, loop, optimize, page, peers, phases,
 * registered, restarts, scalebench, simplex, sm90, soak, teams or trace, that study; see
 * bench/main.ts and the folders of bench for their flags.
 */
import { runBundled } from "./run-bundled.mjs";

/** @type {[string, string][]} */
const entries = [
  ["bench/main.ts", "main.js"],
  ["bench/measure.ts", "measure.js"],
  ["bench/evidence/main.ts", "evidence.js"],
  ["bench/evidence/soak-briefly.ts", "soak.js"],
  ["bench/float64/main.ts", "float64.js"],
  ["bench/float64/page.ts", "page.js"],
  ["bench/float64/simplex.ts", "simplex.js"],
  ["bench/float64/thread.ts", "float64-thread.js"],
  ["bench/domains/main.ts", "domains.js"],
  ["bench/growth/main.ts", "growth.js"],
  ["bench/faults/main.ts", "faults.js"],
  ["bench/faults/interrupts.ts", "interrupts.js"],
  ["bench/clusters/main.ts", "clusters.js"],
  ["bench/growth/point.ts", "point.js"],
  ["bench/growth/command.ts", "command.js"],
  ["bench/peers/compare.ts", "peers.js"],
  ["bench/peers/npm.ts", "npm.js"],
  ["bench/loop/main.ts", "loop.js"],
  ["bench/registered/main.ts", "registered.js"],
  ["bench/phases/main.ts", "phases.js"],
  ["bench/optimize/main.ts", "optimize.js"],
  ["bench/restarts/main.ts", "restarts.js"],
  ["bench/scalebench.ts", "scalebench.js"],
  ["bench/gpu/main.ts", "gpu.js"],
  ["bench/gpu/probe.ts", "probe.js"],
  ["bench/gpu/by-candidates.ts", "by-candidates.js"],
  ["bench/sm90/main.ts", "sm90.js"],
  ["bench/teams/first-result.ts", "first-result.js"],
  ["bench/teams/main.ts", "teams.js"],
  ["bench/traces/main.ts", "trace.js"],
  ["bench/traces/record.ts", "record.js"],
];
const STUDIES =
  "clusters domains evidence faults float64 gpu growth interrupts loop optimize page peers phases registered restarts scalebench simplex sm90 soak teams trace".split(
    " ",
  );
const args = process.argv.slice(2);
const [first = "", ...rest] = args;
const isStudy = STUDIES.includes(first);
await runBundled("bench", entries, isStudy ? `${first}.js` : "main.js", isStudy ? rest : args);
