import { describe, expect, test } from "vitest";
import type { RunsOptions } from "../../../src/data/runs/runs-options.ts";
import { selectRows } from "../../../src/data/filter/select-rows.ts";
import { read, refused, everything, head, good, changed } from "./fixture.ts";

describe("packing", () => {
  test("columns get their roles by name and rows are packed", async () => {
    const runs = await read(good, { group: "block" });
    expect(runs).toMatchObject({
      source: "runs.csv",
      domains: ["web", "code"],
      targets: ["loss_web", "loss_code"],
      test: undefined,
      dropped: [],
    });
    expect(runs.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(runs.train).toEqual({
      rows: 4,
      rowNumbers: Int32Array.of(1, 2, 3, 4),
      inputs: {
        params: Float64Array.of(1e6, 2e6, 2e6, 4e6),
        tokens: Float64Array.of(1e9, 1e9, 2e9, 2e9),
      },
      weights: Float64Array.of(0.25, 0.75, 0.5, 0.5, 1, 0, 0, 1),
      losses: [Float64Array.of(3.5, 3.4, 3.3, NaN), Float64Array.of(2.5, NaN, 2.3, 2.2)],
      groups: ["a", "a", "b", "b"],
    });
    expect(runs.notes).toEqual([
      "2 loss cells are missing (loss_web 1, loss_code 1): those rows are left out for those targets only",
    ]);
  });

  test("the order of columns does not matter, only their names", async () => {
    const lines = good
      .trim()
      .split("\n")
      .map((line) => line.split(",").toReversed().join(","));
    const runs = await read(lines.join("\n"));
    expect(runs.domains).toEqual(["code", "web"]);
    expect(runs.train.inputs["params"]).toEqual((await read(good)).train.inputs["params"]);
    expect([...runs.train.weights.subarray(0, 2)]).toEqual([0.75, 0.25]);
  });

  test("without need, only what is found is read", async () => {
    const runs = await read("loss_x\n1\n2\n");
    expect(runs.domains).toEqual([]);
    expect(runs.train.inputs).toEqual({});
    expect(runs.train.weights.length).toBe(0);
    expect(runs.train.groups).toBeUndefined();
  });

  test("what is not needed is neither read nor checked", async () => {
    const text = good.replace("0.25,0.75", "7,oops").replace("1e6,", "many,");
    const runs = await read(text, {
      need: { params: false, tokens: true, weights: false, inputs: [] },
    });
    expect(Object.keys(runs.train.inputs)).toEqual(["tokens"]);
    expect(runs.domains).toEqual([]);
  });

  test('targets "" reads points without losses', async () => {
    const runs = await read("n_params,h_a,h_b\n1e6,0.5,0.5\n", { targets: "" });
    expect(runs.targets).toEqual([]);
    expect(runs.train.rows).toBe(1);
  });
});

describe("roles", () => {
  test("flags map columns", async () => {
    const text = "size,data,w_a,w_b,ppl,sparse\n1e6,2e9,0.5,0.5,3,0.9\n2e6,3e9,0.4,0.6,2,0.8\n";
    const runs = await read(text, {
      params: "size",
      tokens: "data",
      weights: "w_*",
      targets: "ppl",
      inputs: { sparsity: "sparse" },
    });
    expect(runs.domains).toEqual(["a", "b"]);
    expect(runs.targets).toEqual(["ppl"]);
    expect(Object.keys(runs.train.inputs)).toEqual(["params", "tokens", "sparsity"]);
    expect(runs.train.inputs["sparsity"]).toEqual(Float64Array.of(0.9, 0.8));
  });

  test("a needed input is found under its own name", async () => {
    const need = { params: false, tokens: false, weights: false, inputs: ["epochs"] };
    expect((await read("epochs,loss_x\n1,2\n2,1\n", { need })).train.inputs["epochs"]).toEqual(
      Float64Array.of(1, 2),
    );
  });

  test.each([
    ["h_web,h_code", ["web", "code"]],
    ["h_code, h_web", ["code", "web"]],
    ["h_w*,h_code", ["eb", "code"]],
    ["h_???,h_code", ["web", "code"]],
    ["*_web,h_code,!loss*", ["h_web", "code"]],
    ["h_*,h_web", ["web", "code"]],
  ])("weights %s are the domains %j", async (weights, domains) => {
    expect((await read(good, { weights })).domains).toEqual(domains);
  });

  test("!name leaves a column out", async () => {
    const text = good.replace("block", "h_other");
    expect((await read(text, { weights: "h_*,!h_other" })).domains).toEqual(["web", "code"]);
    expect((await read(good, { targets: "loss_*,!*_web" })).targets).toEqual(["loss_code"]);
    expect((await refused(good, { targets: "loss_*,!loss_*" })).message).toMatch(
      /‘targets’ loss_\*,!loss_\* leaves no column/,
    );
    expect((await refused(good, { targets: "loss_*,!loss_wbe" })).message).toMatch(
      /did you mean "loss_web"/,
    );
  });

  test("a kept sum of the weights is no domain, and a note says so", async () => {
    const runs = await read("h_sum_raw,h_a,h_b,loss_x\n0.998,0.5,0.5,1\n1.001,0.25,0.75,2\n");
    expect(runs.domains).toEqual(["a", "b"]);
    expect(runs.notes).toContainEqual(
      expect.stringMatching(/column h_sum_raw is taken for the sum of the weights/),
    );
  });

  test.each<[RunsOptions, RegExp, string]>([
    [
      { params: "n_parms" },
      /‘params’: runs\.csv has no column "n_parms"; did you mean "n_params"\?/,
      "params",
    ],
    [{ tokens: "zzz" }, /‘tokens’: .* no column "zzz"; the columns are: /, "tokens"],
    [
      { tokens: "zzz", need: { ...everything, tokens: false } },
      /‘tokens’: .* no column "zzz"/,
      "tokens",
    ],
    [
      { weights: "w_*" },
      /‘weights’: no column of runs\.csv matches w_\*; the columns are: /,
      "weights",
    ],
    [{ weights: "h_web,h_cod" }, /‘weights’: .* "h_cod"; did you mean "h_code"\?/, "weights"],
    [{ targets: "ppl_*" }, /‘targets’: no column of runs\.csv matches ppl_\*/, "targets"],
    [{ targets: "loss_wbe" }, /‘targets’: .*did you mean "loss_web"\?/, "targets"],
    [
      { inputs: { sparsity: "spars" } },
      /‘inputs.sparsity’: runs\.csv has no column "spars"/,
      "inputs.sparsity",
    ],
    [{ inputs: { weights: "h_web" } }, /weights are mapped with ‘weights’, not ‘inputs’/, "inputs"],
    [{ group: "blok" }, /‘group’: .*did you mean "block"\?/, "group"],
    [
      { targets: "loss_web,h_web" },
      /column "h_web" of runs\.csv is both a weight and a target: change ‘targets’/,
      "targets",
    ],
    [
      { targets: "n_params" },
      /column "n_params" of runs\.csv is both the input params and a target/,
      "targets",
    ],
    [{ where: "splt == 'train'" }, /^‘where’: .*did you mean "split"\?/, "where"],
    [{ test: "split = 'eval'!" }, /^‘test’: unexpected "!"/, "test"],
    [
      { need: { ...everything, inputs: ["sparsity"] } },
      /no column "sparsity" for the input sparsity: say with ‘inputs.sparsity: COL’ which column it is; there are: /,
      "inputs.sparsity",
    ],
  ])("%j is refused", async (options, message, path) => {
    const error = await refused(good, options);
    expect(error.message).toMatch(message);
    expect(error.where.option).toBe(path);
  });

  test.each<[string, string, RegExp, string]>([
    [
      "n_params",
      "n_active",
      /no column "n_params" for the input params: say with ‘params: COL’ which column it is; there are: .*n_active/,
      "params",
    ],
    [
      "n_tokens",
      "tokens_seen",
      /no column "n_tokens" for the input tokens: say with ‘tokens: COL’ .*there are: .*tokens_seen/,
      "tokens",
    ],
  ])("a needed %s that is missing is asked for", async (usual, instead, message, path) => {
    const error = await refused(good.replace(usual, instead), { need: everything });
    expect(error.message).toMatch(message);
    expect(error.where).toMatchObject({ file: "runs.csv", column: usual, option: path });
  });

  test("needed weights that are missing are asked for", async () => {
    const error = await refused(good.replaceAll("h_", "w_"), { need: everything });
    expect(error.message).toMatch(
      /no columns h_\* for the mixture weights: say with ‘weights’ .*there are: .*w_web/,
    );
  });

  test("no targets by the usual name: the columns are listed, near ones first", async () => {
    const error = await refused("n_params,bpb\n1,2\n");
    expect(error.message).toMatch(
      /‘targets’: no column of runs\.csv matches loss_\*; the columns are: bpb, n_params/,
    );
  });

  test("two columns of one domain are refused", async () => {
    const error = await refused("h_a,a,loss_x\n1,0,1\n", { weights: "h_a,a" });
    expect(error.message).toMatch(/columns "h_a" and "a" .* both be the domain "a"/);
  });

  test("more than 256 domains are refused", async () => {
    const names = Array.from({ length: 257 }, (_, i) => `h_${i}`);
    const error = await refused(
      `${names.join(",")},loss_x\n${names.map(() => 1 / 257).join(",")},1\n`,
    );
    expect(error.message).toMatch(/‘weights’ h_\* matches 257 columns .* at most 256 domains/);
  });
});

describe("rows", () => {
  test("test rows are scored, not dropped, and need not pass where", async () => {
    const runs = await read(good, {
      where: "split == 'train' and block == 'a'",
      test: "split == 'eval'",
    });
    expect([...runs.train.rowNumbers]).toEqual([1, 2]);
    expect([...(runs.test?.rowNumbers ?? [])]).toEqual([3]);
    expect(runs.dropped).toEqual([{ reason: "where", rows: 1 }]);
  });

  test("rows that pass both filters are test rows", async () => {
    const runs = await read(good, { where: "n_params > 0", test: "block == 'b'" });
    expect([...runs.train.rowNumbers]).toEqual([1, 2]);
    expect([...(runs.test?.rowNumbers ?? [])]).toEqual([3, 4]);
    expect(runs.dropped).toEqual([]);
  });

  test("rows that nobody asks for are not checked", async () => {
    const text = changed(3, "n_params", "oops");
    expect((await read(text, { where: "split == 'train'" })).train.rows).toBe(3);
    expect((await refused(text)).message).toMatch(/data row 3/);
  });

  test.each<[RunsOptions, RegExp]>([
    [
      { where: "split == 'trian'" },
      /‘where’ split == 'trian' matches none of the 4 rows of runs\.csv: split is "train" \(3\), "eval" \(1\); did you mean 'train'\?/,
    ],
    [
      { where: "split == 'eval' and n_tokens > 1e8 and block == 'a'" },
      /split == 'eval' alone matches 1 row, n_tokens > 1e8 alone matches 4 rows and block == 'a' alone matches 2 rows; it matches 2 rows without split == 'eval' and 1 row without block == 'a'/,
    ],
    [
      { test: "split == 'eval' and n_tokens == 1" },
      /‘test’ .* matches none of the 4 rows .*; it matches 1 row without n_tokens == 1; n_tokens is "1e9" \(2\), "2e9" \(2\)/,
    ],
    [
      { test: "n_params > 0" },
      /no train rows are left: ‘test’ matches all 4 rows of runs\.csv; narrow it/,
    ],
    [
      { where: "split == 'train'", test: "block in ('a', 'b')" },
      /‘test’ matches all 3 rows that ‘where’ keeps/,
    ],
  ])("%j leaves nothing and says why", async (options, message) => {
    expect((await refused(good, options)).message).toMatch(message);
  });

  test("a table without rows says so, with no word of a test filter", () => {
    const table = { source: "runs.csv", sha256: "", rows: 0, columns: new Map(), notes: [] };
    expect(() => selectRows(table, {})).toThrow(/^runs\.csv has no rows: give a table/);
  });

  test("rows with a missing input or weight, or no loss at all, are counted and told", async () => {
    const text = `${head}\n,1e9,0.5,0.5,1,1,train,a\n1e6,,,1,1,1,train,a\n1e6,1e9,,1,1,1,train,a\n1e6,1e9,0,1,NA,,train,a\n1e6,1e9,0,1,1,1,train,a\n,1e9,0,1,1,1,eval,a\n1e6,1e9,0,1,1,1,eval,a\n`;
    const runs = await read(text, { where: "split == 'train'", test: "split == 'eval'" });
    expect([...runs.train.rowNumbers]).toEqual([5]);
    expect([...(runs.test?.rowNumbers ?? [])]).toEqual([7]);
    expect(runs.dropped).toEqual([
      { reason: "missing input", rows: 3 },
      { reason: "missing weight", rows: 1 },
      { reason: "missing loss", rows: 1 },
    ]);
    expect(runs.notes).toContain(
      "4 rows left out because a needed cell is missing (n_params 2, n_tokens 1, h_web 1); an empty weight is not read as 0",
    );
  });

  test("when nothing is left after that, the error says what is missing", async () => {
    const text = `${head}\n,1e9,0.5,0.5,1,1,train,a\n1e6,1e9,,1,1,1,train,a\n1e6,1e9,0,1,1,1,eval,a\n`;
    const error = await refused(text, { test: "split == 'eval'" });
    expect(error.message).toMatch(
      /no train rows are left of runs\.csv: of 2 selected, 1 lack an input, 1 lack a weight \(n_params, h_web\)/,
    );
    const other = await refused(text, { where: "split == 'eval'", test: "split == 'train'" });
    expect(other.message).toMatch(/no test rows are left .* select other rows with ‘test’/);
  });

  test("a target without a train row: left out when a glob found it, refused when it was named", async () => {
    const text = "loss_a,loss_b\n1,\n2,NA\n";
    const runs = await read(text);
    expect(runs.targets).toEqual(["loss_a"]);
    expect(runs.train.losses.length).toBe(1);
    expect(runs.notes).toContain("column loss_b is empty in every train row: it is no target");
    expect((await refused(text, { targets: "loss_a,loss_b" })).message).toMatch(
      /column "loss_b" of runs\.csv is empty in all 2 train rows/,
    );
    expect((await refused("loss_a\nNA\nNA\n")).message).toMatch(
      /column "loss_a" .* is empty in all 2 train rows/,
    );
  });
});
