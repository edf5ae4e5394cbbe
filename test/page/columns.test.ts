import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
import type { Table } from "../../src/data/table/cells.ts";
import { guessedChoice } from "../../src/page/state.ts";
import { chosenRuns, lawViews } from "../../src/page/worker/choose-runs.ts";
import { describeTable } from "../../src/page/worker/describe-table.ts";

const tableOf = (text: string): Promise<Table> =>
  parseTable(new TextEncoder().encode(text), "csv", "runs.csv");

const rolesIn = (table: Table): Record<string, string> =>
  Object.fromEntries(describeTable(table).columns.map(({ name, guess }) => [name, guess]));

test("the example's columns are guessed by their names, and its laws chosen", async () => {
  const example = readFileSync(join(import.meta.dirname, "../simulated/runs.csv"), "utf8");
  const table = await tableOf(example);
  const choice = guessedChoice(describeTable(table));
  const runs = chosenRuns(table, choice);
  expect(runs.train.rows).toBe(600);
  expect(runs.domains).toEqual(["web", "code", "papers", "books"]);
  expect(runs.targets).toEqual(["loss_web", "loss_code", "loss_general"]);
  const usual = lawViews(choice, runs).filter(({ isUsual }) => isUsual);
  expect(usual.map(({ name }) => name)).toEqual(["simple", "additive", "joint"]);
});

test("counts of tiny models are refused until they are said to be absolute", async () => {
  const table = await tableOf("n_params,n_tokens,loss\n16528,524288,3\n45344,524288,2.9\n");
  const choice = guessedChoice(describeTable(table));
  expect(() => chosenRuns(table, choice)).toThrow("which looks like thousands");
  const units = { params: "absolute", tokens: "absolute" } as const;
  expect(chosenRuns(table, { ...choice, units }).train.inputs["params"]).toEqual(
    Float64Array.of(16528, 45344),
  );
});

test("other names, and columns that sum to 1, are guessed too", async () => {
  const table = await tableOf(
    "split,params,tokens,mix_web,mix_code,val_loss,seed\ntrain,1e8,1e9,0.4,0.6,3,1\ntrain,2e8,2e9,0.7,0.3,2.9,2\ntest,4e8,4e9,0.5,0.5,2.8,3\n",
  );
  expect(rolesIn(table)).toEqual({
    split: "split",
    params: "params",
    tokens: "tokens",
    mix_web: "share",
    mix_code: "share",
    val_loss: "target",
    seed: "ignored",
  });
  const choice = guessedChoice(describeTable(table));
  expect(choice).toMatchObject({ where: "split == 'train'", test: "split == 'test'" });
  const { domains, train, test: held } = chosenRuns(table, choice);
  expect(domains).toEqual(["web", "code"]);
  expect([train.rows, held?.rows]).toEqual([2, 1]);
});

test("laws of sizes are not chosen for runs of one size, and say what a table lacks", async () => {
  const table = await tableOf("n_params,h_a,h_b,loss_a\n1e8,0.4,0.6,3\n1e8,0.7,0.3,2.9\n");
  const choice = guessedChoice(describeTable(table));
  const laws = lawViews(choice, chosenRuns(table, choice));
  expect(laws.filter(({ isUsual }) => isUsual).map(({ name }) => name)).toEqual([
    "mixture",
    "log-linear",
  ]);
  expect(laws.find(({ name }) => name === "additive")?.lacks).toBe("tokens D");
});

test("a role that two columns have, and none that is a loss, are refused", async () => {
  const table = await tableOf("a,b,loss_a\n1e8,2e8,3\n2e8,3e8,2.9\n");
  const choice = { units: { params: 1, tokens: 1 }, where: "", test: "" };
  expect(() => chosenRuns(table, { ...choice, roles: ["params", "params", "target"] })).toThrow(
    "the columns a and b have the same role",
  );
  expect(() => chosenRuns(table, { ...choice, roles: ["params", "tokens", "ignored"] })).toThrow(
    "no column is a loss",
  );
});
