/** docs/loop.md and the README say of the registered plans what `mixlaw check` says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mixlaw } from "../cli/run-here.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/loop.md"), "utf8");
const commands = [...page.matchAll(/^```\n\$ mixlaw (check .+)\n([^]*?)\n```$/gm)];

describe("docs/loop.md", () => {
  test("has the check of each goal", () => {
    const goals = commands.map(([, words]) => /registered\/(\w+)\.json/.exec(words ?? "")?.[1]);
    expect(goals).toEqual(["linuxdoc", "anarchism", "code"]);
  });

  test.each(commands.map(([, words = "", printed = ""]) => [words, printed]))(
    "prints what %s prints, all of it",
    async (words, printed) => {
      const { stdout } = await mixlaw(words.split(" "), { cwd: root });
      expect(printed).toBe(stdout.trimEnd());
    },
  );
});

test("the README's end of a check is the end of one", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, words = "", printed = ""] = /^\$ mixlaw (check .+)\n…\n([^]*?)\n…$/m.exec(readme) ?? [];
  const { stdout } = await mixlaw(words.split(" "), { cwd: root });
  expect(printed).not.toBe("");
  expect(stdout).toContain(printed);
});

test("all rows of the registered runs have the hash of the plan to train them", () => {
  const [head = "", ...lines] = readFileSync(join(root, "examples/runs.csv"), "utf8").trim().split("\n");
  const columns = head.split(",");
  const cell = (line: string, name: string): string => line.split(",")[columns.indexOf(name)] ?? "";
  const largest = lines.filter((line) => cell(line, "n_params") === "616416");
  expect(largest).toHaveLength(84);
  const plans = new Set(largest.map((line) => cell(line, "plan")));
  expect(plans.size).toBe(1);
  expect(lines.filter((line) => plans.has(cell(line, "plan")))).toHaveLength(84);
}); // prettier-ignore
