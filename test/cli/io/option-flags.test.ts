import { expect, test } from "vitest";
import { option } from "../../../src/base/option-text.ts";
import { withFlagNames } from "../../../src/cli/io/option-flags.ts";

test.each([
  [option("delta"), "--delta"],
  [option("rowWeights"), "--row-weights"],
  [option("residual", "raw"), "--residual raw"],
  [option("bootstrap", 1000), "--bootstrap 1000"],
  [option("inputs.sparsity", "COL"), "--input sparsity=COL"],
  [option("fix.gamma[web]", 0.5), "--fix gamma[web]=0.5"],
  [option("constraints.floors.common crawl"), "--floor common crawl"],
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
