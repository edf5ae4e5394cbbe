/** `mixlaw fit` for tables that have nothing to do with training runs, and for NIST's files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { BOXBOD } from "../../support/nist.ts";
import { startMixlaw } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-"));
afterAll(() => rmSync(folder, { recursive: true }));
const here = { cwd: folder };
const CPU = ["--backend", "cpu", "--threads", "1", "--progress", "none"];
// y = 3·exp(−0.5 t) and small errors
const rows = Array.from({ length: 12 }, (_, i) => [
  0.5 * i,
  3 * Math.exp(-0.25 * i) * (1 + 0.01 * ((i % 3) - 1)),
  i < 6 ? 1 : 2,
]);
writeFileSync(join(folder, "decay.csv"), `t,y,w\n${rows.map((row) => row.join()).join("\n")}\n`);
writeFileSync(join(folder, "starts.csv"), "a,b\n1,1\n2,0.1\n");
writeFileSync(join(folder, "BoxBOD.dat"), BOXBOD);

const run = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await mixlaw(args, here);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
};
const fit = async (...args: string[]): Promise<FitFile> =>
  JSON.parse(await run("fit", "decay.csv", ...CPU, "--json", ...args)) as FitFile;

test.each([
  ["fit", "decay.csv", ...CPU, "--formula", "y = a*exp(-b*t)", "--range", "a=0:10", "--json"],
  ["fit", "decay.csv", ...CPU, "--formula", "y = a*exp(-b*"],
  ["fit"],
])("%s %s: the command that is started says what it says here", async (...words) => {
  const [started, result] = [await startMixlaw(words, here), await mixlaw(words, here)];
  const untimed = (text: string): string => text.replace(/"timing": \{[^}]*\}/g, "");
  expect({ ...started, stdout: untimed(started.stdout) }).toEqual({
    ...result,
    stdout: untimed(result.stdout),
  });
});

describe("--formula", () => {
  test("fits any table, by squared loss, with standard errors; predict reads the file", async () => {
    const text = await run(
      "fit",
      "decay.csv",
      ...CPU,
      "--formula",
      "y = a*exp(-b*t)",
      "--range",
      "a=0:10",
      "--out",
      "fit.json",
    );
    expect(text).toMatch(/12 rows fitted · 1 target/);
    expect(text).toMatch(/squared loss/);
    expect(text).toMatch(/^target +a +b +residual sd +df$/m);
    const [{ parameters, standardErrors, degreesOfFreedom }] = (
      JSON.parse(readFileSync(join(folder, "fit.json"), "utf8")) as FitFile
    ).fits;
    expect(Number(parameters["a"])).toBeCloseTo(3, 1);
    expect(Number(parameters["b"])).toBeCloseTo(0.5, 1);
    expect(standardErrors?.["b"]).toBeGreaterThan(0);
    expect(degreesOfFreedom).toBe(10);
    const { stdout } = await mixlaw(["predict", "fit.json", "decay.csv"], here);
    const [names, first] = stdout.split("\n").map((line) => line.split(","));
    const predicted = Number(first[names.indexOf("pred_y")]);
    expect(predicted / Number(parameters["a"])).toBeCloseTo(1, 12);
  });

  test("of a transformed response fits that; starts come from a table", async () => {
    const [{ target, parameters, search }] = (
      await fit(
        "--formula",
        "log(y) = log(a) - b*t",
        "--start",
        "starts.csv",
        "--bounds",
        "a=0.01:",
      )
    ).fits;
    expect(target).toBe("log(y)");
    expect(search).toMatchObject({ starts: 2, origin: "given" });
    expect(Number(parameters["a"])).toBeCloseTo(3, 1);
  });

  test("--response names the column, --inputs what is read; weights and held parameters go with it", async () => {
    const file = await fit(
      "--formula",
      "a*exp(-b*t)",
      "--response",
      "y",
      "--inputs",
      "t",
      "--row-weights",
      "w",
      "--fix",
      "b=0.5",
    );
    expect(file.settings).toMatchObject({ loss: "squared", fix: { b: 0.5 } });
    expect(file.fits[0].standardErrors?.["b"]).toBeNull();
  });
});

describe("--nist", () => {
  test("prints digits by parameter and start, from the header's model or a formula", async () => {
    for (const formula of [[], ["--formula", "y = b1*(1 - exp(-b2*x))"]]) {
      const text = await run("fit", "--nist", "BoxBOD.dat", ...CPU, ...formula);
      expect(text).toMatch(/^BoxBOD {2}y = b1/);
      expect(text).toMatch(/^b1 +2\.1380940889e2 +2\.1380940889e2 +1[01]\.\d /m);
      for (const from of ["Start 1", "Start 2", "random \\(\\d+\\)"])
        expect(text).toMatch(new RegExp(`^${from} +1[01]\\.\\d +\\d+\\.\\d +1\\.00000`, "m"));
    }
  });

  test("as JSON", async () => {
    const found = JSON.parse(
      await run("fit", "--nist", "BoxBOD.dat", ...CPU, "--json", "--restarts", "16"),
    ) as {
      schema: string;
      problem: string;
      results: { from: number | string; digits: number }[];
    };
    expect(found).toMatchObject({ schema: "mixlaw/nist@1", problem: "BoxBOD" });
    expect(found.results.map(({ from }) => from)).toEqual([1, 2, "data", "random"]);
    expect(Math.min(...found.results.map(({ digits }) => digits))).toBeGreaterThan(9);
  });
});

test.each<[readonly string[], RegExp]>([
  [["fit"], /missing required argument 'RUNS'/],
  [["fit", "--nist", "BoxBOD.dat", "decay.csv"], /has its own data: leave decay.csv out/],
  [["fit", "--nist", "BoxBOD.dat", "--law", "additive"], /--law has no meaning with --nist/],
  [["fit", "--nist", "decay.csv"], /decay.csv: its header has no "Starting Values/],
  [["fit", "decay.csv", "--formula", "a*exp(-b*t)"], /which column is the response\?/],
  [["fit", "decay.csv", "--formula", "z = a*exp(-b*t)"], /has no column "z"/],
  [
    ["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--law", "additive"],
    /--formula and --law both/,
  ],
  [["fit", "decay.csv", "--response", "y", "--targets", "y"], /--response and --targets both/],
  [
    ["fit", "decay.csv", "--formula", "log(t) = a - b*y"],
    /data row 1, column "t": log\(t\) of 0 is no finite number/,
  ],
  [
    ["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--start", "a=1"],
    /--start gives no value for b/,
  ],
  [
    ["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--start", "a=1,b=x"],
    /--start has "b=x"; write it like/,
  ],
  [
    ["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--fix", "a"],
    /--fix has "a"; write it like alpha=0.34/,
  ],
  [
    ["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--bounds", "a=3:1"],
    /--bounds a=3:1: the first must be below the second/,
  ],
  [["fit", "decay.csv", "--formula", "y = a*exp(-b*t)", "--fix", "a=1,a=2"], /--fix names a twice/],
])("%s is refused in a line", async (args, message) => {
  const { code, stderr } = await mixlaw([...args], here);
  expect([code, stderr.trim().split("\n").length <= 3]).toEqual([1, true]);
  expect(stderr).toMatch(message);
});
