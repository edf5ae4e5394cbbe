/**
 * `npm run bench:interrupts`: the seconds from the first Ctrl-C to the end of a command that reads
 * or fits a table of a million rows, or descends over a thousand replicates, at random moments.
 *
 *     npm run bench:interrupts                    3 moments of each job, in 7 minutes
 *     npm run bench:interrupts -- --moments 6     more moments
 *     npm run bench:interrupts -- --job additive  one job (may be given several times)
 *     npm run bench:interrupts -- --tiny          small tables
 *
 * --seed S        of the moments (default: 1)
 * --out FOLDER    instead of bench/results
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { stream } from "../../src/random/rng.ts";
import { median } from "../../src/stats/moments.ts";
import { keep } from "../child.ts";
import { writeTable } from "../growth/write-table.ts";
import { machine } from "../machine.ts";
import { described, table } from "../report.ts";
import { run, start } from "./jobs.ts";

const { values: flags } = parseArgs({
  options: {
    job: { type: "string", multiple: true },
    moments: { type: "string", default: "3" },
    tiny: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "bench/results" },
  },
});

/** Seconds that the end may take: with longer ones the benchmark fails. */
const MOST = 2;
/**
 * Exit codes and signals of commands that end in order: stopped, or done when the signal came, with
 * a result (0) or one that is not to be relied on (2).
 */
const IN_ORDER: ReadonlySet<number | string> = new Set([130, "SIGINT", 0, 2]);

interface Job {
  readonly name: string;
  readonly words: readonly string[];
  /** Moments lie in so many first seconds of it. */
  readonly seconds: number;
}

interface Stop {
  /** Of the signal, in seconds from the start. */
  readonly moment: number;
  /** From the signal to the end; undefined where the command had ended before. */
  readonly seconds: number | undefined;
  readonly code: number | string;
}

/** The jobs on a big table, and one on a fit of many replicates. */
function jobsOf(runs: string, fit: string): Job[] {
  const fitting = ["fit", runs, "--targets", "loss", "--progress", "none", "--law"];
  const at = ["--params", "7B", "--tokens", "150B"];
  const job = (name: string, seconds: number, words: readonly string[]): Job => ({ name, words, seconds: flags.tiny ? 1 : seconds }); // prettier-ignore
  return [
    job("chinchilla", 25, [...fitting, "chinchilla"]),
    job("additive", 45, [...fitting, "additive"]),
    job("additive on the CPU", 55, [...fitting, "additive", "--backend", "cpu"]),
    job("bootstrap", 60, [...fitting, "chinchilla", "--bootstrap", "100"]),
    job("validate", 60, ["validate", runs, "--targets", "loss", "--law", "chinchilla,additive", "--by", "row", "--progress", "none"]), // prettier-ignore
    job("optimize, robust", 8, ["optimize", fit, ...at, "--robust", "q95", "--progress", "none"]),
  ];
}

/** A fit of replicates to optimize over. */
function prepareFit(folder: string): string {
  const [runs, fit] = [join(folder, "small.csv"), join(folder, "fit.json")];
  run(["simulate", "--law", "additive", "--domains", "10", "--targets", "4", "--mixtures", "32", "--noise", "0.005", "--out", runs]); // prettier-ignore
  run(["fit", runs, "--law", "additive", "--bootstrap", flags.tiny ? "20" : "1000", "--progress", "none", "--out", fit]); // prettier-ignore
  return fit;
}

async function interrupt({ words }: Job, moment: number, out: string): Promise<Stop> {
  rmSync(out, { force: true });
  const { kill, ended } = start([...words, "--out", out]);
  const isOver = await Promise.race([wait(1000 * moment), ended.then(() => true)]);
  const since = performance.now();
  if (isOver !== true) kill("SIGINT");
  const { code, signal } = await ended;
  const seconds = isOver === true ? undefined : (performance.now() - since) / 1000;
  return { moment, seconds, code: signal ?? code ?? "" };
}

const work = mkdtempSync(join(tmpdir(), "mixlaw-interrupts-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const runs = join(work, "runs.csv");
await writeTable(runs, { rows: flags.tiny ? 1e3 : 1e6, domains: 10 });
const every = jobsOf(runs, prepareFit(work));
const names = every.map(({ name }) => name);
const asked = flags.job ?? names;
const unknown = asked.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`--job is ${unknown}; the jobs are ${names.join(", ")}`);
const jobs = every.filter(({ name }) => asked.includes(name));
const draws = stream(Number(flags.seed), 0);
const count = Number(flags.moments);
const results: { readonly job: string; readonly stops: readonly Stop[] }[] = [];
for (const [index, job] of jobs.entries()) {
  const stops: Stop[] = [];
  for (let i = 0; i < count; i++) {
    const moment = ((i + draws.uniform(index, i)) / count) * job.seconds;
    const stop = await interrupt(job, moment, join(work, "out.json"));
    console.error(`${job.name} at ${moment.toFixed(1)} s: ${stop.seconds?.toFixed(2) ?? "had ended"} (${stop.code})`); // prettier-ignore
    stops.push(stop);
  }
  results.push({ job: job.name, stops });
}

/** Seconds to the ends of the commands that a signal met. */
const secondsOf = (stops: readonly Stop[]): number[] =>
  stops.flatMap(({ seconds }) => seconds ?? []);
const isLate = (seconds: number): boolean => seconds > MOST;
const isWrong = ({ code }: Stop): boolean => !IN_ORDER.has(code);
const rows = results.map(({ job, stops }) => {
  const seconds = secondsOf(stops);
  const times = seconds.length === 0 ? ["", ""] : [median(seconds), Math.max(...seconds)].map((s) => s.toFixed(2)); // prettier-ignore
  return [job, `${seconds.length}`, ...times, `${seconds.filter(isLate).length}`, `${stops.filter(isWrong).length}`]; // prettier-ignore
});
const titles = ["job", "moments", "median s to the end", "longest", `over ${MOST} s`, "not in order"]; // prettier-ignore
const about = `From Ctrl-C to the end of a command on ${flags.tiny ? "a thousand" : "a million"} rows of 10 domains, all mixtures different; "optimize, robust" on ${flags.tiny ? 20 : 1000} replicates. Moments at which a command had ended before are left out; "not in order" are ends with an error. Jobs that name no backend take what "auto" chooses. ${described(machine())}`; // prettier-ignore
keep(
  flags.out,
  "interrupts",
  { schema: "mixlaw/interrupts@1", machine: machine(), jobs: results },
  `# Ctrl-C\n\n${about}\n\n${table(titles, rows)}\n`,
);
process.exitCode = results.some(({ stops }) => secondsOf(stops).some(isLate) || stops.some(isWrong)) ? 1 : 0; // prettier-ignore
