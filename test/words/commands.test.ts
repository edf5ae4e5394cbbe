/** Commands that repeat a result, as text. */
import { expect, test } from "vitest";
import { DEFAULTS } from "../../src/options/fit-options.ts";
import { exactly, shellWord } from "../../src/words/command-line.ts";
import { fitCommand } from "../../src/words/fit-command.ts";
import { optimizeCommand } from "../../src/words/optimize-command.ts";
import { file, fit } from "../cli/print/sample-fit.ts";

test("words are quoted where a shell would read more than a word in them", () => {
  expect(shellWord("n_params=7e9")).toBe("n_params=7e9");
  expect(shellWord("it's $HOME")).toBe(String.raw`'it'\''s $HOME'`);
  expect(shellWord("")).toBe("''");
});

test("numbers have all their digits, in the shorter way to write them", () => {
  expect([7e9, 0.25, 1 / 3, 1e-7, 1.5e22].map(exactly)).toEqual(["7e9", "0.25", "0.3333333333333333", "1e-7", "1.5e22"]); // prettier-ignore
});

test("a fit of defaults needs the table, the law and the loss alone", () => {
  const { line, files } = fitCommand(file([fit("additive", "loss_a")]), "fit.json");
  expect(line).toBe(
    "mixlaw fit runs.csv --law additive --loss huber --backend webgpu --out fit.json",
  );
  expect(files).toEqual([]);
});

test("what was asked of table, law and search is said", () => {
  const made = file([fit("additive", "loss_a"), fit("mine", "loss_a")]);
  const definition = { name: "mine", formula: "L = E", inputs: {}, parameters: { E: {} } };
  const reading = { test: "size >= 7e8", units: { params: 1e6 }, group: "run's" } as const;
  const settings = {
    ...DEFAULTS,
    delta: 0.01,
    scaleDelta: false,
    fix: { alpha: 0.34 },
    bounds: { "C[a b]": [0, null] },
    bootstrap: 1000,
    backtest: false,
    restarts: 128,
    adaptiveRestarts: false,
  } as const;
  const { line, files } = fitCommand(
    {
      ...made,
      settings,
      data: { ...made.data, source: "-runs.csv", reading },
      definitions: { mine: definition },
    },
    "fit.json",
  );
  expect(line).toBe(
    [
      "mixlaw fit ./-runs.csv --law additive --law-file law-1.json --units params=1e6",
      "--test 'size >= 7e8' --group \"run's\" --loss huber --delta 0.01 --fix alpha=0.34",
      "--bounds 'C[a b]=0:' --restarts 128 --bootstrap 1e3 --no-backtest --backend webgpu --out fit.json",
    ].join(" "),
  );
  expect(JSON.parse(files[0]?.text ?? "")).toEqual(definition);
});

test("an optimum's request is said, constraints and candidates as files", () => {
  const { line, files } = optimizeCommand(
    {
      params: 7e9,
      tokens: 1.5e11,
      objective: { loss_web: 2, 'loss "a,b"': 1 },
      law: "joint",
      constraints: { caps: { web: 0.4 } },
      candidates: [{ name: "now", weights: { web: 1 } }],
      beyond: true,
      intervals: false,
    },
    "fit.json",
    "best.json",
  );
  expect(line).toBe(
    `mixlaw optimize fit.json --params 7e9 --tokens 1.5e11 --objective 'loss_web=2,"loss ""a,b"""=1' --law joint --constraints constraints.json --beyond --no-intervals --candidates candidates.csv --out best.json`,
  );
  expect(files.map(({ name }) => name)).toEqual(["constraints.json", "candidates.csv"]);
  expect(files[1]?.text).toContain("name,h_web");
});
