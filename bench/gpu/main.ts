/**
 * `npm run bench:gpu`: all that a card is needed for, in under 4 minutes: facts of the card, the
 * cases, the search kernel's share of the roofline by candidates, traces, the tests of the GPU, JAX
 * on the same card. Results go to bench/results/<card>.{json,md} after each part, so that a part
 * that hangs or fails costs no other.
 *
 *     npm run bench:gpu
 *     npm run bench:gpu -- --tiny         that it works; says nothing about speed
 *
 * --seconds S                             all of it (225)
 * --tests FILTER                          tests whose path has it (may be given several times)
 * --python PROGRAM                        the Python that may have JAX (python3)
 * --commit HASH                           of the files, where they are not a repository
 * --out FOLDER                            instead of bench/results
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "../cases.ts";
import type { Roofs } from "../kernels/roofline.ts";
import type { Measured } from "../measure.ts";
import { titleOf } from "../report.ts";
import type { TracedCase } from "../traces/record.ts";
import type { CandidateRate } from "./by-candidates.ts";
import { factsOf } from "./facts.ts";
import { runJax } from "./jax.ts";
import { resultOf, runFor } from "./part.ts";
import { gpuMarkdown, type GpuResults } from "./report.ts";
import { runTests } from "./tests.ts";

const { values } = parseArgs({
  options: {
    tiny: { type: "boolean", default: false },
    seconds: { type: "string", default: "225" },
    tests: { type: "string", multiple: true, default: [] },
    python: { type: "string", default: "python3" },
    commit: { type: "string" },
    out: { type: "string", default: "bench/results" },
  },
});
const size = values.tiny ? "tiny" : "full";

/** Cases, candidates' cases and traces; in seconds, what a process of each may take. */
const PARTS = {
  cases: ["montecarlo-7", "additive-8", "mixture-17", "bootstrap-8", "joint-8"],
  candidates: ["additive-8", "joint-8", "mixture-17"],
  traces: ["mixture-17", "joint-8"],
} as const;
const LIMITS = { case: 40, candidates: 60, trace: 30, jax: 25, least: 2 } as const;
/** Shares of the time at which groups of parts end at the latest, so that later ones have some. */
const ENDS = { cases: 0.45, candidates: 0.65, traces: 0.8, all: 1 } as const;
const REPEATS = 2;
/** Drivers compile anew: Mesa's and NVIDIA's caches of shaders are off. */
const COLD = { ...process.env, MESA_SHADER_CACHE_DISABLE: "true", __GL_SHADER_DISK_CACHE: "0" };

const passed = (): number => performance.now() / 1000;
/** Seconds that a part of a group gets: no more than are left, without those that others need. */
const limit = (seconds: number, group: keyof typeof ENDS, others = 0): number =>
  Math.max(
    LIMITS.least,
    Math.min(seconds, ENDS[group] * Number(values.seconds) - passed() - others),
  );
const say = (text: string): void =>
  void process.stderr.write(`bench:gpu: ${passed().toFixed(0)} s: ${text}\n`);
const program = (name: string): string => join(import.meta.dirname, name);
const title = titleOf(CASES);

const { facts, why } = await factsOf(program("probe.js"), values.commit);
if (facts === undefined) throw new Error(`bench:gpu: ${why ?? "there is no adapter"}`);
const results: GpuResults = {
  schema: "mixlaw/bench-gpu@1",
  tiny: values.tiny,
  facts,
  cases: [],
  rates: [],
  traces: [],
  missing: [],
  seconds: 0,
};

/** "NVIDIA H200" → "nvidia-h200"; "llvmpipe: Mesa 25" → "llvmpipe". */
const fileName = (facts.card["name"] ?? facts.adapter.replace(/[:(].*$/, ""))
  .trim()
  .toLowerCase()
  .replaceAll(/[^a-z0-9]+/g, "-");

/** Writes what there is, and what is missing of a part. */
function keep(part: string, problem: string | undefined): void {
  if (problem !== undefined) {
    say(`${part}: ${problem}`);
    results.missing.push({ part, why: problem });
  }
  results.seconds = passed();
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, `${fileName}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(values.out, `${fileName}.md`), gpuMarkdown(results, title));
}

async function measureCases(): Promise<void> {
  for (const name of PARTS.cases) {
    say(name);
    const args = [program("measure.js"), name, "webgpu", size, values.tiny ? "1" : `${REPEATS}`];
    const { result, why: problem } = await resultOf<Measured>(
      limit(LIMITS.case, "cases"),
      args,
      COLD,
    );
    if (result !== undefined) results.cases.push(result);
    keep(name, problem);
  }
}

async function measureCandidates(): Promise<void> {
  say("share of the roofline");
  const args = [program("by-candidates.js"), size, ...PARTS.candidates];
  const { output, why: problem } = await runFor(
    limit(LIMITS.candidates, "candidates"),
    process.execPath,
    args,
  );
  for (const line of output.split("\n")) {
    if (line.startsWith("roofs ")) results.roofs = JSON.parse(line.slice(6)) as Roofs;
    if (line.startsWith("rate ")) results.rates.push(JSON.parse(line.slice(5)) as CandidateRate);
  }
  keep("share of the roofline", problem);
}

async function recordTraces(): Promise<void> {
  const folder = ".cache/bench/traces";
  mkdirSync(folder, { recursive: true });
  for (const name of PARTS.traces) {
    say(`trace of ${name}`);
    const args = [program("record.js"), name, "webgpu", size, join(folder, `${name}.json`)];
    const { result, why: problem } = await resultOf<TracedCase>(
      limit(LIMITS.trace, "traces"),
      args,
    );
    if (result !== undefined) results.traces.push(result);
    keep(`trace of ${name}`, problem);
  }
}

async function testAndCompare(): Promise<void> {
  say("tests of the GPU");
  results.tests = await runTests(limit(Infinity, "all", LIMITS.jax), values.tests);
  const { why: cut, failed } = results.tests;
  keep("tests of the GPU", cut ?? (failed > 0 ? `${failed} failed` : undefined));
  say("JAX");
  const fit = CASES.find(({ name }) => name === "bootstrap-8");
  if (fit?.kind !== "fit") return;
  const own = results.cases.find((each) => each.case === fit.name);
  results.jax = await runJax(limit(LIMITS.jax, "all"), values.python, fit, own, values.tiny);
  keep("JAX", results.jax.why);
}

keep("facts", undefined);
await measureCases();
await measureCandidates();
await recordTraces();
await testAndCompare();
say(`wrote ${join(values.out, fileName)}.{json,md}`);
console.log(gpuMarkdown(results, title));
process.exit(0);
