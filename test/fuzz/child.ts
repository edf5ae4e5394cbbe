/**
 * A process that runs one harness for a while. Before each input it writes it to a file, so that
 * its parent has it where the process hangs, dies or runs out of memory.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { fc } from "../support/property.ts";
import { decode, encode } from "./harness.ts";
import { type Group, GROUPS } from "./harnesses.ts";
import { causeOf, problemOf } from "./judge.ts";

/** What the parent asks for. */
export interface Task {
  readonly group: Group;
  readonly name: string;
  readonly seed: number;
  readonly milliseconds: number;
  readonly most: number;
  /** Causes that are known: they are passed over, so that others are found. */
  readonly known: readonly string[];
  /** Goes through all inputs of the harness, from this one on, and draws none. */
  readonly from?: number;
  /** Where the input of the moment stands. */
  readonly file: string;
}

/** What the child found. */
export interface Outcome {
  /** Inputs that were run. */
  readonly runs: number;
  readonly problem?: string;
  readonly input?: string;
}

async function work(task: Task): Promise<Outcome> {
  const { group, name, seed, milliseconds, most, known, file, from } = task;
  const harness = (await GROUPS[group]()).find((each) => each.name === name);
  if (harness === undefined) throw new Error(`there is no harness ${name}`);
  const descriptor = openSync(file, "w");
  let runs = 0;
  let last: { problem: string; input: string } | undefined;
  const run = async (input: unknown): Promise<void> => {
    const text = encode(input);
    runs += 1;
    ftruncateSync(descriptor);
    writeSync(descriptor, text, 0);
    // As it is kept: what a case cannot hold is no input.
    const problem = await problemOf(harness, decode(text));
    if (problem === undefined || known.includes(causeOf(problem))) return;
    last = { problem, input: text };
    throw new Error(problem);
  };
  if (from !== undefined) {
    const end = Date.now() + milliseconds;
    const { count = 0, at = () => undefined } = harness.every ?? {};
    for (let n = from; n < count; n++) {
      await run(at(n)).catch(() => undefined);
      if (last !== undefined || Date.now() > end) break;
    }
    closeSync(descriptor);
    return { runs, ...last };
  }
  await fc.check(fc.asyncProperty(harness.inputs, run), {
    seed,
    numRuns: most,
    interruptAfterTimeLimit: milliseconds,
    markInterruptAsFailure: false,
    maxSkipsPerRun: 0,
    errorWithCause: false,
  } as fc.Parameters<[unknown]>);
  closeSync(descriptor);
  return { runs, ...last };
}

process.on("message", (task: Task) => {
  void work(task).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
