import { describe, expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { tablePieces, WRITTEN_FORMAT_NAMES } from "../../../src/data/write/write-table.ts";
import { cellToWrite, type WrittenTable } from "../../../src/data/write/written-table.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import { keepRows } from "../../../src/fit/result/kept-rows.ts";
import { storePoints } from "../../../src/fit/result/stored-replicates.ts";
import { parametersTable, replicatesTable } from "../../../src/fit/tables/parameter-tables.ts";
import { predictionsTable, runsTable } from "../../../src/fit/tables/row-tables.ts";
import { predict } from "../../../src/fit/predict.ts";
import { drawLosses, fileOf } from "../../mixture/fixture.ts";
import { UNSEARCHED } from "../../support/unsearched-fit.ts";

type Row = Record<string, string | number | boolean | null>;

const records = (table: WrittenTable): Row[] =>
  Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, cellToWrite(column, row)])),
  );

const [loss] = drawLosses("additive", 2, 1, 7);
const { law, theta } = loss.fitted;
const drawn = fileOf([loss]);
const certificate = { ...UNSEARCHED.certificate, notIdentified: ["E", "C[d0]"] };
/** A fit of the additive law at a drawn point. */
const additive: Fit = {
  ...drawn.fits[0],
  parameters: law.reportAt(theta),
  certificate,
  fixed: { alpha: 0.31 },
};
const file = (fits: readonly Fit[]): FitFile => ({ ...drawn, fits });

const text = `n_params,n_tokens,${law.domains.map((domain) => `h_${domain}`).join(",")},loss_0
2e8,4e9,0.25,0.75,3.1
4e8,4e9,0.5,0.5,2.9
8e8,8e9,0.1,0.9,2.75
`;
const runs = toRuns(await parseTable(new TextEncoder().encode(text), "csv", "runs.csv"), {
  test: "n_params > 5e8",
});
const kept = file([additive]);
const withRows = {
  ...kept,
  data: { ...kept.data, rows: runs.train.rows, testRows: 1 },
  rows: keepRows(runs),
};

describe("the table of parameters", () => {
  test("has a number a row, with interval, mark and verdict", () => {
    const standardErrors = {
      E: 0.1,
      A: null,
      alpha: null,
      gamma: null,
      C: { d0: 0.2, d1: null },
    };
    const rows = records(parametersTable(file([{ ...additive, standardErrors }])));
    const count = Object.values(additive.parameters).reduce<number>(
      (sum, value) =>
        sum + (typeof value === "object" && value !== null ? Object.keys(value).length : 1),
      0,
    );
    expect(rows.length).toBe(count);
    const rowOf = (parameter: string, domain: string | null): Row | undefined =>
      rows.find((row) => row["parameter"] === parameter && row["domain"] === domain);
    expect(rowOf("E", null)).toMatchObject({
      law: "additive",
      target: "loss_0",
      value: additive.parameters["E"],
      error: 0.1,
      level: 0.95,
      interval: "standard-error",
      mark: "not-determined",
      verdict: additive.verdict.status,
    });
    expect(rowOf("alpha", null)).toMatchObject({ error: null, low: null, interval: null, mark: "fixed" }); // prettier-ignore
    expect(rowOf("C", "d0")?.["mark"]).toBe("not-determined");
    expect(rowOf("C", "d1")?.["mark"]).toBeNull();
  });

  test("is read back alike from every format", async () => {
    const table = parametersTable(file([additive]));
    const read = await Promise.all(
      WRITTEN_FORMAT_NAMES.map(async (format) => {
        const pieces = [...(await tablePieces(table, format))].map((piece) => Buffer.from(piece));
        const { columns } = await parseTable(new Uint8Array(Buffer.concat(pieces)), format, "x");
        return (columns.get("value")?.cells ?? []).map((cell) =>
          cell === null ? null : Number(cell),
        );
      }),
    );
    const values = records(table).map((row) => row["value"]);
    for (const column of read) expect(column).toEqual(values);
  });
});

describe("the table of replicates", () => {
  test("has each parameter of each replicate, in the order of the parameters", () => {
    const points = [Float64Array.from(theta), Float64Array.from(theta, (x) => x * 0.999)];
    const bootstrap = { replicates: 2, coordinates: storePoints(points, law.size), jackknife: "" };
    const booted = { ...additive, bootstrap: bootstrap as NonNullable<Fit["bootstrap"]> };
    const rows = records(replicatesTable(file([additive, booted])));
    const one = records(parametersTable(file([additive])));
    expect(rows.length).toBe(2 * one.length);
    expect(rows.map((row) => row["replicate"])).toEqual([...one.map(() => 1), ...one.map(() => 2)]);
    expect(rows.slice(0, one.length).map((row) => [row["parameter"], row["domain"]])).toEqual(
      one.map((row) => [row["parameter"], row["domain"]]),
    );
    const reported = law.reportAt(points[1] ?? []);
    expect(rows.find((row) => row["replicate"] === 2 && row["parameter"] === "E")?.["value"]).toBe(
      reported["E"],
    );
  });

  test("is refused without a bootstrap, with the remedy", () => {
    expect(() => replicatesTable(file([additive]))).toThrow(
      "no fit of the file has a bootstrap: fit again with ‘bootstrap: 1000’",
    );
  });
});

describe("the table of predictions", () => {
  test("has what predict says at the rows, train and test, beside what was observed", () => {
    const rows = records(predictionsTable(withRows));
    const [train] = predict(withRows, runs);
    expect(rows.map((row) => [row["set"], row["row"], row["observed"]])).toEqual([
      ["train", 1, 3.1],
      ["train", 2, 2.9],
      ["test", 3, 2.75],
    ]);
    expect(rows[0]?.["predicted"]).toBe(train?.values[0]);
    expect(rows[0]?.["residual"]).toBeCloseTo((train?.values[0] ?? NaN) - 3.1, 12);
    expect(rows.at(-1)?.["law"]).toBe("additive");
  });

  test("is refused where the file keeps no rows, with the remedy", () => {
    expect(() => predictionsTable(file([additive]), {}, "fit.json")).toThrow(
      'fit.json keeps no rows: it was asked to leave them out, or has more than 100,000, or is of a mixlaw that kept none; "mixlaw predict" predicts those of a table',
    );
  });
});

test("the table of runs is one that can be fitted again", async () => {
  const table = runsTable(withRows);
  const pieces = [...(await tablePieces(table, "csv"))].join("");
  const again = toRuns(await parseTable(new TextEncoder().encode(pieces), "csv", "again.csv"), {
    where: "set == 'train'",
    test: "set == 'test'",
  });
  expect(again.train.weights).toEqual(runs.train.weights);
  expect(again.train.inputs).toEqual(runs.train.inputs);
  expect(again.test?.losses).toEqual(runs.test?.losses);
});

test("the table of runs has the supply under the names that fit reads", async () => {
  const supply = text.trimEnd().split("\n").map((line, n) => `${line},${n === 0 ? "u_d0,u_d1" : "1e9,2e9"}`); // prettier-ignore
  const source = new TextEncoder().encode(supply.join("\n"));
  const supplied = toRuns(await parseTable(source, "csv", "runs.csv"));
  const data = { ...kept.data, rows: supplied.train.rows };
  const pieces = [...(await tablePieces(runsTable({ ...kept, data, rows: keepRows(supplied) }), "csv"))]; // prettier-ignore
  const again = toRuns(await parseTable(new TextEncoder().encode(pieces.join("")), "csv", "a.csv"));
  expect(Object.keys(again.train.inputs)).toContain("u[d0]");
  expect(again.train.inputs).toEqual(supplied.train.inputs);
});
