import { expect, test } from "vitest";
import { materialOf } from "../../src/report/facts/material.ts";
import { methodsFacts } from "../../src/report/facts/words/methods.ts";
import { file, fit } from "../cli/print/sample-fit.ts";
import { optimum } from "../mixture/sample-optimum.ts";

const laws = file([fit("additive", "loss_a"), fit("joint", "loss_a")]);
const made = {
  ...laws,
  data: { ...laws.data, sha256: "ab12", reading: { where: "split == 'train'" } },
};

test("methods have the table's hash, rows, laws with sources, and how they were fitted", () => {
  const { parts, references } = methodsFacts(
    materialOf(made, [{ name: "o.json", optimum: optimum() }]),
  );
  const lines = parts.flatMap(({ items }) => items.flatMap((item) => item.lines)).join("\n");
  for (const words of [
    "SHA-256 ab12",
    "100 fitted, 20 held out",
    "those with split == 'train'",
    "Huber loss, δ 0.001",
    "random starts for each target, which ended where another would hardly find a new optimum, or at 512",
    "seed 1",
    "WebGPU: a card; mixlaw 0.1.0.",
    "the mean of loss_web and loss_code, by the joint law.",
  ])
    expect(lines).toContain(words);
  expect(references.filter((each) => each.startsWith("Shukor et al. 2025"))).toHaveLength(2);
});

test("commands repeat the fits, each optimum and the report", () => {
  const best = { name: "my best.json", optimum: optimum() };
  const { commands } = methodsFacts(materialOf(made, [best]));
  expect(commands.map(({ text }) => text)).toEqual([
    `mixlaw fit runs.csv --law additive,joint --where "split == 'train'" --loss huber --backend webgpu --out fit.json`,
    "mixlaw optimize fit.json --params 7e9 --tokens 1.4e11 --out 'my best.json'",
    "mixlaw report fit.json 'my best.json'",
  ]);
});

test("files of versions that did not keep what was asked for say so", () => {
  const { request: _, ...old } = optimum();
  const best = { name: "o.json", optimum: old as ReturnType<typeof optimum> };
  const { commands } = methodsFacts(materialOf(laws, [best]));
  expect(commands.map(({ caption }) => caption)).toEqual([
    "The fits",
    expect.stringContaining("the fit file does not say so"),
    "This report",
  ]);
});
