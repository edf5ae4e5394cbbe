/** The command line: its commands, and what a wrong word is answered. */
import { Command } from "commander";
import { existsSync } from "node:fs";
import { oneLine, suggest } from "../base/wording.ts";
import { InputError } from "../base/errors.ts";
import { VERSION } from "../node.ts";
import { shellWord } from "../words/command-line.ts";
import { addCheck } from "./commands/check.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDesign } from "./commands/design.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addFit } from "./commands/fit.ts";
import { addLaws } from "./commands/laws.ts";
import { addOptimize } from "./commands/optimize.ts";
import { addPage } from "./commands/page.ts";
import { takeFilesOnce } from "./flags/one-file.ts";
import { endHelp, helpLayout } from "./io/help.ts";
import { asCommand } from "./io/command-words.ts";
import { exitCodeOf } from "./io/failures.ts";
import { print, style, tell } from "./io/output.ts";
import { PLAIN } from "./text/style.ts";
import { addPredict } from "./commands/predict.ts";
import { addReport } from "./commands/report.ts";
import { addSimulate } from "./commands/simulate.ts";
import { addSlurm } from "./commands/slurm.ts";
import { addValidate } from "./commands/validate.ts";
import { addVerify } from "./commands/verify.ts";
import { addRun } from "./job/run.ts";
import { addSchema } from "./job/schema.ts";

const EXAMPLES = `
Examples:
  mixlaw simulate --law additive --domains web,code,books --out runs.csv   make a table to try things on
  mixlaw fit runs.csv --law additive,joint --out fit.json                  fit laws to runs
  mixlaw predict fit.json points.csv                                       predict losses
  mixlaw optimize fit.json --params 7B --tokens 150B                       find the best mixture
  mixlaw design --domains web,code,books --flops 1e21                      plan which runs to train
  mixlaw check plan.json runs.csv                                          compare what was registered with runs
  mixlaw verify fit.json runs.csv                                          repeat a fit and compare it
  mixlaw laws joint                                                        what a law says
  mixlaw doctor                                                            what this machine offers

"mixlaw COMMAND --help" has the details. Exit codes: 0 done, 1 bad input, 2 not converged, not certified, different when repeated, outside of what was registered, or past its deadline, 130 interrupted.`;

/** The commands, in the groups and the order in which help lists them. */
const COMMANDS = {
  "Fit and choose": [addFit, addValidate, addOptimize, addPredict, addReport, addPage],
  "Plan and check": [addDesign, addSimulate, addCheck, addVerify],
  "Long jobs": [addRun, addSlurm],
  About: [addLaws, addSchema, addDoctor, addExport, addCompletion],
} as const;

const hasColors = (): boolean => style() !== PLAIN;

function build(): Command {
  const program = new Command("mixlaw")
    .description(
      "Fits scaling laws for data mixtures and finds the best mixture: on the GPU through WebGPU, with the last word in float64 on the CPU.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .configureHelp(helpLayout())
    .configureOutput({
      outputError: (text) => tell(sentenceOf(text)),
      getOutHasColors: hasColors,
      getErrHasColors: hasColors,
    })
    .exitOverride();
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(`${group}:`);
    for (const add of commands) add(program);
  }
  program
    .command("version")
    .summary("print the version")
    .description("Prints the version, as --version does.")
    .helpOption("-h, --help", "show help")
    .action(() => print(VERSION));
  endHelp(program.helpCommand("help [COMMAND]", "show help for a command"), EXAMPLES);
  for (const command of program.commands) {
    takeFilesOnce(command);
    const usage = `"mixlaw ${command.name()} --help" shows how it is used`;
    command.configureOutput({
      outputError: (text) =>
        tell(/argument/.test(text) ? `${sentenceOf(text)}; ${usage}` : sentenceOf(text)),
    });
  }
  return program;
}

/** Commander's "error: unknown option '--lwa'\n(Did you mean --law?)" as one line. */
const sentenceOf = (text: string): string =>
  text
    .trim()
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replace(/\n\(Did you mean (.*)\?\)/, "; did you mean $1?");

/** What is said of a word that is no command: often it is a table, and "fit" was left out. */
function noCommand(word: string, known: readonly string[]): InputError {
  const forFile = /\.json$/i.test(word) ? "optimize" : /\.ya?ml$/i.test(word) ? "run" : "fit";
  const isFile = /\.\w+$/.test(word) || existsSync(word);
  return new InputError(
    isFile
      ? `"${oneLine(word)}" is no command: for a file write "mixlaw ${forFile} ${shellWord(oneLine(word))}"`
      : `there is no command "${word}"; ${suggest(word, known, "commands")}`,
  );
}

/**
 * Runs a command and returns its exit code. What it does is reported as it goes, errors included.
 *
 * @param words the words after the program's name
 */
export const runCommand = (words: readonly string[]): Promise<number> =>
  exitCodeOf(async () => {
    const program = build();
    // "mixlaw help COMMAND" shows the general help for a command that is not there: say so instead.
    const [first, second] = words;
    const known = program.commands.map((command) => command.name());
    const word = first === "help" ? second : first;
    if (word !== undefined && !word.startsWith("-") && ![...known, "help"].includes(word))
      throw noCommand(word, known);
    await asCommand(words, () => program.parseAsync(words, { from: "user" }));
  });
