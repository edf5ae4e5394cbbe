/** Runs the built command in a pseudo-terminal, by `script`, which Linux and macOS come with. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "../cli/command.ts";

/** Quoted for a shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** What was written there, stderr too, with its codes. */
export function inTerminal(
  columns: number,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): string {
  const command = [process.execPath, join(root, "dist/cli.js"), ...words].map(quoted).join(" ");
  const line = `stty cols ${columns} rows 40; exec ${command}`;
  const { FORCE_COLOR: _, NO_COLOR: __, COLUMNS: ___, ...usual } = process.env;
  const { status, stdout, error } = spawnSync(
    "script",
    process.platform === "linux" ? ["-qec", line, "/dev/null"] : ["-q", "/dev/null", "sh", "-c", line], // prettier-ignore
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...usual, TERM: "xterm-256color", ...environment },
    },
  );
  if (error !== undefined)
    throw new Error(
      `no pseudo-terminal without the program "script" (Debian: bsdutils): ${error.message}`,
    );
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}`);
  return stdout.replaceAll("\r", "");
}

/** The lines of text, without their codes. */
export const linesIn = (text: string): string[] => stripVTControlCharacters(text).split("\n");
