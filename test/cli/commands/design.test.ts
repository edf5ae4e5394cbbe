/** `mixlaw design`: first runs as a table that fits read, and next runs from a bootstrap. */
import { beforeAll, describe, expect, test } from "vitest";
import { rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const [first, pool, runs, fit] = ["first.csv", "pool.csv", "runs.csv", "fit.json"].map(place.path);
const bare = place.write("bare.csv", "n_params\n1e8\n");

beforeAll(async () => {
  await mixlaw(["simulate", "--law", "additive", "--domains", "a,b,c", "--targets", "1", "--mixtures", "12", "--sizes", "20e6,80e6,320e6", "--tokens", "4e8,1.6e9,6.4e9", "--out", runs]); // prettier-ignore
  await mixlaw(["fit", runs, "--law", "additive", "--bootstrap", "60", "--interval", "percentile", "--restarts", "64", "--backend", "cpu", "--threads", "1", "--out", fit]); // prettier-ignore
  await mixlaw([
    "design",
    "--domains",
    "a,b,c",
    "--flops",
    "5e20",
    "--mixtures",
    "20",
    "--seed",
    "2",
    "--out",
    pool,
  ]);
});

describe("first runs", () => {
  test("are a table with shares, sizes and costs within the budget, the same each time", async () => {
    const args = [
      "design",
      "--domains",
      "web,code",
      "--flops",
      "1e20",
      "--floor",
      "web=10%",
      "--cap",
      "code=0.7",
      "--seed",
      "3",
    ];
    const { code, stdout, stderr } = await mixlaw(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/30 runs of 10 mixtures of 2 domains/);
    const rows = rowsOf(stdout);
    expect(Object.keys(rows[0])).toEqual([
      "mixture_id",
      "run_id",
      "n_params",
      "n_tokens",
      "flops",
      "h_web",
      "h_code",
    ]);
    for (const row of rows) {
      expect(Number(row["flops"])).toBe(6 * Number(row["n_params"]) * Number(row["n_tokens"]));
      expect(Number(row["h_web"]) + Number(row["h_code"])).toBeCloseTo(1, 12);
      expect(Number(row["h_code"])).toBeLessThanOrEqual(0.7);
    }
    expect(rows.reduce((sum, row) => sum + Number(row["flops"]), 0)).toBeLessThanOrEqual(1e20);
    expect((await mixlaw(args)).stdout).toBe(stdout);
  });

  test("go to a file, and the summary to stdout", async () => {
    const { code, stdout } = await mixlaw([
      "design",
      "--domains",
      "a,b,c",
      "--sizes",
      "20M,80M",
      "--ratios",
      "10,40",
      "--runs",
      "12",
      "--out",
      first,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/12 runs of 10 mixtures of 3 domains.*ln N and ln D correlate/);
    expect(rowsOf(place.read("first.csv"))).toHaveLength(12);
  });
});

describe("next runs", () => {
  test("are told with what each leaves open, beside random ones", async () => {
    const out = place.path("next.csv");
    const { code, stdout, stderr } = await mixlaw(["design", fit, "--pool", pool, "--goal", "mixture", "--params", "1B", "--tokens", "20B", "--runs", "3", "--out", out]); // prettier-ignore
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /runs that tell most about the shares of the best mixture at N 1B, D 20B, for their cost · 60 replicates/,
    );
    const rows = rowsOf(place.read("next.csv"));
    expect(rows.map((row) => row["order"])).toEqual(["1", "2", "3"]);
    const candidates = rowsOf(place.read("pool.csv"));
    for (const row of rows) expect(row["h_a"]).toBe(candidates[Number(row["row"]) - 1]["h_a"]);
  });

  test("from a pool in the units of the fit's columns", async () => {
    const file = JSON.parse(place.read("fit.json"));
    const reading = { ...file.data.reading, units: { params: 1e6, tokens: 1e9 } };
    place.write("units.json", JSON.stringify({ ...file, data: { ...file.data, reading } }));
    const rows = rowsOf(place.read("pool.csv")).slice(0, 12);
    const small = rows.map((row) => ({ ...row, n_params: Number(row["n_params"]) / 1e6, n_tokens: Number(row["n_tokens"]) / 1e9 })); // prettier-ignore
    const lines = [Object.keys(small[0]), ...small.map((row) => Object.values(row))];
    place.write("small.csv", lines.map((line) => line.join()).join("\n"));
    const { stdout } = await mixlaw(["design", place.path("units.json"), "--pool", place.path("small.csv"), "--goal", "loss", "--params", "1B", "--tokens", "20B", "--runs", "1", "--json"]); // prettier-ignore
    const [best] = JSON.parse(stdout).chosen;
    expect(best.params).toBeCloseTo(Number(rows[best.row - 1]["n_params"]), 3);
  });

  test("as JSON, by costs of a column", async () => {
    const { stdout } = await mixlaw(["design", fit, "--pool", pool, "--goal", "loss", "--params", "1B", "--tokens", "20B", "--cost", "run_id", "--runs", "1", "--json"]); // prettier-ignore
    // Run 0 costs nothing, which no cost may be.
    expect(stdout).toBe("");
    const found = JSON.parse((await mixlaw(["design", fit, "--pool", pool, "--goal", "loss", "--params", "1B", "--tokens", "20B", "--cost", "n_params", "--runs", "2", "--json"])).stdout); // prettier-ignore
    expect(found).toMatchObject({
      schema: "mixlaw/design@1",
      goal: "loss",
      at: { params: 1e9, tokens: 2e10 },
      replicates: 60,
    });
    const [one, two] = found.chosen;
    expect(two.deviations.objective).toBeLessThan(one.deviations.objective);
    expect(one.deviations.objective).toBeLessThan(found.now.objective.deviation);
    expect(one.cost).toBe(one.params);
  });
});

test.each([
  [["design"], "say what the runs may cost in all with --flops, or which --sizes to train"],
  [["design", "--pool", "x.csv"], "--pool chooses next runs, for which a fit file is needed"],
  [["design", fit, "--flops", "1e20"], "--flops plans first runs, without a fit"],
  [["design", fit, "--goal", "loss"], "--pool names the table of candidate runs"],
  [["design", fit, "--pool", pool], "--goal says what to know better: mixture, loss or points"],
  [
    ["design", fit, "--pool", pool, "--goal", "loss"],
    "needs the params of the run to plan: give --params",
  ],
  [
    [
      "design",
      fit,
      "--pool",
      pool,
      "--goal",
      "mixture",
      "--params",
      "1B",
      "--tokens",
      "20B",
      "--cost",
      "flosp",
    ],
    'has no such column; did you mean "flops"?',
  ],
  [
    ["design", fit, "--pool", bare, "--goal", "loss", "--params", "1B", "--tokens", "20B"],
    "bare.csv has no columns n_tokens, h_",
  ],
  [
    ["design", "--domains", "a,b", "--flops", "many"],
    '--flops is "many"; it must be a positive number',
  ],
])("%j", async (args, message) => {
  const { code, stdout, stderr } = await mixlaw(args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
});
