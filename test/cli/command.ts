/** Runs the built command as a child process: what a user has. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

export const root = dirname(dirname(import.meta.dirname));
const script = join(root, "dist/cli.js");

/** What of the tester's environment would change how text looks. */
export const LOOKS = ["FORCE_COLOR", "NO_COLOR", "COLUMNS"] as const;

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface How {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface HowStarted extends How {
  readonly onStart?: (child: ChildProcess) => void;
  /** Called when the command has said something on stderr. */
  readonly onStderr?: (child: ChildProcess, sofar: string) => void;
}

/** Runs the built command as a child process: what a user has. A start takes a while. */
export function startMixlaw(
  arguments_: readonly string[],
  { cwd = root, input = "", env = {}, onStart, onStderr }: HowStarted = {},
): Promise<Result> {
  if (!existsSync(script))
    throw new Error("dist/cli.js is not there: run `npm run build` first (`npm test` does)");
  const environment = { ...process.env };
  for (const name of LOOKS) delete environment[name];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...arguments_], {
      cwd,
      env: { ...environment, ...env },
    });
    onStart?.(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onStderr?.(child, stderr);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** A folder that is removed after the file's tests. */
export function workplace(): {
  readonly path: (name: string) => string;
  write: (name: string, text: string) => string;
  read: (name: string) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, text) {
      writeFileSync(path(name), text);
      return path(name);
    },
    read: (name) => readFileSync(path(name), "utf8"),
  };
}

/** Rows of CSV text without quotes, by column. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [header = "", ...lines] = csv.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])),
  );
}
