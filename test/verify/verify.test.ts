import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "../../src/data/table/cells.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { RunsOptions } from "../../src/data/runs/runs-options.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { type Engine } from "../../src/fit/engine.ts";
import { parseFitFile } from "../../src/fit/file/parse-fit-file.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { formulaProblem } from "../../src/formula-tables/formula-problem.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import type { Law } from "../../src/laws/law.ts";
import type { FitOptions } from "../../src/options/fit-options.ts";
import type { Job } from "../../src/records/job.ts";
import { verify } from "../../src/verify/verify.ts";
import { cpuEngine } from "../fit/engines.ts";
import { memoryRecords } from "../support/memory-records.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await cpuEngine();
});
afterAll(() => engine.close());

/** Columns of 30 runs of two domains; `order` permutes columns, `change` a cell's text. */
function text(
  order: readonly number[] = [0, 1, 2, 3, 4, 5],
  change = (cell: string, _row: number, _column: number): string => cell,
): string {
  const head = ["n_params", "n_tokens", "h_web", "h_code", "loss_web", "loss_code"];
  const rows = Array.from({ length: 30 }, (_, i) => {
    const [n, d, h] = [2e7 * 3 ** (i % 3), 1e9 * 4 ** (i % 2), 0.1 + 0.16 * (i % 6)];
    const noise = 0.004 * Math.sin(7 * i + 1);
    const loss = (scale: number): number =>
      1.5 + scale * h + 30 / n ** 0.25 + 200 / d ** 0.3 + noise;
    return [n, d, h, 1 - h, loss(0.4), loss(-0.3)].map(String);
  });
  return [head, ...rows.map((row, r) => row.map((cell, c) => change(cell, r + 1, c)))]
    .map((row) => order.map((c) => row[c]).join())
    .join("\n");
}

const tableOf = (csv: string): Promise<Table> =>
  parseTable(new TextEncoder().encode(csv), "csv", "runs.csv");

/** A fit file as it comes from disk. */
async function fitted(
  some: readonly Law[],
  options: FitOptions = {},
  reading: RunsOptions = {},
): Promise<FitFile> {
  const runs = toRuns(await tableOf(text()), reading);
  const file = await engine.fit(some, runs, { restarts: 16, backtest: false, ...options });
  return parseFitFile(JSON.stringify(file), "fit.json");
}

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> };

/** The file with something changed by hand. */
function edited(file: FitFile, change: (copy: Writable<FitFile>) => void): FitFile {
  const copy = structuredClone(file) as Writable<FitFile>;
  change(copy);
  return copy;
}

const codesOf = ({ verdict }: Awaited<ReturnType<typeof verify>>): string[] =>
  verdict.findings.map(({ code }) => code);

const LINEAR = [laws.linear, laws.chinchilla];

describe("a fit of several laws and targets", () => {
  let file: FitFile;
  beforeAll(async () => {
    file = await fitted(LINEAR, { bootstrap: 20 }, { test: "n_params > 1e8" });
  });

  test("comes out the same, to the last digit", async () => {
    const answer = await verify(file, await tableOf(text()), engine);
    expect(answer.verdict.status).toBe("identical");
    expect(codesOf(answer)).toEqual(["fit-repeats"]);
    expect(answer.differences).toEqual([]);
    expect(answer.fits).toBe(4);
  });

  test("keeps records of its own, and ends without a verdict at a deadline", async () => {
    const records = memoryRecords();
    const verbs: string[] = [];
    const store = { ...records, begin: async ({ verb }: Job) => void verbs.push(verb) };
    const answer = await verify(file, await tableOf(text()), engine, { records: store });
    expect(answer.verdict.status).toBe("identical");
    expect(verbs).toEqual(["verify"]);
    const late = verify(file, await tableOf(text()), engine, { deadline: 1e-3 });
    await expect(late).rejects.toThrow("the deadline came");
  });

  test("of a table with its columns or rows in another order is the same table", async () => {
    const [head = "", ...rows] = text([5, 3, 0, 2, 4, 1]).split("\n");
    const answer = await verify(file, await tableOf([head, ...rows.toReversed()].join("\n")), engine); // prettier-ignore
    expect(answer.verdict.status).toBe("identical");
    expect(codesOf(answer)).toEqual(["table-changed", "fit-repeats"]);
    expect(answer.verdict.findings[0]?.sentence).toContain("another order of rows");
  });

  test("tells a changed cell, a row that is gone and one that is new from changed numbers", async () => {
    const changed = text(undefined, (cell, row, column) =>
      row === 4 && column === 4 ? "2.5" : cell,
    ).split("\n");
    changed.splice(9, 1);
    changed.push("2e8,1e9,0.5,0.5,3,3");
    const answer = await verify(file, await tableOf(changed.join("\n")), engine);
    expect(answer.verdict.status).toBe("differs");
    expect(codesOf(answer)).toEqual(["table-changed", "fit-repeats"]);
    expect(answer.rows).toMatchObject({ changed: 1, gone: [9], reordered: false });
    expect(answer.rows?.cells[0]).toMatchObject({ row: 4, column: "loss_web", found: 2.5 });
    expect(answer.rows?.added).toHaveLength(1);
    expect(answer.differences).toEqual([]);
  });

  test("of a table with a domain of another name is of another table", async () => {
    const renamed = text().replace("h_web", "h_news");
    const answer = await verify(file, await tableOf(renamed), engine);
    expect(codesOf(answer)).toEqual(["table-changed", "fit-repeats"]);
    expect(answer.rows?.cells.map(({ column }) => column)).toEqual(
      expect.arrayContaining(["share of web", "share of news"]),
    );
  });

  test("names a number that was edited, and not the table", async () => {
    const answer = await verify(
      edited(file, ({ fits: [, , fit] }) => {
        if (fit !== undefined) fit.parameters = { ...fit.parameters, E: 1.234 };
      }),
      await tableOf(text()),
      engine,
    );
    expect(answer.verdict.status).toBe("differs");
    expect(codesOf(answer)).toEqual(["numbers-differ"]);
    expect(answer.differences.map(({ law, target, key, recorded, counts }) => [law, target, key, recorded, counts])).toContainEqual(["chinchilla", "loss_web", "parameters.E", 1.234, true]); // prettier-ignore
  });

  test.each<[string, (copy: Writable<FitFile>) => void]>([
    ["fits.0.objective", ({ fits: [fit] }) => void (fit !== undefined && (fit.objective *= 1 + 1e-8))],
    ["search.reachedBest", ({ fits: [fit] }) => void (fit !== undefined && fit.search.reachedBest++)],
    ["bootstrap.coordinates", ({ fits: [fit] }) => void (fit?.bootstrap && (fit.bootstrap.coordinates = fit.bootstrap.coordinates.replace(/^..../, "AAAA")))],
    ["data.range.params.max", ({ data }) => void (data.range.params && (data.range.params.max = 1e12))],
  ])("finds an edited %s", async (key, change) => {
    const answer = await verify(edited(file, change), await tableOf(text()), engine);
    expect(answer.verdict.status).toBe("differs");
    expect(answer.differences.map((each) => each.key)).toContain(key.replace(/^fits\.0\./, ""));
  }); // prettier-ignore

  test("a change within the tolerance counts on the same adapter, and elsewhere is no repetition to the last digit", async () => {
    const change = ({ fits: [fit] }: Writable<FitFile>): void =>
      void (fit !== undefined && (fit.objective *= 1 + 1e-11));
    const here = await verify(edited(file, change), await tableOf(text()), engine);
    expect(here.verdict.status).toBe("differs");
    expect(here.differences.map(({ key, counts }) => [key, counts])).toEqual([["objective", true]]);
    const older = edited(edited(file, change), (copy) => void (copy.version = "0.0.9"));
    const elsewhere = await verify(older, await tableOf(text()), engine);
    expect(elsewhere.verdict.status).toBe("same");
    expect(elsewhere.verdict.findings[0]?.sentence).toContain("within the tolerances");
    expect(elsewhere.differences.map(({ key, why }) => [key, why])).toEqual([["objective", "within its tolerance"]]); // prettier-ignore
  });

  test("finds rows of the file that are not the table's", async () => {
    const answer = await verify(
      edited(file, ({ rows }) => {
        if (rows !== undefined) rows.train.losses = { ...rows.train.losses, loss_web: rows.train.losses["loss_code"] ?? "" }; // prettier-ignore
      }),
      await tableOf(text()),
      engine,
    );
    expect(codesOf(answer)).toEqual(["rows-changed", "fit-repeats"]);
    expect(answer.verdict.status).toBe("differs");
  });

  test("says that float64 was computed in JavaScript, where last digits do not count", async () => {
    const older = edited(file, (copy) => {
      copy.backend.float64 = "javascript";
      for (const fit of copy.fits) fit.objective *= 1 + 1e-13;
    });
    const answer = await verify(older, await tableOf(text()), engine);
    expect(answer.verdict.status).toBe("same");
    expect(codesOf(answer)).toEqual(["fit-repeats", "other-arithmetic"]);
    expect(answer.verdict.findings[1]?.sentence).toMatch(/^float64 was computed in JavaScript, and in WebAssembly/); // prettier-ignore
  });

  test("says that a file of another version or adapter is one, and does not count the search", async () => {
    const answer = await verify(
      edited(file, (copy) => {
        copy.version = "0.0.9";
        copy.backend = { ...copy.backend, kind: "webgpu", adapter: "some card" };
        for (const fit of copy.fits) fit.search.reachedBest--;
      }),
      await tableOf(text()),
      engine,
    );
    expect(answer.verdict.status).toBe("same");
    expect(codesOf(answer)).toEqual(["fit-repeats", "other-version", "other-adapter"]);
    expect(answer.differences.map(({ why, counts }) => [why, counts])).toContainEqual(["the way of the search", false]); // prettier-ignore
  });
});

test("without the rows in the file, a changed table is told by its hash, and by what comes of it", async () => {
  const file = await fitted([laws.linear], { rows: false });
  const changed = text(undefined, (cell, row, column) => (row === 4 && column === 4 ? "2.5" : cell)); // prettier-ignore
  const answer = await verify(file, await tableOf(changed), engine);
  expect(codesOf(answer).slice(0, 2)).toEqual(["table-changed", "numbers-differ"]);
  expect(answer.rows).toBeNull();
  expect(answer.verdict.findings[0]?.sentence).toContain("keeps no rows");
  const other = await verify(file, await tableOf(text([1, 0, 3, 2, 5, 4])), engine);
  expect(other.verdict.status).toBe("identical");
});

test("parameters that the runs do not determine are shown and do not count", async () => {
  // α of the size, which no run varies, is not determined.
  const law = lawFromFormula("E + A/params^alpha + C*h[web]", {});
  const file = await fitted([law], {}, { where: "n_params < 3e7" });
  const [fit] = file.fits;
  expect(fit?.certificate.notIdentified).toContain("alpha");
  const elsewhere = edited(file, (copy) => {
    copy.settings.seed = 7;
    copy.backend.kind = "webgpu";
  });
  const answer = await verify(elsewhere, await tableOf(text()), engine);
  expect(codesOf(answer)).toContain("undetermined-differ");
  expect(answer.verdict.status).toBe("same");
});

test("formulas of a table, with a function of the response, are read again", async () => {
  const { law, runs } = formulaProblem(await tableOf(text()), "log(loss_web) = a + b*h_web + c*log(n_params)"); // prettier-ignore
  const file = await engine.fit([law], runs, { loss: "squared", restarts: 8 });
  const back = parseFitFile(JSON.stringify(file), "fit.json");
  expect(back.fits[0]?.target).toBe("log(loss_web)");
  expect((await verify(back, await tableOf(text()), engine)).verdict.status).toBe("identical");
});

test("a file of version 1 is compared by what it has", async () => {
  const file = await fitted([laws.linear], { rows: false });
  const older = edited(file, (copy) => {
    const loose = copy as unknown as {
      schema: string;
      settings: { backtest?: unknown; scaleDelta?: unknown };
      fits: { verdict?: unknown; form?: unknown; noise?: unknown; delta?: unknown }[];
    };
    loose.schema = "mixlaw/fit@1";
    delete loose.settings.backtest;
    delete loose.settings.scaleDelta;
    for (const fit of loose.fits)
      for (const key of ["verdict", "form", "noise", "delta"] as const) delete fit[key];
  });
  const answer = await verify(older, await tableOf(text()), engine);
  expect(answer.verdict.status).toBe("identical");
});

test("what cannot be repeated is an error that says why", async () => {
  const file = await fitted([laws.linear]);
  const other = text().replace("loss_web", "loss_books");
  await expect(verify(file, await tableOf(other), engine)).rejects.toThrow(/loss_web/);
  const interrupted = edited(file, ({ fits }) => {
    for (const fit of fits) fit.search.status = "interrupted";
  });
  await expect(verify(interrupted, await tableOf(text()), engine)).rejects.toThrow(/interrupted/);
});
