import { describe, expect, test } from "vitest";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import { withFlagNames } from "../../../src/words/option-flags.ts";
import { read, refused, good, changed } from "./fixture.ts";

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("weights that do not sum to 1", () => {
  const table = (rows: string): string => `h_web,h_code,loss_web\n${rows}`;

  test("are divided by their sum where that is asked for, and it is said", async () => {
    const runs = await read(table("25,75,3\n100,300,2\n0.33,0.66,1\n"), { normalize: true });
    expect([...runs.train.weights].map((share) => share.toFixed(12))).toEqual(
      [0.25, 0.75, 0.25, 0.75, 1 / 3, 2 / 3].map((share) => share.toFixed(12)),
    );
    expect(runs.notes).toContain("weights of 3 rows were divided by their sum (0.99 to 400)");
    expect(runs.reading).toEqual({ normalize: true });
  });

  test.each([
    ["-1,3,2\n", /data row 1, column "h_web": the weight -1 is below 0/],
    ["0,0,2\n", /data row 1, column "h_web": the weights of the row sum to 0/],
  ])("%j cannot be", async (rows, message) => {
    expect((await refused(table(rows), { normalize: true })).message).toMatch(message);
  });
});

describe("columns that a glob takes", () => {
  test("columns of precision, of text and of summaries are no targets", async () => {
    const text = "loss_a,loss_a_sd,loss_note,loss_a__MIN\n3,0.1,x,3\n2,0.1,y,2\n";
    const runs = await read(text, { sigma: "*_sd".replace("*", "loss_*") });
    expect(runs.targets).toEqual(["loss_a"]);
    expect(runs.notes).toContain("column loss_note holds text: it is no target");
  });

  test("a column with some text is an error that says how to leave it out", async () => {
    expect((await refused("loss_a,loss_b\n3,1\n2,oops\n")).message).toMatch(
      /data row 2, column "loss_b": "oops" is not a finite number/,
    );
  });

  test.each([
    ["loss,val_loss", ["loss"]],
    ["train/loss,val_loss", ["train/loss"]],
    ["val_loss,note", ["val_loss"]],
    ["loss,eval/loss_a", ["eval/loss_a"]],
  ])("of %s without loss_* the losses are %j", async (header, targets) => {
    expect((await read(`${header}\n3,2\n2,1\n`)).targets).toEqual(targets);
  });

  test("losses and shares in folders of names are found", async () => {
    const runs = await read("config/n_params,eval/loss_a,share_x,share_y\n1e8,3,0.5,0.5\n");
    expect(runs.targets).toEqual(["eval/loss_a"]);
    expect(runs.domains).toEqual(["x", "y"]);
    expect([...(runs.train.inputs["params"] ?? [])]).toEqual([1e8]);
  });
});

describe("the filter that leaves out a row", () => {
  const table = "run,loss_a,loss_b\n1,3,2\n2,inf,1\n3,diverged,\n4,2,1\n";
  const filterIn = async (text: string, options: RunsOptions = {}): Promise<string> =>
    /‘where: (.*)’$/.exec((await refused(text, options)).message)?.[1] ?? "";

  test("has all cells of the column that are no numbers", async () => {
    const where = await filterIn(table);
    expect(where).toBe("loss_a not in ('inf', 'diverged')");
    expect((await read(table, { where })).train.rows).toBe(2);
  });

  test("keeps what was asked for before, and rows without the cell", async () => {
    const text = table.replace("1,3,2", "1,,2");
    const where = await filterIn(text, { where: "run < 3 or run > 3" });
    expect(where).toBe("(run < 3 or run > 3) and not (loss_a in ('inf', 'diverged'))");
    expect((await read(text, { where })).train.rows).toBe(2);
  });

  test("is that of held-out rows where it is one", async () => {
    const text = table.replace("diverged", "2");
    const { message } = await refused(text, { test: "run > 1" });
    const [, held = "", where = ""] = /‘test: (.*)’ and ‘where: (.*)’$/.exec(message) ?? [];
    expect([held, where]).toEqual(["run > 1 and loss_a != 'inf'", "loss_a != 'inf'"]);
    const runs = await read(text, { test: held, where });
    expect([runs.train.rows, runs.test?.rows]).toEqual([1, 2]);
  });

  test("can be pasted into a shell whatever the column's name", async () => {
    const { message } = await refused("eval/loss_a\n3\nInfinity\n");
    expect(withFlagNames(message)).toMatch(/--where '`eval\/loss_a` != "Infinity"'$/);
    expect(withFlagNames((await refused(table)).message)).toMatch(
      /--where "loss_a not in \('inf', 'diverged'\)"$/,
    );
  });

  test("is left out for points, which have none, and for columns of text", async () => {
    const points = await refused("n_params\n1e8\nbig\n", { targets: "" });
    expect(points.message).toMatch(/or drop the row$/);
    const text = "loss_a\n1\na\nb\nc\nd\ne\n";
    expect((await refused(text)).message).toMatch(/choose another column .* 5 different cells/);
  });

  test.each([
    ["n_params > 0", "n_params,loss_a\n0,1\n1e8,2\n", {}],
    ["w >= 0", "loss_a,w\n1,-1\n2,1\n", { rowWeights: "w" }],
    ["g is not missing", "loss_a,g\n1,\n2,x\n", { group: "g" }],
    ["sd > 0", "loss_a,sd\n1,0\n2,1\n", { sigma: "sd" }],
    [
      "h_0 + h_1 + h_2 + h_3 + h_4 + h_5 + h_6 + h_7 + h_8 + h_9 >= 0.999",
      `${TEN.map((i) => `h_${i}`).join()},loss_a\n${TEN.map((i) => i / 50).join()},1\n${TEN.map((i) => i / 45).join()},2\n`,
      {},
    ],
    ["hi > lo", "loss_a,lo,hi\n1,1,1\n2,1,3\n", { sigma: "lo,hi" }],
  ] as const)("%s", async (filter, text, options) => {
    const { message } = await refused(text, options);
    expect(message).toContain(`‘where: ${filter}’`);
    expect((await read(text, { ...options, where: filter })).train.rows).toBe(1);
  });
});

describe("cells", () => {
  test.each([
    [
      2,
      "n_params",
      "large",
      /runs\.csv, data row 2, column "n_params": "large" is not a finite number: write it like 1000000, .*‘where: n_params != 'large'’/,
    ],
    [1, "n_tokens", "0", /data row 1, column "n_tokens": 0 must be above 0/],
    [1, "n_params", "-5", /column "n_params": -5 must be above 0/],
    [
      3,
      "loss_web",
      "inf",
      /data row 3, column "loss_web": "inf" is not a finite number: .*leave the cell empty/,
    ],
    [1, "h_web", "a", /data row 1, column "h_web": "a" is not a finite number/],
    [
      1,
      "h_web",
      "-0.01",
      /data row 1, column "h_web": the weight -0\.01 is not between 0 and 1: correct it/,
    ],
    [
      3,
      "h_web",
      "25",
      /column "h_web": the weight 25 is not between 0 and 1: these weights sum to 25: if they are percent or counts, ‘normalize’ divides each row's by their sum/,
    ],
  ])("data row %i, %s = %s", async (row, column, cell, message) => {
    const error = await refused(changed(row, column, cell));
    expect(error.message).toMatch(message);
    expect(error.where).toMatchObject({ file: "runs.csv", row, column });
  });

  test("a row whose weights do not sum to 1 is named, with the sum", async () => {
    const error = await refused(changed(2, "h_web", "0.502"));
    expect(error.message).toMatch(
      /runs\.csv, data row 2: the weights \(2 columns, h_web to h_code\) sum to 1\.002, not to 1 within 0\.001: if they are rounded, percent or counts, ‘normalize’ .*correct the row.*‘weights’/,
    );
    expect(error.where).toEqual({ file: "runs.csv", row: 2, option: "weights" });
  });

  test("weights within 1e-3 of 1 are renormalized and told; rounding is not", async () => {
    const runs = await read(changed(2, "h_web", "0.5004"));
    expect(runs.train.weights[2] + runs.train.weights[3]).toBeCloseTo(1, 15);
    expect(runs.train.weights[2]).toBeCloseTo(0.5004 / 1.0004, 15);
    expect(runs.notes).toContain(
      "weights of 1 row summed to 1 within 1e-3 and were renormalized (largest deviation 0.0004)",
    );
    const third = String(1 / 3);
    expect(
      (await read(`h_a,h_b,h_c,loss_x\n${third},${third},${third},1\n1,-1e-10,0,2\n`)).notes,
    ).toEqual([]);
  });

  test("a tiny negative weight becomes 0", async () => {
    expect([...(await read("h_a,h_b,loss_x\n1,-1e-10,2\n")).train.weights]).toEqual([1, 0]);
  });

  test("a train row without a group is refused", async () => {
    expect((await refused(changed(2, "block", ""), { group: "block" })).message).toMatch(
      /data row 2, column "block": the row has no group: .*‘group’/,
    );
  });
});

describe("notes", () => {
  test("exact repeats are told and kept", async () => {
    const text = `${good}1e6,1e9,0.25,0.75,3.5,2.5,other,z\n2e6,1e9,0.5,0.5,3.4,,train,a\n`;
    const runs = await read(text);
    expect(runs.train.rows).toBe(6);
    expect(runs.notes).toContainEqual(
      expect.stringMatching(
        /^2 rows repeat an earlier row exactly \(row 5 is row 1, row 6 is row 2\)/,
      ),
    );
  });

  test("a checkpoint saved twice is told: the same losses at another token count", async () => {
    const runs = await read(`${good}1e6,1.001e9,0.25,0.75,3.5,2.5,train,a\n`);
    expect(runs.notes).toContainEqual(
      expect.stringMatching(
        /^1 row has the weights and losses of an earlier row exactly, at other inputs \(row 5 like row 1\)/,
      ),
    );
    expect((await read("n_params,loss_x\n1e6,2\n2e6,2\n")).notes).toEqual([]);
  });

  test("constant inputs and weights are told", async () => {
    const runs = await read(
      "n_params,n_tokens,h_a,h_b,h_c,loss_x\n1e6,1e9,0.5,0.5,0,1\n1e6,2e9,0.4,0.6,0,2\n",
    );
    expect(runs.notes).toEqual([
      "constant column n_params = 1000000 in every train row: terms in N are not identified",
      "constant weights in every train row (h_c = 0): their effect is not identified",
    ]);
  });
});
