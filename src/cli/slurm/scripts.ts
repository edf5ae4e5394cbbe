/**
 * Slurm scripts: an array of tasks, each one shard of a command, the run that joins them, and the
 * commands that submit both.
 */
import { shellWord } from "../../words/command-line.ts";

/** What is to be run on a cluster. */
export interface ClusterJob {
  /** Parts that the command is divided into. */
  readonly shards: number;
  /** Tasks that an array may have: Slurm's MaxArraySize. */
  readonly arraySize: number;
  /** The words of the command that joins, from the program's own on, with `--resume DIR`. */
  readonly command: readonly string[];
  /** The folder that the command runs in. */
  readonly workplace: string;
  /** The folder of the scripts and of what the tasks say. */
  readonly folder: string;
  /** Options of sbatch, for shards and the joining run alike, such as `--partition=gpu`. */
  readonly options: readonly string[];
}

/** The texts of the three files, by their names in the job's folder. */
export interface ClusterScripts {
  readonly "shards.sbatch": string;
  readonly "join.sbatch": string;
  readonly "submit.sh": string;
}

/**
 * Seconds before the time limit at which a task is told to stop: enough to end what it computes and
 * to go back to the queue. Slurm may tell it up to a minute earlier.
 */
const LEAD = 60;
/** A task that ends by a signal goes back to the queue up to so many times. */
const RETURNS = 20;

/**
 * The scripts of a job.
 *
 * @example clusterScripts({ shards: 8, arraySize: 1001, command: ["mixlaw", "fit", "runs.csv"],
 *   workplace: "/home/me", folder: "/home/me/work/slurm", options: ["--time=60"] })["submit.sh"]
 */
export const clusterScripts = (job: ClusterJob): ClusterScripts => ({
  "shards.sbatch": shardsScript(job),
  "join.sbatch": joinScript(job),
  "submit.sh": submitScript(job),
});

/** The first number of each array, and how many tasks it has. */
export function arraysOf({ shards, arraySize }: Pick<ClusterJob, "shards" | "arraySize">): {
  readonly first: number;
  readonly size: number;
}[] {
  const count = Math.ceil(shards / arraySize);
  return Array.from({ length: count }, (_, n) => {
    const first = n * arraySize;
    return { first, size: Math.min(arraySize, shards - first) };
  });
}

const shardsScript = (job: ClusterJob): string =>
  taskScript(job, {
    title: `Shards 0 to ${job.shards - 1} of a command, one a task: number $SLURM_ARRAY_TASK_ID, counted from the first argument on.`,
    log: "shard-%A_%a.log",
    options: [`--array=0-${Math.min(job.shards, job.arraySize) - 1}`],
    id: '"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"',
    command: `${words(job.command)} --shard "$((\${1:-0} + SLURM_ARRAY_TASK_ID))/${job.shards}"`,
  });

const joinScript = (job: ClusterJob): string =>
  taskScript(job, {
    title:
      "Joins what the shards have recorded, computes what is missing, and writes the result. It runs when they have ended, however they ended.",
    log: "join-%j.log",
    options: [],
    id: '"$SLURM_JOB_ID"',
    command: words(job.command),
  });

/** What tells the two scripts apart. */
interface Task {
  readonly title: string;
  readonly log: string;
  readonly options: readonly string[];
  /** How scontrol names the task. */
  readonly id: string;
  readonly command: string;
}

/**
 * A script for sbatch. The command runs beside the shell, which passes signals on. USR1 comes
 * before the time limit, TERM from scancel and from preemption. A task goes back to the queue where
 * its time ran out or something else than Slurm killed the command (the kernel's memory killer);
 * Slurm itself does so for a lost node. What was finished is recorded, so it goes on where it was.
 */
const taskScript = (job: ClusterJob, { title, log, options, id, command }: Task): string => {
  const all = [
    "--job-name=mixlaw",
    "--requeue",
    "--open-mode=append",
    `--signal=B:USR1@${LEAD}`,
    `--output=${pattern(job.folder)}/${log}`,
    ...options,
    ...job.options,
  ];
  return `#!/bin/sh
${all.map((option) => `#SBATCH ${sbatchWord(option)}`).join("\n")}
# ${title}
cd ${shellWord(job.workplace)} || exit 1
cancelled= command= stopping= stopped=
# Stops the command, once: a second signal would end it without its records. One that comes before
# the command is known is kept for it.
stop() {
  stopping=yes
  if [ -n "$command" ] && [ -z "$stopped" ]; then
    stopped=yes
    kill -s TERM "$command" 2>/dev/null
  fi
}
trap stop USR1
trap 'cancelled=yes; stop' TERM

${command} &
command=$!
[ -z "$stopping" ] || stop
wait "$command"; status=$?
while kill -0 "$command" 2>/dev/null; do wait "$command"; status=$?; done

# Codes above 128 are signals.
if [ "$status" -gt 128 ] && [ -z "$cancelled" ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${RETURNS} ]; then
  echo "mixlaw: stopped with code $status: back to the queue" >&2
  scontrol requeue ${id}
fi
exit "$status"
`;
};

/**
 * Submits the arrays, then the joining run. It waits with \`afterany\` and not \`afterok\`: it
 * computes what a failed shard left out.
 */
function submitScript(job: ClusterJob): string {
  const script = (name: string): string => shellWord(`${job.folder}/${name}`);
  const arrays = arraysOf(job).map(({ first, size }) =>
    first === 0
      ? `submit ${script("shards.sbatch")}`
      : `submit --array=0-${size - 1} ${script("shards.sbatch")} ${first}`,
  );
  return `#!/bin/sh
# Submits ${job.shards} shards of a command to Slurm, and the run that joins them.
set -eu
jobs=
submit() { id=$(sbatch --parsable "$@"); id=\${id%%;*}; jobs=$jobs:$id; echo "shards: job $id"; }
${arrays.join("\n")}
id=$(sbatch --parsable --dependency="afterany$jobs" ${script("join.sbatch")})
echo "joining run: job \${id%%;*}"
`;
}

const words = (command: readonly string[]): string => command.map(shellWord).join(" ");

/** A word of an #SBATCH line, where a backslash takes every sign as it is. */
export const sbatchWord = (text: string): string => text.replace(/[^\w@%+=:,./-]/gu, "\\$&");

/** A path in a pattern of file names, where % begins a replacement. */
const pattern = (path: string): string => path.replaceAll("%", "%%");
