/** Rows of weight 0 count nowhere: not in the fit, not in any number that is said of it. */
import { describe, expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { RunsOptions } from "../../src/data/runs/runs-options.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "./engines.ts";

const engine = await cpuEngine();
const line = lawFromFormula("a + b*x", { inputs: ["x"] });
const cubic = lawFromFormula("a + b*x + c*x^2 + d*x^3", { inputs: ["x"] });
const loss = "squared" as const;

const X = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const Y = [0.9445, 3.1074, 4.8354, 6.9402, 9.1007, 11.0793, 13.0008, 15.0805, 17.0166, 18.8821];

/** The table of some rows as runs, each with its weight. */
async function table(
  rows: readonly number[],
  weightOf: (x: number) => number,
  { y = Y, ...options }: RunsOptions & { readonly y?: readonly number[] } = {},
): Promise<Runs> {
  const lines = rows.map((x) => `${x},${y[x]},${weightOf(x)},${x % 3},h`);
  const text = ["x,y,w,batch,site", ...lines].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", "line.csv"), {
    inputs: { x: "x" },
    targets: "y",
    rowWeights: "w",
    ...options,
  });
}

/** What is the same in two fits of the same rows, which may have had others between them. */
const untimed = (file: object): object => ({ ...file, timing: 0, data: 0, rows: 0 });

describe("a row of weight 0", () => {
  const isKept = (x: number): boolean => x !== 3 && x !== 7;
  const kept = X.filter(isKept);
  const weightOf = (x: number): number => (isKept(x) ? 1 : 0);

  test("leaves every number of a fit as it is without the row", async () => {
    const [weighed, dropped] = [await table(X, weightOf), await table(kept, () => 1)];
    const options = { loss, restarts: 8, bootstrap: 40 };
    const [a, b] = [
      await engine.fit(line, weighed, options),
      await engine.fit(line, dropped, options),
    ];
    expect(untimed(a)).toEqual(untimed(b));
    expect({ ...a.data, sha256: "", dropped: [] }).toEqual({ ...b.data, sha256: "" });
    expect(a.data.dropped).toEqual([{ reason: "zero weight", rows: 2 }]);
  });

  test("leaves every score of a validation as it is without the row", async () => {
    const [weighed, dropped] = [await table(X, weightOf), await table(kept, () => 1)];
    const options = { loss, restarts: 8, folds: 4 };
    const [a, b] = [
      await validate(engine.resources, [line], weighed, options),
      await validate(engine.resources, [line], dropped, options),
    ];
    expect(untimed(a)).toEqual(untimed(b));
  });

  test("is not scored, however far off it is", async () => {
    const y = Y.map((value, x) => (x === 3 ? 50 : value));
    const runs = await table(X, (x) => (x === 3 ? 0 : 1), { y });
    const [fit] = (await engine.fit(line, runs, { loss, restarts: 8 })).fits;
    expect(fit.train.rows).toBe(9);
    expect(fit.train.r2).toBeGreaterThan(0.9995);
    expect(fit.verdict.status).toBe("holds");
  });

  test("is not scored among test rows either", async () => {
    const y = Y.map((value, x) => (x === 8 ? 99 : value));
    const runs = await table(X, (x) => (x === 8 ? 0 : 1), { y, test: "x > 6" });
    const [fit] = (await engine.fit(line, runs, { loss, restarts: 8 })).fits;
    expect(fit.test?.rows).toBe(2);
    expect(fit.test?.mrePercent).toBeLessThan(3);
  });
});

test("scores weigh rows as the fit does: twice the weight is the row twice", async () => {
  const weighed = await table(X, (x) => (x % 2) + 1);
  const twice = await table(
    X.flatMap((x) => (x % 2 === 1 ? [x, x] : [x])),
    () => 1,
  );
  const [[a], [b]] = await Promise.all(
    [weighed, twice].map(
      async (runs) => (await engine.fit(line, runs, { loss, restarts: 8 })).fits,
    ),
  );
  expect([a.train.rows, b.train.rows]).toEqual([10, 15]);
  for (const name of ["mrePercent", "r2", "mae", "spearman"] as const)
    expect(a.train[name]).toBeCloseTo(b.train[name] ?? NaN, 9);
});

test("weights of 0 in every row, and too few weighted rows, are errors", async () => {
  await expect(table(X, () => 0)).rejects.toThrow(
    /"w" of line\.csv: all 10 train rows have weight 0/,
  );
  await expect(table(X, (x) => (x > 6 ? 0 : 1), { test: "x > 6" })).rejects.toThrow(
    /all 3 test rows have weight 0/,
  );
  const few = await table(X, (x) => (x < 3 ? 1 : 0));
  await expect(engine.fit(cubic, few, { loss })).rejects.toThrow(
    /y has 3 rows of weight above 0 to fit .*, which cannot determine the 4 parameters/,
  );
});
