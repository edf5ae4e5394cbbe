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

/** What bench/peers/main.py prints as a JSON line, with the name that the case has for the peer. */
export interface PeerResult {
  readonly case: string;
  readonly name: string;
  readonly peer: string;
  /** To the reference quality; null where the peer cannot do it. */
  readonly seconds: number | null;
  /** Whether `seconds` is only a lower bound. */
  readonly bound: boolean;
  /** Imports and compiling, where a cold start has to pay for them. */
  readonly startup: number;
  readonly note: string;
}

/** A peer on a case. */
export interface PeerTask {
  readonly benchmark: Case;
  /** What mixlaw itself reached. */
  readonly own: Measured | undefined;
  readonly peer: string;
  readonly tiny: boolean;
  /** What a peer may take to reach a goal. */
  readonly seconds: number;
  /** Seconds after which it is ended. */
  readonly limit: number;
  /** How often it searches for a reference, from other random numbers each; medians count. */
  readonly rounds: number;
}

/** Whether a case has peers. */
export const isCompared = (benchmark: Case): boolean => peersOf(benchmark).length > 0;

/** The names of a case's peers. */
export const peersOf = (benchmark: Case): readonly string[] => {
  if (benchmark.kind === "optimize") return [];
  return benchmark.kind === "fit" ? benchmark.peers : ["numpy"];
};

/** Runs one peer on a case, or says why nothing came of it. */
export async function runPeer(
  python: string,
  task: PeerTask,
): Promise<PeerResult | { readonly why: string }> {
  const { benchmark, own, peer, tiny, seconds, limit, rounds } = task;
  const { kind, name } = benchmark;
  const posed =
    kind === "fit"
      ? await taskFor(benchmark, tiny, own)
      : { ...benchmark, case: name, law: benchmark.law.name };
  if (posed === undefined) return { why: "its data are not there" };
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}-${peer}.json`);
  writeFileSync(file, JSON.stringify({ kind, ...posed, peers: [peer], tiny, seconds, rounds }));
  const isNpm = peer === NPM.peer;
  if (isNpm && !hasNpmPeer()) return { why: `npm could not install ${NPM.package}` };
  const { code, line } = isNpm
    ? await lineOf(process.execPath, [join(FOLDER, "npm.js"), file], limit)
    : await lineOf(python, ["bench/peers/main.py", file], limit);
  if (line !== undefined) return { ...(JSON.parse(line) as PeerResult), name: peer };
  return { why: code === null ? `ended after ${limit} s` : `ended with code ${code}` };
}

/** The JSON line that a program prints, and its code; null where it was ended at the limit. */
async function lineOf(
  program: string,
  args: readonly string[],
  limit: number,
): Promise<{ readonly code: number | null; readonly line: string | undefined }> {
  // A group of its own: Python's processes end with it.
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const { pid } = child;
  // Without a process there is no group to end: group 0 is this process's own.
  const end = (): void => void (pid !== undefined && process.kill(-pid, "SIGKILL"));
  const late = setTimeout(end, 1000 * limit);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(late);
  return { code, line: text.split("\n").find((line) => line.startsWith("{")) };
}

/** Runs the peers on the cases; `measured` has mixlaw's own objectives and fits. */
export async function runPeers(
  python: string,
  cases: readonly Case[],
  measured: readonly Measured[],
  tiny: boolean,
  seconds: number,
): Promise<PeerResult[]> {
  const results: PeerResult[] = [];
  for (const benchmark of cases) {
    const own = measured.find((one) => one.case === benchmark.name);
    for (const peer of peersOf(benchmark)) {
      const end = await runPeer(python, {
        benchmark,
        own,
        peer,
        tiny,
        seconds,
        limit: LIMIT,
        rounds: 1,
      });
      if ("why" in end) console.error(`bench: ${peer} on ${benchmark.name}: ${end.why}`);
      else results.push(end);
    }
  }
  return results;
}

/** Seconds that a peer has in the benchmark of everything, whatever a goal of it may take. */
const LIMIT = 1800;
