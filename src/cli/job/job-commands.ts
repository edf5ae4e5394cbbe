/** The commands that a job runs, as the program has them. */
import { Command } from "commander";
import { addFit } from "../commands/fit.ts";
import { addOptimize } from "../commands/optimize.ts";
import { addPredict } from "../commands/predict.ts";
import { addReport } from "../commands/report.ts";
import { addValidate } from "../commands/validate.ts";

const ADD = {
  fit: addFit,
  validate: addValidate,
  optimize: addOptimize,
  predict: addPredict,
  report: addReport,
} as const;

/** The name of a command that a job runs. */
export type JobVerb = keyof typeof ADD;

/** A program that has one command, and throws where it would end the process. */
export function programOf(verb: JobVerb): Command {
  const program = new Command("mixlaw").exitOverride();
  ADD[verb](program);
  return program;
}

/** A command by its name. */
export function jobCommand(verb: JobVerb): Command {
  const [command] = programOf(verb).commands;
  if (command === undefined) throw new Error(`there is no command ${verb}`);
  return command;
}
