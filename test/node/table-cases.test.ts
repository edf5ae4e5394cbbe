/** Tables as people have them: each is read right, or refused with the flag that reads it. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ShapeOptions } from "../../src/data/combine/shape.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import type { RunsOptions } from "../../src/data/runs/runs-options.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { readTables } from "../../src/node/read-file.ts";
import { dataFolder } from "../support/data.ts";

const folder = `${dataFolder}/../cases/tables`;
const data = (name: string): string => `${dataFolder}/${name}`;

const read = async (
  name: string,
  options: RunsOptions = {},
  shape: ShapeOptions = {},
): Promise<Runs> => toRuns(await readTables([`${folder}/${name}`], shape), options);

/** Whether two tables have the same runs, to the six decimals that the shortest of them has. */
function expectSame(runs: Runs, others: Runs): void {
  expect(runs.targets).toEqual(others.targets);
  expect(runs.train.inputs).toEqual(others.train.inputs);
  for (const [t, losses] of runs.train.losses.entries())
    for (const [row, loss] of losses.entries())
      expect(loss).toBeCloseTo(others.train.losses[t]?.[row] ?? Number.NaN, 5);
}

describe("the same runs", () => {
  test.each(["comment", "title", "semi"])("%s.csv", async (name) => {
    const runs = await read(`${name}.csv`);
    expect(runs.train.rows).toBe(30);
    expectSame(runs, await read("gzip.parquet"));
  });

  test.each(["zstd", "lz4", "brotli"])("%s.parquet", async (name) => {
    expectSame(await read(`${name}.parquet`), await read("gzip.parquet"));
  });

  test.each(["suffixes.csv", "records.json"])("%s", async (name) => {
    expectSame(await read(name), await read("plain.csv"));
  });

  test("a long table is the wide one", async () => {
    const long = await read("long.csv", {}, { long: "run,kind,name,value" });
    const wide = await read("wandb.csv", { weights: "config/mix/*" });
    expect(long.domains).toEqual(wide.domains);
    expect([...long.train.weights]).toEqual([...wide.train.weights]);
    expect(long.train.losses).toEqual(wide.train.losses);
    expect(wide.targets).toEqual(["eval/loss_web", "eval/loss_code"]);
  });

  test("olmix's pair is the one table", async () => {
    const pair = ["ratios", "metrics"].map((name) => data(`olmix24-pair/${name}.csv`));
    const joined = toRuns(await readTables(pair, { join: "run" }), { targets: "mean" });
    const one = toRuns(await readTables([data("olmix24.csv")]), { targets: "bpb_mean" });
    expect(joined.domains).toEqual(one.domains);
    expect([...joined.train.weights]).toEqual([...one.train.weights]);
    expect(joined.train.losses).toEqual(one.train.losses);
    await expect(readTables(pair)).rejects.toThrow(/‘join: run’/);
  });
});

describe("shares", () => {
  test.each(["pct", "raw", "three", "tokens"])(
    "shares-%s.csv is refused, with the flag",
    async (name) => {
      await expect(read(`shares-${name}.csv`)).rejects.toThrow(/‘normalize’ divides each row/);
      expect((await read(`shares-${name}.csv`, { normalize: true })).train.rows).toBe(90);
    },
  );

  test("percent signs, without a flag", async () => {
    expect((await read("shares-sign.csv")).train.weights[0]).toBeCloseTo(0.01389, 7);
  });
});

test("polars writes Parquet that is read", async () => {
  const runs = await read("polars.parquet");
  expect([runs.train.rows, runs.targets.length]).toEqual([600, 3]);
});

test("what is no loss is no target", async () => {
  expect((await read("sd.csv", { sigma: "loss_val_sd" })).targets).toEqual(["loss_val"]);
  expect((await read("note.csv")).targets).toEqual(["loss_val"]);
  expect((await read("semicomma.csv")).targets).toEqual(["loss_val, nats"]);
});

test("advice on a cell that is infinite leaves out its row alone", async () => {
  const error = await read("inf-cell.csv").catch((reason: unknown) => reason);
  const where = /‘where: (.*)’/.exec(String(error))?.[1];
  expect(where).toBe("loss_val != 'inf'");
  for (const filter of [where ?? "", "loss_val < 100"])
    expect((await read("inf-cell.csv", { where: filter })).train.rows).toBe(29);
});

test("every file of the folder has its test", () => {
  const others = ["c-plus-plus.csv", "cjk.csv", "colon-names.csv", "yaml-names.csv", "tokens.csv"];
  expect(readdirSync(folder)).toHaveLength(22 + others.length);
});
