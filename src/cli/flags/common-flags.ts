/** Flags that several commands have, with one meaning. */
import type { Command } from "commander";
import { DURATION_IN_WORDS, secondsIn } from "../../records/duration.ts";
import { either, inWords } from "../../base/kinds.ts";
import { InputError } from "../../base/errors.ts";
import { BACKENDS } from "../../fit/backends.ts";
import type { Shard } from "../../node.ts";
import { MOST_SHARDS } from "../../records/shard.ts";
import { PROGRESS, PROGRESS_KINDS } from "../io/progress.ts";
import { choice, whole } from "./values.ts";

export const adapterFlag = (command: Command): Command =>
  command.option(
    "--adapter <NAME>",
    'the GPU to use where there are several: a part of its name, or its number in "mixlaw doctor"',
  );

/** Where a command computes. */
export const backendFlags = (command: Command): Command =>
  adapterFlag(
    command.option("--backend <KIND>", either(BACKENDS), choice("--backend", BACKENDS), "auto"),
  );

export const threadsFlag = (command: Command): Command =>
  command.option(
    "--threads <N>",
    "threads for float64 work (default: all cores)",
    whole("--threads"),
  );

export const resumeFlag = (command: Command): Command =>
  command.option(
    "--resume <DIR>",
    "keep finished pieces of work in DIR, and go on from those that are there; the same command ends in the same result",
  );

/** Records of a long job, and when it ends. */
export const longJobFlags = (command: Command): Command => deadlineFlag(resumeFlag(command));

/** The same, and the part of it that is to be computed. */
export const jobFlags = (command: Command): Command =>
  longJobFlags(command).option(
    "--shard <I/N>",
    "compute part I of N alone, from 0 to N-1, and record it in the folder of --resume; the command without --shard joins all parts",
    shardOf,
  );

const deadlineFlag = (command: Command): Command =>
  command.option(
    "--deadline <TIME>",
    "end after TIME, such as 90s, 10m or 2h, with what was found by then, and say what is missing; with --resume the next run goes on",
    duration,
  );

function duration(text: string): number {
  const seconds = secondsIn(text);
  if (seconds !== undefined) return seconds;
  throw new InputError(`--deadline is ${JSON.stringify(text)}; it must be ${DURATION_IN_WORDS}`);
}

function shardOf(text: string): Shard {
  const [, index = NaN, count = NaN] = /^(\d+)\/(\d+)$/.exec(text.trim())?.map(Number) ?? [];
  if (!(count >= 1 && count <= MOST_SHARDS && index <= count))
    throw new InputError(
      `--shard is ${JSON.stringify(text)}; it must be one part of so many, from 0/8 to 7/8 or from 1/8 to 8/8`,
    );
  return { index: index % count, count }; // whoever counts from 1 has 8/8 for 0/8
}

export const traceFlag = (command: Command): Command =>
  command.option(
    "--trace <FILE>",
    "write a timeline of the run, of its threads and of the GPU, which https://ui.perfetto.dev and chrome://tracing open",
  );

export const progressFlag = (command: Command): Command =>
  command.option(
    "--progress <KIND>",
    `on stderr: ${inWords(PROGRESS)}`,
    choice("--progress", PROGRESS_KINDS),
    "auto",
  );
