/** `--out x.parquet`: tables are written as Parquet, and what is none is refused. */
import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { Command } from "commander";
import { addFit } from "../../../src/cli/commands/fit.ts";
import { addOptimize } from "../../../src/cli/commands/optimize.ts";
import { addPredict } from "../../../src/cli/commands/predict.ts";
import { addReport } from "../../../src/cli/commands/report.ts";
import { addSimulate } from "../../../src/cli/commands/simulate.ts";
import { rowsFor } from "../../../src/data/write/row-table.ts";
import { readRuns, readTable } from "../../../src/node.ts";
import { laws, openEngine } from "../../../src/node.ts";
import { workplace } from "../command.ts";

const place = workplace();

/** Runs a command in this process, in silence. */
async function run(...words: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  for (const add of [addFit, addOptimize, addPredict, addReport, addSimulate]) add(program);
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockReturnValue(true),
  );
  await program.parseAsync([...words], { from: "user" }).finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
}

describe("a table", () => {
  test("of predictions and of simulated runs is the same in Parquet, JSON and CSV", async () => {
    const shape = ["simulate", "--law", "simple", "--domains", "2", "--mixtures", "4", "--out"];
    for (const ending of ["csv", "parquet", "json"]) await run(...shape, place.path(`runs.${ending}`)); // prettier-ignore
    const runs = await readRuns(place.path("runs.csv"));
    const cells = async (path: string): Promise<unknown> => {
      const { columns } = await readTable(path);
      return [...columns.values()].map(({ name, cells: all }) => [name, [...all].map(Number)]);
    };
    expect(await cells(place.path("runs.parquet"))).toEqual(await cells(place.path("runs.csv")));
    expect(await cells(place.path("runs.json"))).toEqual(await cells(place.path("runs.csv")));
    const engine = await openEngine({ backend: "cpu", threads: 1 });
    const fit = await engine.fit(laws.simple, runs, { restarts: 2, backtest: false });
    await engine.close();
    place.write("fit.json", JSON.stringify(fit));
    for (const ending of ["csv", "parquet"])
      await run("predict", place.path("fit.json"), place.path("runs.csv"), "--out", place.path(`p.${ending}`)); // prettier-ignore
    expect(readFileSync(place.path("p.parquet")).subarray(0, 4).toString()).toBe("PAR1");
    expect(await cells(place.path("p.parquet"))).toEqual(await cells(place.path("p.csv")));
  });

  test("of an optimum and of a path is the same in Parquet as in CSV", async () => {
    const fit = place.path("fit.json");
    const flags = ["--samples", "0", "--backend", "cpu", "--epsilon", "0"];
    for (const [name, scale] of [["one", "--params=1B --tokens=20B"], ["path", "--path params=1e9,2e9 --path tokens=20x"]] as const) {
      for (const ending of ["csv", "parquet"])
        await run("optimize", fit, ...scale.split(" "), ...flags, "--out", place.path(`${name}.${ending}`));
      const [csv, parquet] = [await readTable(place.path(`${name}.csv`)), await readTable(place.path(`${name}.parquet`))];
      expect([...parquet.columns.keys()]).toEqual([...csv.columns.keys()]);
      const shares = (table: typeof csv): unknown[] => [...(table.columns.get(name === "one" ? "weight" : "flops")?.cells ?? [])].map(Number);
      expect(shares(parquet)).toEqual(shares(csv));
      expect(shares(csv)).toHaveLength(2);
    }
    const asJson = ["--params=1B", "--tokens=20B", "--format", "json", "--out", place.path("x.parquet")];
    await expect(run("optimize", fit, ...asJson)).rejects.toThrow(/--format json is no table, .*choose --format csv/);
  }); // prettier-ignore

  test("of rows has a type for each column", async () => {
    const table = { fields: ["law", "x", "mixed", "none"], rows: [["a", 1, 1, null], ["b", null, "x", null]] } as const; // prettier-ignore
    expect(Array.from(await rowsFor("x.json", table)).join("")).toBe(
      '[\n{"law": "a", "x": 1, "mixed": "1", "none": null},\n{"law": "b", "x": null, "mixed": "x", "none": null}\n]\n',
    );
    expect(await rowsFor("x.csv", table)).toBe("law,x,mixed,none\na,1,1,\nb,,x,\n");
  });
});

test.each([
  ["fit", "runs.csv"],
  ["report", "fit.json"],
])("what %s writes is none", async (command, input) => {
  await expect(run(command, place.path(input), "--out", "x.parquet")).rejects.toThrow(
    "--out x.parquet: what is written is no table, which is what Parquet holds",
  );
});
