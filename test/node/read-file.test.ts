import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRuns, readTable, readTables } from "../../src/node/read-file.ts";
import { InputError } from "../../src/base/errors.ts";
import { describeData } from "../support/data.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-data-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "runs.csv"), "n_params,loss_x\n1e6,2\n");
writeFileSync(join(folder, "runs.xlsx"), "PK");

describe("files", () => {
  test("standard input is one of several at most", async () => {
    await expect(readTables(["-", "runs.csv", "-"])).rejects.toThrow(/^"-" is given twice/);
  });

  test("a path becomes a table, and runs", async () => {
    const path = join(folder, "runs.csv");
    expect(await readTable(path)).toMatchObject({ source: path, rows: 1 });
    expect((await readRuns(path, { targets: "loss_x" })).targets).toEqual(["loss_x"]);
  });

  test.skipIf(process.platform === "win32")("a named pipe is read once", async () => {
    const path = join(folder, "pipe.csv");
    execFileSync("mkfifo", [path]);
    const [table] = await Promise.all([readTable(path), writeFile(path, "a,b\n1,2\n")]);
    expect(table).toMatchObject({ source: path, rows: 1 });
  });

  test.each([
    ["run.csv", /there is no file .*run\.csv; did you mean "runs\.csv"\?/],
    ["nothing-like-it.csv", /there is no file .*: check the path/],
    ["no/such/folder.csv", /there is no file/],
    [".", /is a directory: name a \.csv/],
    ["runs.xlsx", /ends in \.xlsx; tables are/],
  ])("%s is refused", async (name, message) => {
    const path = join(folder, name);
    await expect(readTable(path)).rejects.toThrow(message);
    await expect(readTable(path)).rejects.toBeInstanceOf(InputError);
    await expect(readTable(path)).rejects.toMatchObject({ where: { file: path } });
  });

  test("- is CSV from standard input", () => {
    // Node 20 strips no types: the pipe is tested through the bundler that the package is built
    // with.
    const script = `
      import { build } from "esbuild";
      const { outputFiles } = await build({ entryPoints: ["src/node/read-file.ts"], bundle: true, platform: "node", format: "esm", write: false, logLevel: "error",
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } });
      const { readTable } = await import("data:text/javascript;base64," + Buffer.from(outputFiles[0].text.replaceAll("import.meta.url", JSON.stringify("file:///x.js"))).toString("base64"));
      const table = await readTable("-");
      console.log(table.source, table.rows, [...table.columns.keys()].join());`;
    const result = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      input: "a,b\n1,2\n3,4\n",
      encoding: "utf8",
    });
    expect(result.stderr).toBe("");
    expect(result.stdout.trim()).toBe("standard input 2 a,b");
  });
});

describeData("slimpajama7.csv", "the runs behind the paper", (path) => {
  const where = "split == 'train' and duplicate_checkpoint == 0";
  const held = "split == 'eval' and duplicate_checkpoint == 0";

  test("1374 small runs to fit, 36 of 3B to score, missing losses masked", async () => {
    const runs = await readRuns(path, { where, test: held, group: "mixture_id" });
    expect(runs.domains).toEqual([
      "arxiv",
      "book",
      "c4",
      "github",
      "commoncrawl",
      "stackexchange",
      "wikipedia",
    ]);
    expect(runs.targets.length).toBe(8);
    expect(runs.train.rows).toBe(1374);
    expect(runs.test?.rows).toBe(36);
    expect(runs.dropped).toEqual([{ reason: "where", rows: 2452 - 1374 - 36 }]);
    expect(runs.train.groups?.length).toBe(1374);
    expect(runs.train.losses[2].every(Number.isFinite)).toBe(true);
    expect(runs.notes.every((note) => !note.includes("repeat"))).toBe(true);
  });

  test("repeated checkpoints are found and missing cells counted", async () => {
    const runs = await readRuns(path);
    expect(runs.notes).toContainEqual(
      expect.stringMatching(/^224 rows have the weights and losses of an earlier row exactly/),
    );
    expect(runs.notes).toContainEqual(expect.stringMatching(/^16 loss cells are missing/));
  });
});

describeData("regmix17.csv", "17 domains with a column of raw sums", (path) => {
  test("the raw sum is no domain, and one size identifies nothing in N and D", async () => {
    const runs = await readRuns(path, { where: "split == 'train_1m'" });
    expect(runs.domains.length).toBe(17);
    expect(runs.targets.length).toBe(13);
    expect(runs.train.rows).toBe(512);
    expect(runs.notes).toContainEqual(expect.stringMatching(/h_sum_raw is taken for the sum/));
    expect(runs.notes).toContainEqual(expect.stringMatching(/constant column n_params = 1000000 /));
    expect(runs.notes).toContainEqual(
      expect.stringMatching(/constant column n_tokens = 1000000000 /),
    );
  });
});

describeData("pile5.csv", "118 empty loss cells", (path) => {
  test("are masked and counted", async () => {
    const runs = await readRuns(path);
    expect([runs.domains.length, runs.targets.length]).toEqual([5, 28]);
    const missing = runs.train.losses.reduce(
      (sum, losses) => sum + losses.filter(Number.isNaN).length,
      0,
    );
    const allMissing = runs.dropped.find(({ reason }) => reason === "missing loss")?.rows ?? 0;
    expect(missing + allMissing * 28).toBe(118);
  });
});

describeData("olmix24.csv", "24 domains with vertices", (path) => {
  test("vertices stay exact", async () => {
    const runs = await readRuns(path, { targets: "bpb_*" });
    expect([runs.domains.length, runs.train.rows]).toEqual([24, 127]);
    expect(runs.train.weights.includes(1)).toBe(true);
  });
});

describeData("continual-python.csv", "a starting point without a mixture", (path) => {
  test("is left out for its empty weights", async () => {
    const runs = await readRuns(path, {
      inputs: { ratio: "h_pile" },
      need: { params: true, tokens: false, weights: true, inputs: [] },
    });
    expect(runs.train.rows).toBe(50);
    expect(runs.dropped).toEqual([{ reason: "missing weight", rows: 1 }]);
  });
});

describeData("routed-moe.csv", "routed models", (path) => {
  test("map their inputs, and the constant D is told", async () => {
    const need = { params: true, tokens: true, weights: false, inputs: ["sparsity"] };
    await expect(readRuns(path, { need })).rejects.toThrow(
      /no column "n_params" for the input params: say with ‘params: COL’/,
    );
    const where =
      "routing_frequency == 0.5 and experts_per_token == 1 and seed == 42 and flop_increase == 1";
    const runs = await readRuns(path, {
      need,
      where,
      params: "n_active",
      inputs: { sparsity: "expert_sparsity" },
      targets: "loss_validation",
    });
    expect(Object.keys(runs.train.inputs)).toEqual(["params", "tokens", "sparsity"]);
    expect(runs.notes).toContainEqual(
      expect.stringMatching(/^nearly constant column n_tokens, .*terms in D are hardly identified/),
    );
  });
});

describeData("overtrain.csv", "three corpora, one-hot", (path) => {
  test("one corpus at a time has constant weights", async () => {
    const runs = await readRuns(path, { where: "dataset == 'c4_original'" });
    expect(runs.notes).toContainEqual(
      expect.stringMatching(/^constant weights .*h_c4 = 1, h_redpajama = 0/),
    );
  });
});

describeData("chinchilla.csv", "the Chinchilla points", (path) => {
  test("have no mixture and one loss", async () => {
    const runs = await readRuns(path, { where: "outlier == 0" });
    expect([runs.domains.length, runs.train.rows]).toEqual([0, 240]);
    expect(runs.targets).toEqual(["loss"]);
  });
});
