/**
 * Runs harnesses in processes of their own, watches that none hangs or grows without end, and tells
 * what was found with its seed and input.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome, Task } from "./child.ts";
import { encode, type Harness, type InputList } from "./harness.ts";
import type { Group } from "./harnesses.ts";
import { causeOf } from "./judge.ts";

/** A problem, with all that is needed to see it again. */
export interface Finding {
  readonly harness: string;
  readonly seed: number;
  readonly problem: string;
  /** The input as JSON, as small as shrinking made it; a hang's as it was drawn. */
  readonly input: string;
}

export interface Plan {
  /** Seconds for all harnesses together. */
  readonly seconds: number;
  readonly seed: number;
  readonly harnesses: readonly (Pick<Harness, "name" | "seconds"> & { readonly group: Group })[];
  /** The bundled child. */
  readonly child: string;
  readonly tell: (line: string) => void;
}

export interface Findings {
  readonly runs: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Bytes that a process may take. */
const MOST_MEMORY = 2 ** 30;
/** How often a process is looked at, in milliseconds. */
const LOOK = 250;
/** On a loaded machine a process may have to wait: by the clock it has this many times longer. */
const PATIENCE = 10;
/** The longest slice of time for a harness: the next ones come round again. */
const SLICE = { least: 1.5, most: 20 } as const;
/** Inputs that a harness gets in a slice at most. */
const MOST_RUNS = 1_000_000;
/** Inputs of a seed are many slices': each slice draws by a seed of its own. */
const STRIDE = 7919;

/** CPU seconds and bytes of memory of a process, where the system tells: Linux. */
function usage(
  pid: number | undefined,
): { readonly cpu: number; readonly memory: number } | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
    .map(Number);
  const [user = 0, system = 0] = fields.slice(11, 13);
  return { cpu: (user + system) / 100, memory: (fields[21] ?? 0) * 4096 };
}

/**
 * A process that runs tasks of one group. It is ended where an input takes more CPU than a harness
 * allows, or memory runs away; the next task starts another.
 */
class Worker {
  readonly #script: string;
  #child: ChildProcess | undefined;
  #errors = "";

  constructor(script: string) {
    this.#script = script;
  }

  /** Runs a task; `seconds` of CPU are what each of its inputs may take. */
  async run(task: Task, seconds: number): Promise<Outcome> {
    const child = (this.#child ??= this.#start());
    let [stamp, since, cpu] = ["", Date.now(), usage(child.pid)?.cpu ?? 0];
    let reason: string | undefined;
    const look = (): void => {
      const used = usage(child.pid);
      const now = existsSync(task.file) ? `${statSync(task.file).mtimeMs}` : "";
      if (now !== stamp) [stamp, since, cpu] = [now, Date.now(), used?.cpu ?? 0];
      const waited = (Date.now() - since) / 1000;
      if (stamp === "") return; // the group is being loaded
      if (waited > PATIENCE * seconds || (used !== undefined && used.cpu - cpu > seconds))
        reason ??= `does not end within ${seconds} s`;
      if (used !== undefined && used.memory > MOST_MEMORY)
        reason ??= `takes ${Math.round(used.memory / 2 ** 20)} MiB`;
      if (reason !== undefined) child.kill("SIGKILL");
    };
    const timer = setInterval(look, LOOK);
    const outcome = await new Promise<Outcome>((resolve) => {
      child.once("message", (message: Outcome) => resolve(message));
      child.once("close", (code, signal) => {
        this.#child = undefined;
        const input = existsSync(task.file) ? readFileSync(task.file, "utf8") : "";
        const why = reason ?? `the process ends (${signal ?? code}): ${this.#errors}`;
        resolve({ runs: 0, problem: why, input });
      });
      child.send(task);
    });
    clearInterval(timer);
    child.removeAllListeners();
    return outcome;
  }

  close(): void {
    this.#child?.kill("SIGKILL");
  }

  #start(): ChildProcess {
    const child = fork(this.#script, [], {
      execArgv: ["--enable-source-maps", "--max-old-space-size=700"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-3000);
    });
    return child;
  }
}

/** Where an input stands in a list: a process that was ended does not know how far it came. */
function placeOf(input: string, { count, at }: InputList, from: number): number {
  for (let n = from; n < count; n++) if (encode(at(n)) === input) return n;
  return from;
}

/** What is gone through: harnesses with a list of all their inputs. */
export type Campaign = Omit<Plan, "harnesses"> & {
  readonly harnesses: readonly (Harness & { readonly group: Group })[];
};

/** Goes through all inputs of harnesses that have a list of them, or as far as the time goes. */
export async function goThrough(plan: Campaign): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-fuzz-"));
  const runs = new Map<string, number>();
  const findings: Finding[] = [];
  const end = Date.now() + 1000 * plan.seconds;
  for (const { group, name, every, seconds = 5 } of plan.harnesses) {
    if (every === undefined) continue;
    const worker = new Worker(plan.child);
    const file = join(folder, `${name}.json`);
    const known: string[] = [];
    let from = 0;
    while (from < every.count && Date.now() < end) {
      rmSync(file, { force: true });
      const task: Task = { group, name, seed: plan.seed, milliseconds: 1000 * SLICE.most, most: MOST_RUNS, known, file, from }; // prettier-ignore
      const { problem, input = "", runs: done } = await worker.run(task, seconds);
      from = done > 0 ? from + done : placeOf(input, every, from) + 1;
      if (problem === undefined) continue;
      known.push(causeOf(problem));
      findings.push({ harness: name, seed: plan.seed, problem, input });
      plan.tell(`${name}: ${problem}\n${input.slice(0, 3000)}`);
    }
    worker.close();
    runs.set(name, from);
    plan.tell(`${name}: ${from} of ${every.count}`);
  }
  rmSync(folder, { recursive: true, force: true });
  return { runs, findings };
}

/** Fuzzes for a while; the same seed draws the same inputs, as far as the time goes. */
export async function fuzz(plan: Plan): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-fuzz-"));
  const runs = new Map<string, number>();
  const findings: Finding[] = [];
  const workers = new Map(plan.harnesses.map(({ group }) => [group, new Worker(plan.child)]));
  const end = Date.now() + 1000 * plan.seconds;
  const even = plan.seconds / plan.harnesses.length;
  const slice = Math.min(SLICE.most, Math.max(SLICE.least, even));
  for (let round = 0; Date.now() < end; round++) {
    const seed = plan.seed + STRIDE * round;
    for (const { group, name, seconds = 5 } of plan.harnesses) {
      if (Date.now() >= end) break;
      const milliseconds = Math.min(1000 * slice, Math.max(500, end - Date.now()));
      const known = findings.filter(({ harness }) => harness === name).map(({ problem }) => causeOf(problem)); // prettier-ignore
      const file = join(folder, `${name}.json`);
      rmSync(file, { force: true });
      const task: Task = { group, name, seed, milliseconds, most: MOST_RUNS, known, file };
      const outcome = await workers.get(group)?.run(task, seconds);
      runs.set(name, (runs.get(name) ?? 0) + (outcome?.runs ?? 0));
      if (outcome?.problem === undefined) continue;
      const finding = { harness: name, seed, problem: outcome.problem, input: outcome.input ?? "" };
      findings.push(finding);
      plan.tell(`${name}, seed ${seed}: ${finding.problem}\n${finding.input.slice(0, 3000)}`);
    }
  }
  for (const worker of workers.values()) worker.close();
  rmSync(folder, { recursive: true, force: true });
  return { runs, findings };
}
