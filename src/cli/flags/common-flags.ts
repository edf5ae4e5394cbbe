/** Flags that several commands have, with one meaning. */
import type { Command } from "commander";
import { either, inWords } from "../../base/kinds.ts";
import { BACKENDS } from "../../fit/backends.ts";
import { PROGRESS, PROGRESS_KINDS } from "../io/progress.ts";
import { choice, whole } from "./values.ts";

export const backendFlag = (command: Command): Command =>
  command.option("--backend <KIND>", either(BACKENDS), choice("--backend", BACKENDS), "auto");

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

export const progressFlag = (command: Command): Command =>
  command.option(
    "--progress <KIND>",
    `on stderr: ${inWords(PROGRESS)}`,
    choice("--progress", PROGRESS_KINDS),
    "auto",
  );
