/**
 * Property tests with other random values, round after round, until the time is up. The suite's own
 * run always sees the same values (test/support/property.ts).
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Effort, Part } from "./part.ts";

/** The test files with properties that need no GPU. */
function propertyFiles(): string[] {
  const files = readdirSync("test", { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .filter((file) => {
      const text = readFileSync(file, "utf8");
      return text.includes("support/property.ts") && !text.includes("support/gpu.ts");
    });
}

/** One round: the lines in which a property says how it failed; none where all held. */
function round(files: readonly string[], seed: number): string[] {
  const { status, stdout, stderr } = spawnSync(
    "npx",
    ["vitest", "run", "--project=cpu", ...files],
    {
      env: { ...process.env, FC_SEED: String(seed), NO_COLOR: "1" },
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    },
  );
  if (status === 0) return [];
  const said = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  const failed = said.filter((line) => /FAIL|Counterexample|seed:/.test(line));
  // Where no property failed, the tests did not run: their last words are why.
  const why = failed.length > 0 ? failed : said.filter((line) => line !== "").slice(-5);
  return [`FC_SEED=${seed}: ${why.join(" · ")}`];
}

/** The study. */
export function fuzz({ minutes }: Effort): Omit<Part, "measured"> {
  const files = propertyFiles();
  const end = Date.now() + 60_000 * minutes;
  const failures: string[] = [];
  let rounds = 0;
  do {
    failures.push(...round(files, randomInt(2 ** 31)));
    rounds++;
    process.stderr.write(`fuzz: round ${rounds}, ${failures.length} failed\n`);
  } while (Date.now() < end);
  return {
    title: "Properties at random values",
    method: `Every property test that needs no GPU (tables, filters, formulas, solvers, projections, optima of random requests, random numbers), with a new seed each round, for ${minutes} minutes.`,
    head: ["files", "rounds", "rounds in which a property failed"],
    rows: [[`${files.length}`, `${rounds}`, `${failures.length}`]],
    failures,
  };
}
