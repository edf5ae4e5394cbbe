/** The tests of the GPU, counted from what vitest prints, so that a run that is cut off counts. */
import { stripVTControlCharacters } from "node:util";
import { runFor } from "./part.ts";

export interface TestCounts {
  readonly files: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of tests that failed. */
  readonly failures: readonly string[];
  /** Why it did not end well; undefined where it did. */
  readonly why?: string;
}

/** "✓ gpu test/gpu/device.test.ts (12 tests | 1 failed | 2 skipped) 3051ms" */
const FILE =
  /^ *\S +(?:gpu|teams) +\S+\.test\.ts \((\d+) tests?(?: \| (\d+) failed)?(?: \| (\d+) skipped)?/;

/** Counts what vitest has printed. */
export function countTests(output: string): TestCounts {
  const lines = stripVTControlCharacters(output).split("\n");
  const files = lines.flatMap((line) => {
    const [, all = "", failed = "0", skipped = "0"] = FILE.exec(line) ?? [];
    return all === "" ? [] : [[Number(all), Number(failed), Number(skipped)] as const];
  });
  const sum = (field: 0 | 1 | 2): number => files.reduce((total, file) => total + file[field], 0);
  const [all, failed, skipped] = [sum(0), sum(1), sum(2)];
  const failures = failuresIn(lines);
  return { files: files.length, passed: all - failed - skipped, failed, skipped, failures };
}

/** Names of failed tests, each after its file: below a file that has some, marked by a cross. */
function failuresIn(lines: readonly string[]): string[] {
  let file = "";
  return lines.flatMap((line) => {
    file = /(\S+\.test\.ts) \(\d+ test/.exec(line)?.[1] ?? file;
    const [, name] = /^ +[×✗] (.*?)(?: \d+ms)?$/.exec(line) ?? [];
    return name === undefined ? [] : [`${file}: ${name}`];
  });
}

/** Runs the tests of the GPU that `filters` name, or all, for so many seconds; teams come last. */
export async function runTests(seconds: number, filters: readonly string[]): Promise<TestCounts> {
  const env = { ...process.env, REQUIRE_GPU: "1", MIXLAW_NO_INSTALL: "1" };
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project=gpu",
    "--project=teams",
    "--outputFile.json=.cache/vitest-bench-gpu.json",
    ...filters,
  ];
  const { output, why } = await runFor(seconds, process.execPath, args, env);
  return { ...countTests(output), ...(why === undefined ? {} : { why }) };
}
