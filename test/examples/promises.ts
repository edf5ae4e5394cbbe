/** What the examples of the library promise to print. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";

export const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What each example has to print, line by line. */
export const EXPECTED: Readonly<Record<string, readonly RegExp[]>> = {
  "fit.mjs": [
    /^additive loss_linuxdoc +objective 4\.159e-5 held-out error \d+\.\d\d % \d+ of \d+ starts agree$/,
    /^additive loss_anarchism +objective 3\.669e-5 held-out error \d+\.\d\d %/,
    /^joint +loss_linuxdoc +objective 3\.551e-5 held-out error \d+\.\d\d %/,
    /^joint +loss_anarchism +objective 2\.661e-5 held-out error \d+\.\d\d %/,
  ],
  "abort.mjs": [
    /^additive loss_linuxdoc .* converged$/,
    /^additive loss_anarchism .* converged$/,
    /^joint loss_linuxdoc .* interrupted$/,
    /^joint loss_anarchism .* interrupted$/,
  ],
  "predict.mjs": [
    /^loss_linuxdoc +2\.[89]\d\d\d \(2\.\d{4} … [23]\.\d{4}\)$/,
    /^loss_anarchism +3\.[01]\d\d\d \(2\.\d{4} … [23]\.\d{4}\)$/,
  ],
  "optimize.mjs": [
    /^domain,weight,tokens,epochs$/,
    /^c,0\.3,1258291,0\.027/,
    /^py,0\.3\d+,1\d{6},0\.[23]/,
    /^man,0\.2,838861,0\.15/,
    /^gcide,0\.\d+,/,
    /^austen,0\.1,41943[01],2\.79/,
    /^certified: true$/,
    /^floor c ≥ 30 %: one more percent would gain \d/,
    /^cap man ≤ 20 %: one more percent would gain \d/,
    /^cap austen ≤ 10 %: one more percent would gain \d/,
  ],
  "rows.mjs": [/^E 1\.700, alpha 0\.340, beta 0\.280$/, /^predicted loss 2\.184$/],
  "formula.mjs": [
    /^loss_linuxdoc error 1\.\d\d % \{"E":[12]\.\d+/,
    /^loss_anarchism error 1\.\d\d % \{"E":[12]\.\d+/,
  ],
};

/** The examples that `npm test` runs. */
export const QUICK: readonly string[] = ["fit.mjs", "rows.mjs"];

/** Runs an example as a reader would, on the built package, and expects what it promises. */
export async function expectPromises(name: string): Promise<void> {
  const { stdout } = await run(process.execPath, [join("examples", name)], { cwd: root });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const patterns = EXPECTED[name] ?? [];
  expect(lines).toHaveLength(patterns.length);
  for (const [i, pattern] of patterns.entries()) expect(lines[i]).toMatch(pattern);
}
