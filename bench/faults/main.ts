/**
 * `npm run faults`: what is left of a good result when a command that would replace it is killed,
 * interrupted or meets a full disk, at random moments of its run. As root, for the disk.
 *
 *     npm run faults                       20 moments of each job and fault, and 4 while it writes
 *     npm run faults -- --resume           the same with --resume, and done again after each fault
 *     npm run faults -- --moments 1        fewer moments
 *     npm run faults -- --job validate     one job (may be given several times)
 *
 * --seed S        of the moments (default: 1)
 * --out FOLDER    instead of bench/results
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stream } from "../../src/random/rng.ts";
import { keep } from "../child.ts";
import { machine } from "../machine.ts";
import { table } from "../report.ts";
import { smallDisk } from "./disk.ts";
import { type Job, type JobName, JOBS, prepareJobs } from "./jobs.ts";
import { attempt, type Fault, FAULTS, type Moment, type Trial } from "./trial.ts";

const { values: flags } = parseArgs({
  options: {
    job: { type: "string", multiple: true, default: [...JOBS] },
    moments: { type: "string", default: "20" },
    resume: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "bench/results" },
  },
});

/** Moments while the result is written, one to each five others. */
const WRITING = 5;

/** A random moment of each equal part of a run. */
function momentsOf({ seconds }: Job, count: number, draw: (i: number) => number): Moment[] {
  const spread = Array.from({ length: count }, (_, i) => ((i + draw(i)) / count) * seconds); // prettier-ignore
  return [...spread, ...Array.from({ length: Math.floor(count / WRITING) }, () => "writing" as const)]; // prettier-ignore
}

interface Group {
  readonly job: JobName;
  readonly fault: Fault;
  readonly trials: readonly Trial[];
}

async function disturb(
  job: Job,
  fault: Fault,
  folder: string,
  draw: (i: number) => number,
): Promise<Group> {
  const trials: Trial[] = [];
  for (const moment of momentsOf(job, Number(flags.moments), draw)) {
    const trial = await attempt(job, fault, moment, folder, flags.resume);
    trials.push(trial);
    for (const complaint of trial.complaints) console.error(`${job.name}, ${fault} at ${moment}: ${complaint}`); // prettier-ignore
  }
  console.error(`${job.name}, ${fault}: ${trials.map(({ left }) => left).join(" ")}`);
  return { job: job.name, fault, trials };
}

const isRight = ({ left, complaints, isResumed }: Trial): boolean =>
  left !== "wrong" && complaints.length === 0 && isResumed !== false;

function markdown(groups: readonly Group[]): string {
  const count = (trials: readonly Trial[], is: (trial: Trial) => boolean): string =>
    String(trials.filter(is).length);
  const rows = groups.map(({ job, fault, trials }) => [
    job,
    fault,
    String(trials.length),
    count(trials, ({ left }) => left === "good"),
    count(trials, ({ left }) => left === "new"),
    count(trials, ({ left }) => left === "wrong"),
    count(trials, ({ isPartial }) => isPartial),
    count(trials, ({ isResumed }) => isResumed === true),
    Math.max(...trials.map(({ seconds }) => seconds)).toFixed(2),
  ]);
  const all = groups.flatMap(({ trials }) => trials);
  const titles = ["job", "fault", "moments", "good file", "complete new one", "neither", "partial file", "resumed", "longest s to the end"]; // prettier-ignore
  return `# Faults\n\n${table(titles, rows)}\n\n${all.filter(isRight).length} of ${all.length} as they must be.\n`;
}

const work = mkdtempSync(join(tmpdir(), "mixlaw-faults-"));
const disk = smallDisk(join(work, "disk"));
process.once("exit", () => {
  disk.unmount();
  rmSync(work, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const names = JOBS.filter((name) => flags.job.includes(name));
mkdirSync(join(work, "jobs"));
const jobs = prepareJobs(join(work, "jobs"), names);
const draws = stream(Number(flags.seed), 0);
const groups: Group[] = [];
for (const job of jobs)
  for (const fault of FAULTS) {
    const index = groups.length;
    const draw = (i: number): number => draws.uniform(index, i);
    groups.push(await disturb(job, fault, join(work, "disk"), draw));
  }
const all = groups.flatMap(({ trials }) => trials);
const results = { schema: "mixlaw/faults@1", machine: machine(), resume: flags.resume, groups };
keep(flags.out, flags.resume ? "faults-resume" : "faults", results, markdown(groups));
process.exitCode = all.length > 0 && all.every(isRight) ? 0 : 1;
