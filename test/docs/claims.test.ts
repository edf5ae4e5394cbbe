/** docs/claims.md has a row for every claim, and for every sentence beside them, with its test. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/base/claims.ts";

const page = readFileSync("docs/claims.md", "utf8");
const rowsOf = (pattern: RegExp): Readonly<Record<string, string>>[] =>
  [...page.matchAll(pattern)].map(({ groups }) => ({ ...groups }));

const findings = rowsOf(/^\| `(?<code>[a-z-]+)` \|.*\| `(?<file>test\/[^`]+)` \|$/gm);
const sentences = rowsOf(
  /^\| `(?<words>[^`]+)` \| `(?<printer>\w+)` in `(?<source>src\/[^`]+)` \|.*\| `(?<file>test\/[^`]+)` \|$/gm,
);

/** Text of a file as it is printed: without the marks of regular expressions, in single spaces. */
const spoken = (path: string): string =>
  readFileSync(path, "utf8")
    .replaceAll("\\s+", " ")
    .replaceAll(/\\(?=[^\w\s])/g, "")
    .replaceAll(/\s+/g, " ");

describe("findings in docs/claims.md", () => {
  test("have a row for every claim, and no other", () => {
    expect(findings.map(({ code }) => code).toSorted()).toEqual(Object.keys(CLAIMS).toSorted());
  });

  test.each(findings)("$code is guarded by $file", ({ code, file }) => {
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(`"${code}"`);
  });
});

describe("sentences in docs/claims.md that are no findings", () => {
  test("have as many rows as their tables have lines", () => {
    const section = /^## Printed beside findings$[^]*?(?=^## |$(?![^]))/m.exec(page)?.[0] ?? "";
    expect(sentences.length).toBeGreaterThan(0);
    expect(section.match(/^\| `/gm)).toHaveLength(sentences.length);
  });

  test.each(sentences)("$words", ({ words, printer, source, file }) => {
    expect(readFileSync(source, "utf8")).toMatch(new RegExp(`(?:function|const) ${printer}\\b`));
    expect(spoken(source)).toContain(words);
    expect(spoken(file)).toContain(words);
  });

  /** Files that print tables, numbers and others' sentences only. */
  const SILENT = new Set([
    "src/cli/print/fit/summary.ts",
    "src/cli/print/optimum/candidate-rows.ts",
    "src/cli/print/optimum/exponents-table.ts",
    "src/cli/print/optimum/findings.ts",
    "src/cli/print/optimum/format-optimum.ts",
    "src/cli/print/optimum/told.ts",
    "src/cli/print/predicted-columns.ts",
    "src/cli/print/validation-csv.ts",
    "src/words/command-line.ts",
    "src/words/finding-label.ts",
    "src/words/fit-command.ts",
    "src/words/fits-by-law.ts",
    "src/words/objective-words.ts",
    "src/words/optimize-command.ts",
    "src/words/option-flags.ts",
    "src/words/phrases.ts",
  ]);
  const printing = ["src/cli/print", "src/words"]
    .flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: "utf8" }).map((path) => join(room, path)),
    )
    .filter((path) => path.endsWith(".ts"))
    .toSorted();

  test.each(printing.filter((path) => !SILENT.has(path)))("of %s are there", (path) => {
    expect(sentences.map(({ source }) => source)).toContain(path);
  });
});
