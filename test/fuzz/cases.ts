/** Inputs that once were findings, as files: `npm test` replays those of `test/fuzz/cases`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./driver.ts";
import { decode } from "./harness.ts";
import { root } from "./seeds.ts";

export const CASES = join(root, "test/fuzz/cases");

export interface Case {
  readonly harness: string;
  readonly input: unknown;
}

/** The cases of the folder, by the names of their files. */
export const allCases = (): readonly (readonly [string, Case])[] =>
  readdirSync(CASES)
    .toSorted()
    .map((name) => [name, readCase(join(CASES, name))]);

export function readCase(path: string): Case {
  const { harness, input } = JSON.parse(readFileSync(path, "utf8")) as Case;
  return { harness, input: decode(JSON.stringify(input)) };
}

/** Writes a finding as a case and returns its path. */
export function writeCase(folder: string, name: string, finding: Finding): string {
  const { harness, problem, input } = finding;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const about = {
    harness,
    found: problem.split("\n")[0],
    input: JSON.parse(input === "" ? "null" : input) as unknown,
  };
  writeFileSync(path, `${JSON.stringify(about, null, 1)}\n`);
  return path;
}
