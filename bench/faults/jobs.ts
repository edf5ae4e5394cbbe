/** The commands that are disturbed, and what they give undisturbed. */
import { spawn, spawnSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The command as it is built; the script that this is bundled into is two folders further down. */
const CLI = join(import.meta.dirname, "../../dist/cli.js");

export const JOBS = ["bootstrap", "validate", "optimize"] as const;
export type JobName = (typeof JOBS)[number];

/** One that is undisturbed first. */
export interface Job {
  readonly name: JobName;
  /** Its words but for --out. */
  readonly words: readonly string[];
  /** What stands at --out before, of another seed. */
  readonly good: string;
  /** What it writes. */
  readonly result: string;
  /** Seconds that it takes. */
  readonly seconds: number;
}

/** How a command ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Starts a command; `ended` resolves when it has ended. */
export function start(words: readonly string[]): {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<End>;
} {
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<End>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stderr }));
  });
  return { kill: (signal) => void child.kill(signal), ended };
}

/** Runs a command that has to do well, and gives the seconds it took. */
export function run(words: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`mixlaw ${words.join(" ")} ended with ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}

const QUICK = ["--backend", "cpu", "--threads", "2", "--progress", "none"] as const;

/** Makes a table and a fit in a folder, and does each job once there for each of two seeds. */
export function prepareJobs(folder: string, names: readonly JobName[]): Job[] {
  const at = (name: string): string => join(folder, name);
  const [runs, fit] = [at("runs.csv"), at("fit.json")];
  run("simulate --law additive --domains 4 --targets 2 --mixtures 16 --noise 0.005 --out".split(" ").concat(runs)); // prettier-ignore
  const fitting = ["fit", runs, "--law", "additive", "--restarts", "32", ...QUICK];
  if (names.includes("optimize")) run([...fitting, "--bootstrap", "400", "--out", fit]);
  const wordsOf: Readonly<Record<JobName, readonly string[]>> = {
    bootstrap: [...fitting, "--bootstrap", "60"],
    validate: ["validate", runs, "--law", "chinchilla,additive", "--restarts", "32", ...QUICK],
    optimize: ["optimize", fit, "--params", "7B", "--tokens", "150B", "--backend", "cpu", "--progress", "none"], // prettier-ignore
  };
  return names.map((name) => {
    const words = [...wordsOf[name], "--seed", "2"];
    const out = at(`${name}.json`);
    run([...wordsOf[name], "--seed", "1", "--out", out]);
    const good = readFileSync(out, "utf8");
    const seconds = run([...words, "--out", out]);
    return { name, words, good, result: readFileSync(out, "utf8"), seconds };
  });
}

const untimed = (text: string): object => ({ ...(JSON.parse(text) as object), timing: undefined });

/** Whether a text is what the job gives, but for the time it took. */
export function isResult({ result }: Job, text: string): boolean {
  try {
    return isDeepStrictEqual(untimed(text), untimed(result));
  } catch {
    return false;
  }
}
