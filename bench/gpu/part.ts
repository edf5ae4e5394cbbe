/** Parts of `npm run bench:gpu`: programs with time limits. One that fails costs no other. */
import { spawn } from "node:child_process";

/** What a program printed, as far as it came: to its output, then to its errors. */
export interface Ended {
  readonly output: string;
  /** Why it did not end well; undefined where it did. */
  readonly why: string | undefined;
}

/** Runs a program, which is killed, with all that it has started, after so many seconds. */
export function runFor(
  seconds: number,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Promise((resolve) => {
    let [output, errors] = ["", ""];
    let isLate = false;
    // A group of its own, since vitest and Python have children.
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) killGroup(child.pid);
    }, 1000 * seconds);
    // Apart, so that no line of one is within a line of the other.
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const end = (why: string | undefined): void => {
      clearTimeout(timer);
      resolve({
        output: output + errors,
        why: isLate ? `not done after ${seconds.toFixed(0)} s` : why,
      });
    };
    child.once("error", ({ message }) => end(message));
    child.once("close", (code) => end(code === 0 ? undefined : `exit code ${String(code)}`));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // all of it has just ended
  }
}

/** What a process has measured, or why there is nothing. */
export interface Measurement<T> {
  readonly result?: T;
  readonly why?: string;
}

/** What a measuring process gives to `finish` of bench/timing.ts. */
export async function resultOf<T>(
  seconds: number,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<Measurement<T>> {
  const { output, why } = await runFor(seconds, process.execPath, args, env);
  const line = output.split("\n").find((text) => text.startsWith("result "));
  const result = line === undefined ? null : (JSON.parse(line.slice("result ".length)) as T | null);
  if (result !== null) return { result };
  if (why === undefined) return { why: "its data are not there" };
  return { why: why.startsWith("exit") ? `${why}: ${lastLine(output)}` : why };
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1) ?? "";
