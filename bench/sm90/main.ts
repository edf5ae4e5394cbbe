/**
 * What search kernels would be on an NVIDIA GPU of compute capability 9.0, without one: their WGSL
 * as CUDA, compiled by NVIDIA's own compiler, and run for a few iterations in JavaScript to count
 * the instructions that a warp executes in one. A driver compiles WGSL by another way, so the
 * numbers are for comparing kernels.
 *
 *     npm run bench:sm90                       additive and joint, teams of each size
 *     npm run bench:sm90 -- --lines            also the lines that most instructions are of
 *
 * Fails where teams of 32 need stack, or more instructions than LIMITS. `.cache/sm90` keeps the
 * kernels: WGSL, CUDA, machine code with the lines of the WGSL.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { firstOf } from "../../src/base/known.ts";
import { candidatesOf, type Plan, planOf, recordWords } from "../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../src/gpu/search/kernel-source.ts";
import { CASES } from "../cases.ts";
import { variantsOf } from "../gpu/variants.ts";
import { pose, type Posed, startsOf } from "../problem.ts";
import { cudaOf } from "./cuda.ts";
import { executed, type Executed } from "./sass.ts";
import { memoryOf } from "./memory.ts";
import { sharedLines, timesByLine } from "./warp.ts";

/** Instructions that an iteration with a step may execute at most, by coordinates. */
const LIMITS: Readonly<Record<number, number>> = { 19: 14_000, 33: 32_000 };
/** Iterations that the mean is of, from random starts; the first of them has a step. */
const TURNS = 12;
/** An NVIDIA GPU, as far as the form of a kernel goes. */
const GPU = {
  report: { description: "", vendor: "nvidia", architecture: "hopper", software: false, limits: {} },
  subgroup: 32,
  limits: { maxComputeWorkgroupStorageSize: 49_152 } as GPUSupportedLimits,
} as const; // prettier-ignore

const folder = resolve(".cache/sm90");
const tools = join(folder, "tools");

/** Runs Python, and returns what it printed. */
function python(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("python3", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`python3 ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

interface Measured extends Executed {
  /** Instructions executed in an iteration, the mean of those from random starts. */
  readonly mean: number;
  readonly registers: number;
  readonly stack: number;
  readonly spills: number;
  /** Bytes of shared memory. */
  readonly shared: number;
  readonly candidates: number;
}

/** The number before a word that ptxas says. */
const saidBy = (log: string, pattern: RegExp): number => Number(pattern.exec(log)?.[1] ?? 0);

function measure(posed: Posed, plan: Plan, name: string): Measured & { readonly code: string } {
  const { program, box, losses } = posed.problem;
  const code = searchSource(program, box, plan);
  const path = join(folder, name);
  writeFileSync(`${path}.wgsl`, code);
  writeFileSync(`${path}.cu`, cudaOf(code));
  const log = python("bench/sm90/compile.py", tools, `${path}.cu`, path);
  const candidates = candidatesOf(plan);
  const sass = readFileSync(`${path}.sass`, "utf8");
  const isShared = sharedLines(code);
  const starts = startsOf(posed, candidates * losses.length).slice(0, candidates);
  const executedIn = (turns: number): Executed => {
    const { groups, memory } = memoryOf(posed.problem, plan, starts);
    const words = recordWords(program.params);
    const settings = { lanes: candidates, words, first_block: 0, turns, groups, samples: 1, tolerance: 1e-6 }; // prettier-ignore
    return executed(sass, timesByLine(code, memory, settings), isShared);
  };
  return {
    ...executedIn(1),
    mean: executedIn(TURNS).total / TURNS,
    registers: saidBy(log, /Used (\d+) registers/),
    stack: saidBy(log, /(\d+) bytes stack/),
    spills: saidBy(log, /(\d+) bytes spill stores/),
    shared: saidBy(log, /(\d+) bytes smem/),
    candidates,
    code,
  };
}

const whole = (x: number): string => Math.round(x).toLocaleString("en");

mkdirSync(folder, { recursive: true });
python("-m", "pip", "install", "--quiet", "--target", tools, "--requirement", "bench/sm90/requirements.txt"); // prettier-ignore
console.log("| kernel | coordinates | candidates a warp | instructions a warp-iteration with a step | mean of 12 | registers | stack | spills | shared memory | code |"); // prettier-ignore
console.log("|---|---|---|---|---|---|---|---|---|---|");
let failed = false;
for (const name of ["additive-8", "joint-8"]) {
  const fit = CASES.find((one) => one.name === name);
  if (fit?.kind !== "fit") continue;
  const runs = (await fit.runs(false)) ?? (await fit.runs(true));
  if (runs === undefined) continue;
  const posed = pose(fit.law, runs, fit.options);
  const { program, packed, losses } = posed.problem;
  // A kernel of one invocation computes with vectors and matrices, which the rules do not have.
  const forms = variantsOf(GPU, program).filter(({ style }) => style.teams !== undefined);
  for (const { name: form, style } of forms) {
    const plan = planOf(program, firstOf(losses).name, packed.start.length - 1, packed.order.length, "none", { ...style, workgroup: 32 }, { candidates: 1, storage: 49_152 }); // prettier-ignore
    const result = measure(posed, plan, `${name}-${plan.team}`);
    const { total, mean, registers, stack, spills, shared, size, candidates } = result;
    console.log(`| ${name}, ${form} | ${program.params} | ${candidates} | ${whole(total)} | ${whole(mean)} | ${registers} | ${stack} | ${spills} | ${whole(shared)} | ${whole(size)} |`); // prettier-ignore
    const limit = LIMITS[program.params] ?? Infinity;
    const isOver = plan.team === 32 && (total > limit || stack > 0);
    if (isOver) console.log(`${name}: beyond ${whole(limit)} instructions, or with stack`);
    failed ||= isOver;
    if (process.argv.includes("--lines")) {
      const lines = result.code.split("\n");
      const most = [...result.byLine].toSorted((a, b) => b[1] - a[1]).slice(0, 40);
      for (const [line, count] of most) console.log(`${whole(count).padStart(8)}  ${line}: ${lines[line - 1]}`); // prettier-ignore
    }
  }
}
if (failed) process.exitCode = 1;
