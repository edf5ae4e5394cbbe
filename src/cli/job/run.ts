/** `mixlaw run`: a whole job from one file. */
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";
import { endHelp } from "../io/help.ts";
import { sharingEngines } from "../io/kept-engines.ts";
import { print, style, tell } from "../io/output.ts";
import { readText } from "../io/read-text.ts";
import { folderName, inputsOf, JobFolder, type JobInput } from "./job-folder.ts";
import { type JobFile, parseJob } from "./job-schema.ts";
import { planJob, tablesOf } from "./job-plan.ts";
import type { JobStep } from "./job-step.ts";
import { lineOf, scriptOf } from "./job-script.ts";
import { runSteps, writtenFiles } from "./run-steps.ts";

interface Flags {
  readonly print?: true;
  readonly out?: string;
}

const EXAMPLES = `
A job file is YAML with the sections data, laws, fit, validate, optimize, predict and report. The keys of a section
are the flags of its command without their dashes; paths in it are relative to the file. See docs/jobs.md, and
"mixlaw schema job" for editors.

All results go to one folder beside the job file, whose name has a hash of the job and of the files that it reads.
The same job run again goes on from what is there. Ctrl-C, deadlines and exit codes are as those of the commands:
the exit code is the worst of the parts, and a part that has failed stops those alone that need it.

Examples:
  mixlaw run job.yaml
  mixlaw run job.yaml --print      the commands that it runs
  mixlaw run job.yaml --out results`;

export function addRun(program: Command): void {
  const command = program
    .command("run")
    .summary("do a whole job from one file: fit, validate, optimize, predict, report")
    .description(
      "Does a whole job that a file describes, from tables to training configs and a report, and keeps all results in one folder with what repeats them.",
    )
    .argument("<JOB>", "job file in YAML or JSON")
    .option("--print", "print the commands that the job runs, and run none")
    .option(
      "-o, --out <DIR>",
      "the folder in which the job's folder is made (default: that of JOB)",
    );
  endHelp(command, EXAMPLES).action(async (path: string, flags: Flags) => {
    const code = await runJob(path, flags);
    process.exitCode = code;
  });
}

/** A job, and where it writes to. */
interface Planned {
  readonly text: string;
  readonly steps: readonly JobStep[];
  readonly folder: string;
  readonly inputs: readonly JobInput[];
}

/**
 * Does the job of a file, in its folder: paths are relative to the file.
 *
 * @returns the exit code
 */
export async function runJob(path: string, flags: Flags): Promise<number> {
  const text = await readText(path);
  const job = parseJob(text, path);
  const before = process.cwd();
  const place = resolve(dirname(path));
  const asked = flags.out === undefined ? undefined : resolve(flags.out);
  process.chdir(place);
  try {
    const planned = await plan(text, path, job, asked);
    const script = scriptOf(place, planned.folder, planned.steps);
    if (flags.print === true) {
      process.stdout.write(script);
      return 0;
    }
    const { code, names } = await perform(basename(path), planned, script);
    process.chdir(before);
    const folder = fromHere(resolve(place, planned.folder));
    print(style().dim(`${folder} has ${[...names, "job.yaml", "run.json", "commands.sh"].join(", ")}.`)); // prettier-ignore
    return code;
  } finally {
    process.chdir(before);
  }
}

async function plan(
  text: string,
  source: string,
  job: JobFile,
  asked: string | undefined,
): Promise<Planned> {
  const inputs = await inputsOf(job);
  checkTables(source, job, inputs);
  const parent = asked === undefined ? (job.out ?? "") : fromHere(asked);
  const folder = join(parent, folderName(source, job, inputs));
  try {
    return { text, inputs, folder, steps: planJob(job, folder) };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${source}: ${error.message}`, { file: source }); // prettier-ignore
    throw error;
  }
}

/** A path as short as it is from the working folder. */
function fromHere(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") || isAbsolute(near) ? path : near;
}

/** Throws the InputError for tables that are not there, before anything is done. */
function checkTables(source: string, job: JobFile, inputs: readonly JobInput[]): void {
  for (const table of tablesOf(job)) {
    const where = { file: source };
    if (table === "-")
      throw new InputError(`${source}: data.tables names standard input; a job reads files`, where);
    if (!inputs.some(({ path }) => path === table))
      throw new InputError(`${source}: data.tables names ${table}, which is no file: paths are relative to ${source}`, where); // prettier-ignore
  }
}

/** Runs the steps; the names are of the files that there are then. */
async function perform(
  source: string,
  planned: Planned,
  script: string,
): Promise<{ readonly code: number; readonly names: readonly string[] }> {
  const { steps, text, inputs } = planned;
  const folder = await JobFolder.open(planned.folder, text, {
    source,
    inputs,
    script,
    commands: steps.map(lineOf),
  });
  const isOld = steps.some(({ name }) => folder.stepOf(name) !== undefined);
  if (isOld)
    tell(`${folder.path} has results of this job: what is done stays, and the rest goes on from its records`); // prettier-ignore
  const code = await sharingEngines(() => runSteps(source, steps, folder));
  return { code, names: writtenFiles(steps, folder) };
}
