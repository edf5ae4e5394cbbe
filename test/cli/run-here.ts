/** Runs the command in this process, which has read its modules and is warm. */
import { Readable, Writable } from "node:stream";
import { letSignalsEnd } from "../../src/cli/io/interrupt.ts";
import { runCommand } from "../../src/cli/program.ts";
import { type How, LOOKS, type Result, root } from "./command.ts";

/** The command that was called last: they run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command in this process, from its sources: all of it but its start. What needs a
 * process of its own (signals, pipes, a GPU) is for `startMixlaw`.
 */
export function mixlaw(words: readonly string[], how: How = {}): Promise<Result> {
  const result = last.then(() => run(words, how));
  last = result.catch(() => undefined);
  return result;
}

async function run(
  words: readonly string[],
  { cwd = root, input = "", env = {} }: How,
): Promise<Result> {
  const stdout = new Kept();
  const stderr = new Kept();
  const undo = [
    streams({ stdin: Readable.from([Buffer.from(input)]), stdout, stderr }),
    environmentOf(env),
    folderOf(cwd),
  ];
  try {
    const code = await runCommand(words);
    letSignalsEnd();
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    for (const each of undo) each();
  }
}

/** A stream that keeps what is written to it, as a pipe's reader does. */
class Kept extends Writable {
  readonly isTTY = false;
  private readonly pieces: Buffer[] = [];

  override _write(piece: Buffer, _: string, done: () => void): void {
    this.pieces.push(piece);
    done();
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString("utf8");
  }
}

/** Puts streams in the place of the process's, and returns what undoes it. */
function streams(others: Readonly<Record<string, Readable | Writable>>): () => void {
  const before = Object.keys(others).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name, value] of Object.entries(others))
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
  return () => {
    for (const [name, descriptor] of before)
      if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
  };
}

function environmentOf(env: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  for (const name of LOOKS) delete process.env[name];
  Object.assign(process.env, env);
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

function folderOf(cwd: string): () => void {
  const before = process.cwd();
  process.chdir(cwd);
  return () => process.chdir(before);
}
