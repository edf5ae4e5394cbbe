/** The commands of a job as a person types them. */
import { join } from "node:path";
import { shellWord } from "../../words/command-line.ts";
import type { JobStep } from "./job-step.ts";

/** A step as a command line of a shell. */
export const lineOf = ({ words, isQuiet }: JobStep): string =>
  `${["mixlaw", ...words].map(shellWord).join(" ")}${isQuiet ? " > /dev/null" : ""}`;

/**
 * All commands, with what goes before them: the folder in which their paths are right, and the
 * folder that they write to.
 */
export const scriptOf = (place: string, folder: string, steps: readonly JobStep[]): string =>
  [
    `cd ${shellWord(place)}`,
    `mkdir -p ${shellWord(join(folder, "records"))}`,
    ...steps.map(lineOf),
    "",
  ].join("\n");
