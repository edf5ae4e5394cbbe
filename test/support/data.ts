/**
 * Tests on public data sets that are too large for the repository. They lie in `../shared/data`
 * beside the checkout, or in `$MIXLAW_DATA`; where they are not there, the tests that need them are
 * skipped, with a line that says so.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** The folder of the data sets, there or not. */
export const dataFolder = resolve(root, process.env["MIXLAW_DATA"] ?? "../shared/data");

/** The path of a data set, or `undefined` when it is not there. */
export function sharedData(name: string): string | undefined {
  const path = join(dataFolder, name);
  return existsSync(path) ? path : undefined;
}

/**
 * `describe`, for tests that need a data set; `body` gets its path. Without the data set the body
 * is not run at all.
 */
export function describeData(name: string, title: string, body: (path: string) => void): void {
  const path = sharedData(name);
  if (path !== undefined) return void describe(title, () => body(path));
  console.log(
    `skipped: "${title}" needs ${name}, which is not in ${dataFolder} (set MIXLAW_DATA to the folder that has it)`,
  );
  test.skip(`${title} (needs ${name})`);
}
