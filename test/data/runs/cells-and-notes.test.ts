import { describe, expect, test } from "vitest";
import { read, refused, good, changed } from "./fixture.ts";

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

  test("losses and shares in folders of names are found", async () => {
    const runs = await read("config/n_params,eval/loss_a,share_x,share_y\n1e8,3,0.5,0.5\n");
    expect(runs.targets).toEqual(["eval/loss_a"]);
    expect(runs.domains).toEqual(["x", "y"]);
    expect([...(runs.train.inputs["params"] ?? [])]).toEqual([1e8]);
  });
});

describe("cells", () => {
  test.each([
    [
      2,
      "n_params",
      "large",
      /runs\.csv, data row 2, column "n_params": "large" is not a finite number: write it like 1000000, .*‘where: "n_params != 'large'"’/,
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
