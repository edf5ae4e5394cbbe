/** `mixlaw slurm`: a long command on a Slurm cluster, as a job array and a run that joins it. */
import { mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { InputError } from "../../base/errors.ts";
import { listed } from "../../base/wording.ts";
import { adapterFlag } from "../flags/common-flags.ts";
import { takeFilesOnce } from "../flags/one-file.ts";
import { several, whole } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { whyNotWritten } from "../io/file-errors.ts";
import { print, tell } from "../io/output.ts";
import { destination } from "../io/save.ts";
import { arraysOf, clusterScripts, type ClusterJob } from "../slurm/scripts.ts";
import { arraySizeHere, submit, USUAL_ARRAY_SIZE } from "../slurm/sbatch.ts";
import { addFit } from "./fit.ts";
import { addOptimize } from "./optimize.ts";
import { addValidate } from "./validate.ts";

interface Flags {
  readonly shards: number;
  readonly resume: string;
  readonly submit?: true;
  readonly time?: string;
  readonly partition?: string;
  readonly account?: string;
  readonly cpus?: number;
  readonly adapter?: string;
  readonly sbatch?: readonly string[];
}

const EXAMPLES = `
COMMAND is a mixlaw command without "mixlaw": fit, validate or optimize, with its flags. It runs in this folder. Each
task of the array computes one shard of it and records that in DIR; the joining run starts when all have ended, however
they ended, computes what is missing, and writes the --out of COMMAND. Scripts and what the tasks say go to DIR/slurm.

A task is told to stop a minute before its time limit; it then goes back to the queue, up to 20 times, and goes on from
its records, as does one that was killed. Options of sbatch that have no flag here go into --sbatch, one each.

Examples:
  mixlaw slurm --shards 8 --resume work -- fit runs.csv --law joint --bootstrap 1000 --out fit.json
  mixlaw slurm --shards 200 --resume work --time 30 --cpus 4 --submit -- validate runs.csv --law simple,joint
  mixlaw slurm --shards 16 --resume work --sbatch --gres=gpu:1 --submit -- fit runs.csv --backend webgpu

docs/clusters.md says how the time depends on the number of shards, and how to do without Slurm.
Exit codes: 0 done, 1 bad input.`;

export function addSlurm(program: Command): void {
  const command = program
    .command("slurm")
    .summary("divide a long command among the tasks of a Slurm job array")
    .description(
      "Writes a Slurm job array that computes a command in shards, and the run that joins them; with --submit it submits both.",
    )
    .argument(
      "<COMMAND...>",
      'after "--": the command to divide, such as fit runs.csv --bootstrap 1000',
    )
    .requiredOption("--shards <N>", "parts that the command is divided into", whole("--shards"))
    .requiredOption("--resume <DIR>", "folder of the records, which all nodes see")
    .option("--submit", "submit what was written")
    .option(
      "--time <T>",
      "time limit of a task, as sbatch has it: minutes, H:M:S or D-H",
      matching(
        "--time",
        /^\d+([:-]\d+){0,3}$/,
        "a time as sbatch has it, such as 30, 2:00:00 or 1-12",
      ),
    )
    .option("--partition <NAME>", "partition to submit to", aName("--partition"))
    .option("--account <NAME>", "account to charge", aName("--account"))
    .option("--cpus <N>", "cores of a task", whole("--cpus"));
  adapterFlag(command).option(
    "--sbatch <OPTION>",
    "another option of sbatch, such as --mem=8G; may be given several times",
    several,
  );
  endHelp(command, EXAMPLES).action(slurm);
}

async function slurm(words: readonly string[], flags: Flags): Promise<void> {
  const sharded = shardedCommand(words, flags);
  const options = sbatchOptions(flags);
  const here = await arraySizeHere();
  const workplace = process.cwd();
  const folder = join(resolve(flags.resume), "slurm");
  for (const path of [workplace, folder])
    if (/[\\\n\r]/.test(path))
      throw new InputError(
        `${path}: Slurm's names of files cannot have a backslash or a line break: choose another folder`,
      );
  const job: ClusterJob = {
    shards: flags.shards,
    arraySize: here ?? USUAL_ARRAY_SIZE,
    command: [process.execPath, await program(), ...sharded],
    workplace,
    folder,
    options,
  };
  await write(job);
  const arrays = arraysOf(job).length;
  if (arrays > 1)
    tell(
      `${flags.shards} shards are ${arrays} arrays: ${here === undefined ? "Slurm's usual" : "this cluster's"} MaxArraySize is ${job.arraySize}`,
    );
  const script = join(folder, "submit.sh");
  if (flags.submit === true) return submit(script);
  print(
    `Wrote ${listed(["shards.sbatch", "join.sbatch", "submit.sh"])} to ${folder}.\nTo submit them: sh ${script}`,
  );
}

async function write({ folder, ...job }: ClusterJob): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new InputError(`--resume ${folder}: ${whyNotWritten(error)}`, { file: folder });
  });
  for (const [name, text] of Object.entries(clusterScripts({ folder, ...job })))
    await (await destination(join(folder, name), "--resume")).save(text);
}

/** The file of this program, whatever link it was started by. */
const program = (): Promise<string> => realpath(process.argv[1] ?? "");

/** Flags that `mixlaw slurm` gives to the command itself. */
interface Checked {
  readonly resume?: unknown;
  readonly shard?: unknown;
  readonly adapter?: string;
  readonly backend: string;
  readonly nist?: string;
  readonly trace?: string;
  readonly out?: string;
  readonly json?: true;
}

/** The words of the command with the flags that it runs with. Throws where it cannot be divided. */
export function shardedCommand(
  words: readonly string[],
  flags: Pick<Flags, "resume" | "adapter">,
): string[] {
  const [name = "", ...rest] = words[0] === "mixlaw" ? words.slice(1) : words;
  const command = checkedCommand(name, rest);
  const given = command.opts<Checked>();
  const inCommand = (flag: string): InputError =>
    new InputError(
      `COMMAND has ${flag}, which "mixlaw slurm" adds itself: give it before the "--", or not at all`,
    );
  if (given.shard !== undefined) throw inCommand("--shard");
  if (given.resume !== undefined) throw inCommand("--resume");
  if (given.adapter !== undefined && flags.adapter !== undefined) throw inCommand("--adapter");
  if (given.nist !== undefined)
    throw new InputError("COMMAND has --nist: NIST's problems are small and are not divided");
  if (given.trace !== undefined)
    throw new InputError(
      "COMMAND has --trace, a file that all tasks would write: give it to one command without shards",
    );
  const readsInput = command.args.includes("-");
  if (readsInput || command.args.length === 0)
    throw new InputError(
      `COMMAND reads ${readsInput ? "standard input" : "no table"}: name a file that all nodes see`,
    );
  if (given.out === undefined)
    tell("COMMAND has no --out: its result will stand only in what the joining run says");
  if (given.backend === "auto")
    tell(
      "COMMAND has no --backend: nodes that choose differently do not find each other's records; better give --backend cpu or --backend webgpu",
    );
  return [
    name,
    ...rest,
    "--resume",
    resolve(flags.resume),
    ...(flags.adapter === undefined ? [] : ["--adapter", flags.adapter]),
  ];
}

/** Reads a command as the program would. Throws InputError where it would refuse it. */
function checkedCommand(name: string, rest: readonly string[]): Command {
  const reader = new Command("mixlaw")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const add of [addFit, addValidate, addOptimize]) add(reader);
  const names = reader.commands.map((each) => each.name());
  const command = reader.commands.find((each) => each.name() === name);
  if (command === undefined)
    throw new InputError(
      `COMMAND begins with ${JSON.stringify(name)}; what can be divided is ${listed(names)}, as in: mixlaw slurm … -- fit runs.csv --out fit.json`,
    );
  takeFilesOnce(command);
  command.action(() => undefined).helpOption(false);
  try {
    reader.parse([name, ...rest], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new InputError(`COMMAND: ${error.message.replace(/^error: /, "").replaceAll("\n", " ")}`);
  }
  return command;
}

/** What `mixlaw slurm` sets itself. */
const OWN =
  /^(-[ado]|--(array|dependency|wrap|parsable|signal|requeue|no-requeue|output|open-mode)\b)/;

function sbatchOptions({ time, partition, account, cpus, sbatch = [] }: Flags): string[] {
  for (const option of sbatch) {
    if (!option.startsWith("-") || /[\n\r]/.test(option))
      throw new InputError(
        `--sbatch is ${JSON.stringify(option)}; it must be one option of sbatch with its value, such as --mem=8G`,
      );
    if (OWN.test(option))
      throw new InputError(`--sbatch ${option}: "mixlaw slurm" sets this option itself`);
  }
  return [
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    ...sbatch,
  ];
}

const matching =
  (flag: string, pattern: RegExp, says: string) =>
  (text: string): string => {
    if (pattern.test(text)) return text;
    throw new InputError(`${flag} is ${JSON.stringify(text)}; it must be ${says}`);
  };

const aName = (flag: string): ((text: string) => string) =>
  matching(flag, /^[\w.,:@+-]+$/, "a name that Slurm knows");
