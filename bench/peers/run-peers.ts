/**
 * The tools that a researcher would use otherwise, run by bench/peers/main.py on the same data.
 * Optional: without Python there are none.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../cases.ts";
import type { Measured } from "../measure.ts";
import { taskFor } from "./peer-task.ts";
import { hasNpmPeer, NPM } from "./tools.ts";

/** Where tasks and bundled programs lie. */
const FOLDER = ".cache/bench";

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

/** What npm's peer gives on a task. */
async function npmResults(name: string, file: string): Promise<PeerResult[]> {
  if (hasNpmPeer()) return resultsOf(name, process.execPath, [join(FOLDER, "npm.js"), file]);
  console.error(`bench: npm could not install ${NPM.package}`);
  return [];
}

/** Runs the peers on the cases; `measured` has mixlaw's own objectives and fits. */
export async function runPeers(
  python: string,
  cases: readonly Case[],
  measured: readonly Measured[],
  tiny: boolean,
  seconds: number,
): Promise<PeerResult[]> {
  mkdirSync(FOLDER, { recursive: true });
  const results: PeerResult[] = [];
  for (const benchmark of cases) {
    const { kind, name, law } = benchmark;
    if (kind === "optimize" || (kind === "fit" && benchmark.peers.length === 0)) continue;
    const own = measured.find((one) => one.case === name);
    const task =
      kind === "fit"
        ? await taskFor(benchmark, tiny, own)
        : { ...benchmark, case: name, law: law.name };
    if (task === undefined) continue;
    const file = join(FOLDER, `${name}.json`);
    writeFileSync(file, JSON.stringify({ kind, ...task, tiny, seconds }));
    results.push(...(await resultsOf(name, python, ["bench/peers/main.py", file])));
    if (kind === "fit" && benchmark.peers.includes(NPM.peer))
      results.push(...(await npmResults(name, file)));
  }
  return results;
}
