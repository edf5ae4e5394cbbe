/** The rows in the fit file: they come back as they were, and damage is refused. */
import { describe, expect, test } from "vitest";
import { encode64 } from "../../../src/base/base64.ts";
import { InputError } from "../../../src/base/errors.ts";
import type { Runs, RunSet } from "../../../src/data/runs/run-set.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { dataSection } from "../../../src/fit/result/data-section.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { keepRows } from "../../../src/fit/result/kept-rows.ts";
import { rowsOf } from "../../../src/fit/result/rows-of-file.ts";

const NAME = "loss_<img onerror>";
/** A domain is called `__proto__`, a target has markup, a loss is missing. */
const table = `n_params,n_tokens,h___proto__,h_b,${NAME},loss_y,sd,w,run,held
2e8,4e9,0.25,0.75,3.1,2.5,0.1,1,r1,0
4e8,4e9,0.5,0.5,,2.25,0.2,2,r1,0
8e8,8e9,0.1,0.9,2.75,2.1,0.1,1,r2,0
1e9,2e10,0.3,0.7,2.5,2.0,0.1,1,r3,1
`;
const bytes = new TextEncoder().encode(table);
const runs = toRuns(await parseTable(bytes, "csv", "runs.csv"), {
  sigma: "sd",
  rowWeights: "w",
  group: "run",
  test: "held == 1",
  where: "held == 0",
});
/** A fit file as a reader finds it. */
const fileOf = (rows: unknown, fits: readonly { target: string }[] = []): FitFile =>
  JSON.parse(JSON.stringify({ data: dataSection(runs), fits, rows })) as FitFile;
const kept = keepRows(runs);

describe("rows", () => {
  test("come back as they were", () => {
    const read = rowsOf(fileOf(kept));
    // Which columns they came from is for messages on the table.
    const { columns: _, ...known } = runs;
    expect(read).toEqual({
      ...known,
      train: plain(runs.train),
      test: runs.test && plain(runs.test),
    });
    expect(Object.keys(read?.train.inputs ?? {})).toEqual(Object.keys(runs.train.inputs));
  });

  test("are not there in a file without them", () => {
    expect(rowsOf(fileOf(undefined))).toBeUndefined();
  });

  test("can be read without this program", () => {
    const losses = Buffer.from(kept.train.losses[NAME] ?? "", "base64");
    expect([0, 8, 16].map((at) => losses.readDoubleLE(at))).toEqual([3.1, NaN, 2.75]);
    expect(kept.train.groups?.labels).toEqual(["r1", "r2"]);
  });
});

/** Objects by name have a prototype or none; what they hold is compared. */
const plain = (set: RunSet): RunSet => ({ ...set, inputs: { ...set.inputs } });

const { train } = kept;
const column = (...values: number[]): string => encode64(Float64Array.from(values));

test("damage names the file, where it has a name", () => {
  const broken = fileOf({ ...kept, train: 3 });
  expect(() => rowsOf(broken)).toThrow("the rows of the fit file are damaged: train: it is no");
  expect(() => rowsOf(broken, "a/fit.json")).toThrow("the rows of a/fit.json are damaged: train");
});

describe("damage is refused:", () => {
  test.each<[string, unknown, string]>([
    ["rows of another kind", [], "rows: it is no object by name"],
    ["no fitted rows", {}, "train: it is no object by name"],
    ["another number of rows", { train: { ...train, count: 4 } }, "train.count: it is 4"],
    ["no numbers", { train: { ...train, rowNumbers: 7 } }, "train.rowNumbers: it is no column"],
    ["no base64", { train: { ...train, rowNumbers: "…" } }, "train.rowNumbers: it is no column"],
    [
      "a column that is too short",
      { train: { ...train, losses: { ...train.losses, loss_y: column(1, 2) } } },
      "train.losses.loss_y: it has 2 values for 3 rows",
    ],
    [
      "a row number that is none",
      { train: { ...train, rowNumbers: column(1, 2.5, 3) } },
      "train.rowNumbers: value 2 is 2.5",
    ],
    [
      "a size that is infinite",
      { train: { ...train, inputs: { ...train.inputs, params: column(1e9, Infinity, 1e9) } } },
      "train.inputs.params: value 2 is Infinity",
    ],
    [
      "a size of 0",
      { train: { ...train, inputs: { ...train.inputs, params: column(1e9, 0, 1e9) } } },
      "train.inputs.params: value 2 is 0",
    ],
    [
      "an unknown domain",
      { train: { ...train, shares: { ...train.shares, c: column(0, 0, 0) } } },
      'train.shares: the file knows no "c"',
    ],
    [
      "a domain that is missing",
      { train: { ...train, shares: { b: train.shares["b"] } } },
      "train.shares.__proto__: it is no column",
    ],
    [
      "shares of more than 1",
      { train: { ...train, shares: { ...train.shares, b: column(0.75, 0.6, 0.9) } } },
      "train.shares: those of row 2 sum to 1.1",
    ],
    [
      "a share below 0",
      { train: { ...train, shares: { ...train.shares, b: column(-0.75, 0.5, 0.9) } } },
      "train.shares.b: value 1 is -0.75",
    ],
    [
      "an infinite loss",
      { train: { ...train, losses: { ...train.losses, loss_y: column(1, 2, -Infinity) } } },
      "train.losses.loss_y: value 3 is -Infinity",
    ],
    [
      "a label that is not in the list",
      { train: { ...train, groups: { labels: ["r1"], places: column(0, 0, 1) } } },
      "train.groups.places: value 3 is 1",
    ],
    [
      "test rows of another number",
      { ...kept, test: { ...train, count: 1 } },
      "test.inputs.params: it has 3 values",
    ],
  ])("%s", (_, rows, message) => {
    expect(() => rowsOf(fileOf(rows))).toThrow(InputError);
    expect(() => rowsOf(fileOf(rows))).toThrow(`the rows of the fit file are damaged: ${message}`);
  });

  test("no losses of a target that was fitted", () => {
    expect(() => rowsOf(fileOf(kept, [{ target: "loss_z" }]))).toThrow("there are none of loss_z");
  });
});

test("runs without domains, tests or anything else come back too", () => {
  const {
    rowWeights: _,
    sigmas: __,
    groups: ___,
    ...bare
  }: RunSet = {
    ...runs.train,
    weights: new Float64Array(0),
  };
  const { columns: ____, ...known } = runs;
  const some: Runs = { ...known, domains: [], train: bare, test: undefined };
  const file = { data: dataSection(some), fits: [], rows: keepRows(some) } as unknown as FitFile;
  expect(rowsOf(file)).toEqual({ ...some, train: plain(bare) });
});
