/** Errors that end a command: what is told of them, and the exit code. */
import { CommanderError } from "commander";
import { AbortedError, DeadlineError, MixlawError, ShardDoneError } from "../../base/errors.ts";
import { INTERRUPTED } from "./interrupt.ts";
import { tell } from "./output.ts";

/**
 * Does the work of a command, and returns its exit code: the one that the work sets, 0 where it
 * sets none, and that of its error where it fails.
 *
 * @param told says what went wrong and returns the exit code
 */
export async function exitCodeOf(
  work: () => Promise<unknown>,
  told: (error: unknown) => number = tellFailure,
): Promise<number> {
  const before = process.exitCode;
  process.exitCode = undefined; // Node's own code for work that never ends shows
  try {
    await work();
    return setCode();
  } catch (error) {
    return told(error);
  } finally {
    process.exitCode = before;
  }
}

const setCode = (): number => Number(process.exitCode ?? 0);

/** Says what went wrong and returns the exit code. */
export function tellFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode; // already said
  if (error instanceof ShardDoneError) return 0;
  if (error instanceof AbortedError) return INTERRUPTED;
  if (error instanceof DeadlineError) return 2;
  if (error instanceof MixlawError) {
    tell(error.message);
    return 1;
  }
  const debug = process.env["MIXLAW_DEBUG"] === "1";
  tell(
    `internal error: ${error instanceof Error ? error.message : String(error)}; please report this${debug ? "" : " (MIXLAW_DEBUG=1 shows where)"}`,
  );
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  return 1;
}
