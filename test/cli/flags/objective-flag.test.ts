/** `--objective`: names, `*`, and families of a file. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { objectiveOf, weightsOf } from "../../../src/cli/flags/objective-flag.ts";

const names = { domains: ["web"], targets: ["bpb_a", "bpb_b", "loss,c", "mean"] };

test.each([
  [["mean=2,bpb_a=1"], { mean: 2, bpb_a: 1 }],
  [["bpb_*"], { bpb_a: 1, bpb_b: 1 }],
  [["bpb_*=0.5,mean"], { bpb_a: 0.5, bpb_b: 0.5, mean: 1 }],
  [["bpb_?", "mean=3"], { bpb_a: 1, bpb_b: 1, mean: 3 }],
  [["loss,c=2"], { "loss,c": 2 }],
  [['"loss,c"=2'], { "loss,c": 2 }],
])("%j", async (texts, weights) => {
  expect({ ...(await weightsOf(texts, names)) }).toEqual(weights);
});

test("what comes after worst counts", async () => {
  expect(await objectiveOf(["mean=1", "worst"], names)).toBe("worst");
  expect({ ...((await objectiveOf(["worst", "bpb_a"], names)) as object) }).toEqual({ bpb_a: 1 });
});

test.each([
  [["los_*"], /--objective los_\* matches no target of the fit/],
  [["men"], /names "men", which is no target of the fit; did you mean "mean"/],
  [["bpb_*,bpb_a=1"], /names "bpb_a" twice/],
  [["bpb_*=x"], /"x", which is no number/],
])("%j is refused", async (texts, message) => {
  await expect(weightsOf(texts, names)).rejects.toThrow(message);
});

describe("families", () => {
  const written = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), "mixlaw-families-")), "families.yaml");
    writeFileSync(path, text);
    return path;
  };

  test("members share the weight of their family, which is 1 unless it is said", async () => {
    const path = written("qa: [bpb_*]\ncode:\n  weight: 3\n  targets: [mean]\nmean: 0.5\n");
    expect({ ...(await weightsOf([path], names)) }).toEqual({ bpb_a: 0.5, bpb_b: 0.5, mean: 3.5 });
  });

  test.each([
    ["[1, 2]", /is no map/],
    ["qa: []", /"qa" has no list of targets/],
    ["qa: {weight: -1, targets: [mean]}", /the weight of "qa" is -1/],
    ["qa: [nothing]", /names "nothing", which is no target of the fit/],
  ])("%j is refused", async (text, message) => {
    await expect(weightsOf([written(text)], names)).rejects.toThrow(message);
  });
});
