/**
 * The tools that a researcher would use otherwise, run by bench/peers/main.py on the same data.
 * Optional: without Python there are none.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NormalEquations } from "../src/solve/normal-equations.ts";
import type { Case, FitCase } from "./cases.ts";
import type { Measured } from "./measure.ts";
import { pose, startsOf } from "./problem.ts";

/** What bench/peers/main.py prints, one JSON line each. */
export interface PeerResult {
  readonly case: string;
  readonly peer: string;
  /** To the reference quality; null where the peer cannot do it. */
  readonly seconds: number | null;
  /** Whether `seconds` is only a lower bound. */
  readonly bound: boolean;
  /** Imports and compiling, where a cold start has to pay for them. */
  readonly startup: number;
  readonly note: string;
}

const ENVIRONMENT = ".cache/peers";
const REQUIREMENTS = "bench/peers/requirements.txt";
/** The peer that is an npm package, in a folder of its own: mixlaw does not depend on it. */
const NPM = {
  peer: "npm-lm",
  folder: ".cache/peers-npm",
  package: "ml-levenberg-marquardt@5.1.0",
} as const;

/** Whether the npm package is there, installed if need be. */
function npm(): boolean {
  if (existsSync(join(NPM.folder, "node_modules", "ml-levenberg-marquardt"))) return true;
  mkdirSync(NPM.folder, { recursive: true });
  writeFileSync(join(NPM.folder, "package.json"), "{}\n");
  const args = [
    "install",
    "--prefix",
    NPM.folder,
    "--no-audit",
    "--no-fund",
    "--silent",
    NPM.package,
  ];
  return (
    spawnSync("npm", args, { encoding: "utf8", shell: process.platform === "win32" }).status === 0
  );
}

/** The Python of an environment with the pinned requirements, or why there is none. */
export function python(): { path: string; why?: undefined } | { path?: undefined; why: string } {
  const path = join(ENVIRONMENT, "bin", "python");
  const stamp = join(ENVIRONMENT, "requirements.txt");
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted)
    return { path };
  const made = spawnSync("python3", ["-m", "venv", ENVIRONMENT], { encoding: "utf8" });
  if (made.error !== undefined) return { why: "there is no python3" };
  if (made.status !== 0) return { why: "python3 has no venv module" };
  const installed = spawnSync(
    path,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS],
    {
      encoding: "utf8",
    },
  );
  if (installed.status !== 0) return { why: `pip could not install ${REQUIREMENTS}` };
  writeFileSync(stamp, wanted);
  return { path };
}

/**
 * A fit for the peers: rows, objective, bounds, starts and what is to be reached, with a point to
 * check that both compute the same.
 */
async function posedFor(
  one: FitCase,
  tiny: boolean,
  own: Measured | undefined,
): Promise<object | undefined> {
  const runs = await one.runs(tiny);
  if (runs === undefined) return undefined;
  const posed = pose(one.law, runs, one.options);
  const { law, problem, scales } = posed;
  const k = law.domains.length;
  const { train } = runs;
  const log = (values: Float64Array | undefined, unit: number): number[] =>
    Array.from(values ?? [], (v) => Math.log(v / unit));
  return {
    case: one.name,
    law: law.law.name,
    domains: k,
    names: law.coordinates.map(({ name }) => name),
    delta: problem.loss.delta,
    residual: posed.residual,
    peers: one.peers.filter((peer) => peer !== NPM.peer),
    patience: one.patience ?? {},
    restarts: one.options.restarts ?? null,
    bootstrap: one.options.bootstrap ?? null,
    lower: [...law.lower].map((x) => Math.max(x, -1e30)),
    upper: [...law.upper].map((x) => Math.min(x, 1e30)),
    lnN: log(train.inputs["params"], law.units.params),
    lnD: log(train.inputs["tokens"], law.units.tokens),
    weights: Array.from({ length: k === 0 ? 0 : train.rows }, (_, row) => [
      ...train.weights.subarray(row * k, (row + 1) * k),
    ]),
    targets: runs.targets.map((name, t) => {
      const scale = scales[t] ?? { min: 0, mean: 0, max: 0 };
      const theta = startsOf({ ...posed, scales: [scale] }, 1, 7).flatMap((start) => [
        ...start.theta,
      ]);
      return {
        name,
        losses: Array.from(train.losses[t] ?? [], (y) => (Number.isNaN(y) ? null : y)),
        start: law.coordinates.map(({ spec }) => spec.start(scale, k)),
        reference: (tiny ? undefined : one.references[name]) ?? own?.objectives?.[name],
        best: own?.best?.[name],
        check: {
          theta,
          objective: new NormalEquations(problem.program, problem.packed, t, problem.loss).evaluate(
            Float64Array.from(theta),
          ),
        },
      };
    }),
  };
}

/** What a program of peers prints. */
async function resultsOf(
  name: string,
  program: string,
  args: readonly string[],
): Promise<PeerResult[]> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) console.error(`bench: the peers of ${name} ended with code ${String(code)}`);
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as PeerResult);
}

/** Runs the peers on the cases; `measured` has mixlaw's own objectives and fits. */
export async function runPeers(
  path: string,
  cases: readonly Case[],
  measured: readonly Measured[],
  tiny: boolean,
  seconds: number,
): Promise<PeerResult[]> {
  mkdirSync(".cache/bench", { recursive: true });
  const results: PeerResult[] = [];
  for (const one of cases) {
    if (one.kind === "optimize" || (one.kind === "fit" && one.peers.length === 0)) continue;
    const task =
      one.kind === "fit"
        ? await posedFor(
            one,
            tiny,
            measured.find((m) => m.case === one.name),
          )
        : { ...one, case: one.name, law: one.law.name };
    if (task === undefined) continue;
    const file = join(".cache/bench", `${one.name}.json`);
    writeFileSync(file, JSON.stringify({ kind: one.kind, ...task, tiny, seconds }));
    results.push(...(await resultsOf(one.name, path, ["bench/peers/main.py", file])));
    if (one.kind !== "fit" || !one.peers.includes(NPM.peer)) continue;
    if (npm())
      results.push(
        ...(await resultsOf(one.name, process.execPath, [join(".cache/bench", "npm.js"), file])),
      );
    else console.error(`bench: npm could not install ${NPM.package}`);
  }
  return results;
}
