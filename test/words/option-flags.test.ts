import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { option } from "../../src/base/option-text.ts";
import { addCheck } from "../../src/cli/commands/check.ts";
import { addDesign } from "../../src/cli/commands/design.ts";
import { addFit } from "../../src/cli/commands/fit.ts";
import { addOptimize } from "../../src/cli/commands/optimize.ts";
import { addPage } from "../../src/cli/commands/page.ts";
import { addPredict } from "../../src/cli/commands/predict.ts";
import { addSimulate } from "../../src/cli/commands/simulate.ts";
import { addValidate } from "../../src/cli/commands/validate.ts";
import { flagOf, withFlagNames } from "../../src/words/option-flags.ts";

test.each([
  [option("delta"), "--delta"],
  [option("rowWeights"), "--row-weights"],
  [option("residual", "raw"), "--residual raw"],
  [option("bootstrap", 1000), "--bootstrap 1000"],
  [option("inputs.sparsity", "COL"), "--input sparsity=COL"],
  [option("fix.gamma[web]", 0.5), "--fix 'gamma[web]=0.5'"],
  [option("constraints.floors.common crawl"), "--floor 'common crawl'"],
  [option("constraints.maxEpochs"), "--max-epochs"],
  [option("constraints"), "--constraints"],
  [option("floors"), "--floor"],
  [option("tokens.perParam"), "--tokens-per-param"],
])("%s is %s on the command line", (name, flag) => {
  expect(withFlagNames(`${name} is wrong: drop it, or ${name}.`)).toBe(
    `${flag} is wrong: drop it, or ${flag}.`,
  );
});

test("text without options stays as it is", () => {
  const text = "the column 'loss' of ruler’s table, `delta` = \"x\"";
  expect(withFlagNames(text)).toBe(text);
});

test("every option that a message of the library names has a flag", () => {
  const program = new Command();
  for (const add of [
    addCheck,
    addDesign,
    addFit,
    addOptimize,
    addPage,
    addPredict,
    addSimulate,
    addValidate,
  ])
    add(program);
  const flags = new Set(program.commands.flatMap(({ options }) => options.map(({ long }) => long)));
  const src = join(import.meta.dirname, "../../src");
  const texts = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("base/"))
    .map((file) => readFileSync(join(src, file), "utf8"));
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\boption\(\s*["`]([a-zA-Z]+(?:\.[a-zA-Z]+)*)|option: "([a-zA-Z.]+)"/g)].map(
      ([, path, place]) => path ?? place,
    ),
  );
  expect(named.length).toBeGreaterThan(100);
  const without = named.filter((path) => !flags.has(flagOf(path).flag));
  expect([...new Set(without)]).toEqual([]);
});
