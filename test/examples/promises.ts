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
    /^simple +loss_web +objective 1\.308e-5 +held-out error 0\.48 %/,
    /^simple +loss_code /,
    /^simple +loss_general /,
    /^additive +loss_web +objective 1\.142e-5 +held-out error 0\.37 %/,
    /^additive +loss_code /,
    /^additive +loss_general /,
  ],
  "abort.mjs": [
    ...["web", "code", "general"].map(
      (target) => new RegExp(`^additive loss_${target} .* converged$`),
    ),
    ...["web", "code", "general"].map(
      (target) => new RegExp(`^joint loss_${target} .* interrupted$`),
    ),
  ],
  "predict.mjs": [
    /^loss_web +2\.371\d \(2\.3[45]\d+ … 2\.39\d+\)$/,
    /^loss_code +2\.016\d \((1\.99|2\.0)\d+ … 2\.03\d+\)$/,
    /^loss_general +2\.489\d \(2\.46\d+ … 2\.51\d+\)$/,
  ],
  "optimize.mjs": [
    /^domain,weight,tokens,epochs$/,
    /^web,0\.3,45000000000,$/,
    /^code,0\.374\d+,\d+/,
    /^papers,0\.231\d+,\d+/,
    /^books,0\.094\d+,\d+/,
    /^certified: true$/,
    /^floor web ≥ 30 %: one more percent would gain 7\.3e-5$/,
  ],
  "rows.mjs": [/^E 1\.700, alpha 0\.340, beta 0\.280$/, /^predicted loss 2\.184$/],
  "formula.mjs": [
    /^loss_web error 0\.56 % \{"E":1\.91/,
    /^loss_code error 0\.66 % \{"E":1\.54/,
    /^loss_general error 0\.52 % \{"E":1\.98/,
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
