import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { drawLosses, fileOf } from "../../mixture/fixture.ts";
import { optimum } from "../../mixture/sample-optimum.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const run = (...words: string[]) => mixlaw(["export", ...words], { cwd: place.path(".") });

beforeAll(() => {
  const [loss] = drawLosses("additive", 2, 1, 7);
  const { law, theta } = loss.fitted;
  const drawn = fileOf([loss]);
  const fits = drawn.fits.map((fit) => ({ ...fit, parameters: law.reportAt(theta) }));
  place.write("fit.json", JSON.stringify({ ...drawn, fits }));
  place.write("optimum.json", JSON.stringify(optimum()));
  place.write("paths.csv", "domain,path\nweb,/data/web*.npy\ncode,/data/code.npy\n");
});

describe("export", () => {
  test("writes tables by the name of --out, and as CSV else", async () => {
    const { code, stdout } = await run("fit.json", "--parameters");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^law,target,parameter,domain,value,error,low,high,level,interval,mark,verdict\nadditive,loss_0,E,,/,
    );
    expect(await run("fit.json", "--parameters", "-o", "p.parquet")).toEqual({ code: 0, stdout: "", stderr: "" }); // prettier-ignore
    const { columns, rows } = await parseTable(
      readFileSync(place.path("p.parquet")),
      "parquet",
      "p.parquet",
    );
    expect(rows).toBe(stdout.trimEnd().split("\n").length - 1);
    expect(columns.get("domain")?.cells.slice(-2)).toEqual(["d0", "d1"]);
  });

  test("writes an optimum for a trainer, with paths from a table or a pattern", async () => {
    const olmo = await run("optimum.json", "--format", "olmo-core", "--paths", "paths.csv");
    expect(parse(olmo.stdout)).toEqual({
      sources: [
        { source_name: "web", target_ratio: 0.75, paths: ["/data/web*.npy"], max_repetition_ratio: 5 }, // prettier-ignore
        { source_name: "code", target_ratio: 0.25, paths: ["/data/code.npy"] },
      ],
    });
    const pattern = ["--format", "megatron", "--paths", "/data/{domain} text"];
    expect((await run("optimum.json", ...pattern, "-o", "splits.json")).code).toBe(0);
    expect(JSON.parse(place.read("splits.json"))).toEqual({
      train: ["0.75", "/data/web text", "0.25", "/data/code text"],
      valid: null,
      test: null,
    });
  });

  test("writes an optimum as a table of Parquet, as optimize does", async () => {
    expect(await run("optimum.json", "-o", "o.parquet")).toEqual({ code: 0, stdout: "", stderr: "" }); // prettier-ignore
    const bytes = readFileSync(place.path("o.parquet"));
    const { columns } = await parseTable(bytes, "parquet", "o.parquet");
    expect(columns.get("domain")?.cells).toEqual(["web", "code"]);
  });

  test.each([
    ["a fit file without a table", ["fit.json"], /fit\.json is a fit file: say which table of it, --parameters, --replicates, --predictions or --runs; .*\n$/], // prettier-ignore
    ["two tables", ["fit.json", "--runs", "--parameters"], /--parameters and --runs are tables of their own: ask for one at a time\n$/], // prettier-ignore
    ["an optimum without a format", ["optimum.json"], /say --format: an optimum, which is JSON already, is written as yaml, csv, map, olmo-core, nemo, levanter or megatron\n$/], // prettier-ignore
    ["a format of the other kind", ["fit.json", "--runs", "--format", "nemo"], /--format nemo is for an optimum; a table is written as csv, parquet or json\n$/], // prettier-ignore
    ["an unknown domain", ["optimum.json", "--format", "levanter", "--paths", "wbe=/x"], /--paths: there is no domain "wbe"; did you mean "web"\?\n$/], // prettier-ignore
    ["no paths", ["optimum.json", "--format", "olmo-core"], /--format olmo-core: the domain "web" has no data path, .* give it with --paths, such as '\/data\/\{domain\}\/\*\.npy'\.\n$/], // prettier-ignore
    ["intervals of an optimum", ["optimum.json", "--format", "map", "--level", "0.9"], /--level is for --predictions alone\n$/], // prettier-ignore
    ["intervals of another table", ["fit.json", "--runs", "--interval-of", "law"], /--interval-of is for --predictions alone: --runs has what the fit file says\n$/], // prettier-ignore
    ["two formats", ["fit.json", "--runs", "--format", "csv", "-o", "x.parquet"], /--format csv and --out x\.parquet say two formats: .*\n$/], // prettier-ignore
    ["a trainer's file in Parquet", ["optimum.json", "--format", "nemo", "-o", "x.parquet"], /--out x\.parquet: --format nemo is no table, .*\n$/], // prettier-ignore
    ["an ending that is none", ["fit.json", "--runs", "-o", "x.txt"], /--out x\.txt: its ending is none of a table: name a file in \.csv, \.parquet or \.json, or say --format\n$/], // prettier-ignore
  ] as const)("refuses %s", async (_, words, message) => {
    expect(await run(...words)).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(message) as unknown,
    });
  });
});
