/** One fault at one moment of a job, and what it has left behind. */
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs"; // prettier-ignore
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fill } from "./disk.ts";
import { type End, isResult, type Job, start } from "./jobs.ts";

export const FAULTS = ["SIGKILL", "SIGTERM", "SIGINT", "full disk"] as const;
export type Fault = (typeof FAULTS)[number];

/** When a fault comes: so many seconds after the start, or as soon as the result is written. */
export type Moment = number | "writing";

export interface Trial {
  readonly fault: Fault;
  readonly moment: Moment;
  /** What is at --out afterwards: the file of before, a complete new one, or neither. */
  readonly left: "good" | "new" | "wrong";
  /** What else is not as it should be. */
  readonly complaints: readonly string[];
  /** Whether there is a partial file. */
  readonly isPartial: boolean;
  /** From the fault to the end of the process. */
  readonly seconds: number;
  /** With --resume: whether the same command, undisturbed, gives the result afterwards. */
  readonly isResumed: boolean | undefined;
}

const TEMPORARY = /^\.mixlaw-[0-9a-f]+\.tmp$/;

/** Resolves when the command writes its result: to its second temporary file, after a trial. */
function writing(folder: string): Promise<FSWatcher> {
  const seen = new Set<string>();
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name !== null && TEMPORARY.test(name) && seen.add(name).size === 2) resolve(watcher);
    });
  });
}

/**
 * @param folder is emptied first; for a full disk a file system of its own
 * @param resumes whether the job keeps records, and is done again afterwards
 */
export async function attempt(
  job: Job,
  fault: Fault,
  moment: Moment,
  folder: string,
  resumes: boolean,
): Promise<Trial> {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  const out = join(folder, "out.json");
  writeFileSync(out, job.good);
  const records = join(folder, "records");
  if (resumes) mkdirSync(records);
  const words = [...job.words, "--out", out, ...(resumes ? ["--resume", records] : [])];
  const watcher = moment === "writing" ? writing(folder) : undefined;
  const { kill, ended } = start(words);
  const isOver = ended.then(() => undefined);
  await Promise.race([watcher ?? wait(1000 * Number(moment)), isOver]);
  const since = performance.now();
  const empty = fault === "full disk" ? fill(folder) : undefined;
  if (fault !== "full disk") kill(fault);
  const end = await ended;
  const seconds = (performance.now() - since) / 1000;
  void watcher?.then((open) => open.close());
  empty?.();
  const left = readFileSync(out, "utf8");
  const names = readdirSync(folder);
  const trial = {
    fault,
    moment,
    left: left === job.good ? ("good" as const) : isResult(job, left) ? ("new" as const) : ("wrong" as const), // prettier-ignore
    complaints: complaintsOf(fault, end, names, folder),
    isPartial: names.includes("out.json.partial.json"),
    seconds,
  };
  if (!resumes) return { ...trial, isResumed: undefined };
  const { code } = await start(words).ended;
  return { ...trial, isResumed: code === 0 && isResult(job, readFileSync(out, "utf8")) };
}

/** Codes that a command may end with: where it was done before the fault, 0. */
const CODES: Readonly<Record<Fault, readonly (number | string)[]>> = {
  SIGKILL: [0, "SIGKILL"],
  SIGTERM: [0, 130, "SIGTERM"],
  SIGINT: [0, 130, "SIGINT"],
  "full disk": [0, 1],
};

function complaintsOf(
  fault: Fault,
  { code, signal, stderr }: End,
  names: readonly string[],
  folder: string,
): string[] {
  const complaints: string[] = [];
  const ending = signal ?? code ?? "";
  if (!CODES[fault].includes(ending)) complaints.push(`ended with ${ending}: ${stderr}`);
  if (/\n\s+at |internal error/.test(stderr)) complaints.push(`said ${stderr}`);
  // Nobody can clean up after SIGKILL; the next command does, a day later.
  const stray = names.filter((name) => TEMPORARY.test(name));
  if (fault !== "SIGKILL" && stray.length > 0) complaints.push(`left ${stray.join(", ")}`);
  const partial = names.find((name) => name === "out.json.partial.json");
  if (partial !== undefined) {
    try {
      JSON.parse(readFileSync(join(folder, partial), "utf8"));
    } catch (error) {
      complaints.push(`${partial}: ${String(error)}`);
    }
  }
  return complaints;
}
