/** Runs the steps of a job: the commands' own code, one after the other, in this process. */
import { listed } from "../../base/wording.ts";
import { MixlawError } from "../../base/errors.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import { asCommand } from "../io/command-words.ts";
import { exitCodeOf, tellFailure } from "../io/failures.ts";
import { INTERRUPTED, letSignalsEnd } from "../io/interrupt.ts";
import { print, style, tell, silently } from "../io/output.ts";
import { programOf } from "./job-commands.ts";
import type { JobFolder } from "./job-folder.ts";
import type { JobStep } from "./job-step.ts";
import { KEYS } from "./job-schema.ts";

/** From the best code to the worst. */
const CODES = [0, 2, 1, INTERRUPTED];

/** The worst of some exit codes; one that is not known is as bad as an error. */
export const worstOf = (codes: readonly number[]): number =>
  codes.reduce((worst, code) => {
    const rank = (each: number): number => (CODES.includes(each) ? CODES.indexOf(each) : 2);
    return rank(code) > rank(worst) ? code : worst;
  }, 0);

/**
 * Runs the steps that are not done. What needs a step that has failed is left out, and all others
 * are run.
 *
 * @param source the job file, for messages
 * @returns the worst exit code of the steps
 */
export async function runSteps(
  source: string,
  steps: readonly JobStep[],
  folder: JobFolder,
): Promise<number> {
  const done = new Set<string>();
  const codes: number[] = [];
  for (const step of steps) {
    const missing = step.needs.filter((name) => !done.has(name));
    if (missing.length > 0) {
      tell(`${source}: ${step.name} is left out: it needs ${listed(missing)}`);
      continue;
    }
    let code = await codeIfDone(source, step, folder);
    if (code === undefined) {
      // What others have changed of its file is lost when it is written again.
      for (const { name, changes } of steps)
        if (changes.includes(step.name)) await folder.reopen(name);
      code = await runStep(source, step, done, folder);
    }
    codes.push(code);
    if (code === INTERRUPTED) break;
    if (isDone(step, folder)) done.add(step.name);
  }
  return worstOf(codes);
}

/** Whether a step has written the file of its --out. */
const isDone = ({ name, outputs: [main = ""] }: JobStep, folder: JobFolder): boolean =>
  folder.stepOf(name)?.outputs?.[main] !== undefined;

/**
 * The exit code of a step that an earlier run has done; undefined for one that is to be run. A file
 * that was changed since is not overwritten: its step has failed.
 */
async function codeIfDone(
  source: string,
  step: JobStep,
  folder: JobFolder,
): Promise<number | undefined> {
  if (!isDone(step, folder)) return undefined;
  const { code, outputs = {} } = folder.stepOf(step.name) ?? {};
  const written = Object.entries(outputs);
  const there = await folder.hashes(written.map(([name]) => name));
  const changed = written.find(([name, hash]) => name in there && there[name] !== hash);
  if (changed !== undefined) {
    tell(
      `${source}: ${folder.path}/${changed[0]} is not as ${step.name} wrote it: move it away, or remove it to have it written again`,
    );
    return 1;
  }
  if (code === undefined || written.some(([name]) => !(name in there))) return undefined;
  tell(`${step.name} is done: ${written.map(([name]) => name).join(", ")}`);
  return code;
}

async function runStep(
  source: string,
  step: JobStep,
  done: ReadonlySet<string>,
  folder: JobFolder,
): Promise<number> {
  const left = Object.entries(step.wanted).filter(([name]) => !done.has(name));
  if (left.length > 0)
    tell(`${source}: ${step.name} is without ${listed(left.map(([name]) => name))}`);
  const words = step.words.filter((word) => !left.some(([, file]) => file === word));
  await folder.keep(step.name, {});
  if (!step.isQuiet) print(style().bold(step.name));
  const code = await codeOf(source, step, words);
  letSignalsEnd();
  if (!step.isQuiet) print("");
  // A result that is not all that was asked for has another name, and is not among the outputs.
  const outputs = code === 0 || code === 2 ? await folder.hashes(step.outputs) : {};
  await folder.keep(step.name, { code, outputs });
  for (const name of step.changes) {
    const before = folder.stepOf(name);
    if (before?.outputs !== undefined)
      await folder.keep(name, { ...before, outputs: await folder.hashes(Object.keys(before.outputs)) }); // prettier-ignore
  }
  return code;
}

/** Runs a command in this process, and returns its exit code. */
function codeOf(source: string, step: JobStep, words: readonly string[]): Promise<number> {
  const run = (): Promise<unknown> =>
    asCommand(words, () => programOf(step.verb).parseAsync([...words], { from: "user" }));
  return exitCodeOf(
    () => (step.isQuiet ? silently(run) : run()),
    (error) => {
      if (!(error instanceof MixlawError) || error.partial !== undefined) return tellFailure(error);
      return tellFailure(Object.assign(error, { message: inJob(source, step, error.message) }));
    },
  );
}

/** A command's message with the keys of the job file in place of flags. */
function inJob(source: string, { verb, pathOf }: JobStep, message: string): string {
  const text = withFlagNames(message).replace(/(?<![\w-])--([a-z][a-z-]*)/g, (flag, name: string) =>
    Object.hasOwn(KEYS[verb], name) ? pathOf(name) : flag,
  );
  return `${source}: ${text}`;
}

/** The files that a job has written. */
export const writtenFiles = (steps: readonly JobStep[], folder: JobFolder): string[] =>
  steps.flatMap(({ name }) => Object.keys(folder.stepOf(name)?.outputs ?? {}));
