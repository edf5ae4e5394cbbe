import { LOSSES } from "../../src/expr/loss.ts";
import { describe, expect, test } from "vitest";
import { workplace } from "./command.ts";
import { mixlaw } from "./run-here.ts";

const place = workplace();
const table = (rows: readonly string[]): string =>
  ["n_params,n_tokens,h_a,h_b,loss_a", ...rows, ""].join("\n");
const good = Array.from(
  { length: 12 },
  (_, i) => `${(i + 1) * 1e6},${(12 - i) * 1e8},0.${i + 10},0.${90 - i},${3 - i / 10}`,
);

/** One line (and carets) that begins with the command's name; no stack, nothing on stdout. */
async function refuses(arguments_: readonly string[], says: RegExp): Promise<void> {
  const { code, stdout, stderr } = await mixlaw(arguments_, { cwd: place.path(".") });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^mixlaw: /);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node:|internal error/);
}

describe("bad input is one clear line and exit code 1:", () => {
  place.write("runs.csv", table(good));

  test.each([
    [
      "a missing column",
      ["fit", "runs.csv", "--params", "n_parms"],
      /no column "n_parms"; did you mean "n_params"\?\n$/,
    ],
    [
      "an unknown law",
      ["fit", "runs.csv", "--law", "jiont"],
      /no law "jiont"; did you mean "joint"\? The laws are: .*additive.*\n$/,
    ],
    [
      "an unknown law of each phase by itself",
      ["laws", "epoch-by-phase"],
      /no law "epoch-by-phase"; did you mean "epochs-by-phase"\? The laws are: .*\n$/,
    ],
    [
      "no rows after --where",
      ["fit", "runs.csv", "--where", "n_params > 1e12"],
      /matches none of the 12 rows of runs.csv: n_params is .*\n$/,
    ],
    [
      "a broken --where",
      ["fit", "runs.csv", "--where", "n_params >> 3"],
      /--where: .*\n {2}n_params >> 3\n +\^\n$/,
    ],
    [
      "a file that is not there",
      ["fit", "rums.csv"],
      /there is no file rums.csv; did you mean "runs.csv"\?\n$/,
    ],
    ["a folder", ["fit", "."], /is a directory.*\n$/],
    ["another kind of file", ["fit", "runs.xlsx"], /runs.xlsx.*\n$/],
    [
      "an --out in no folder",
      ["fit", "runs.csv", "--out", "no/fit.json"],
      /--out no\/fit.json: there is no folder no: make it first\n$/,
    ],
    ["an --out that is a folder", ["fit", "runs.csv", "--out", "."], /--out .: is a folder.*\n$/],
    [
      "an --out that is the input",
      ["fit", "runs.csv", "--out", "runs.csv"],
      /is the file that is read.*\n$/,
    ],
    [
      "an unknown flag",
      ["fit", "runs.csv", "--restart", "3"],
      /unknown option '--restart'; did you mean --restarts\?\n$/,
    ],
    ["an unknown command", ["fti"], /there is no command "fti"; did you mean "fit"\?\n$/],
    [
      "a job file without its command",
      ["my job.yaml"],
      /"my job\.yaml" is no command: for a file write "mixlaw run 'my job\.yaml'"\n$/,
    ],
    ["help for an unknown command", ["help", "fti"], /no command "fti"; did you mean "fit"\?\n$/],
    [
      "no file",
      ["fit"],
      /missing required argument 'RUNS'; "mixlaw fit --help" shows how it is used\n$/,
    ],
    [
      "--restarts 0",
      ["fit", "runs.csv", "--restarts", "0"],
      /--restarts is "0"; it must be a whole number, 1 or more\n$/,
    ],
    ["--restarts many", ["fit", "runs.csv", "--restarts", "many"], /--restarts is "many".*\n$/],
    ["--delta 0", ["fit", "runs.csv", "--delta", "0"], /--delta is 0; .*\n$/],
    ["--seed 1.5", ["fit", "runs.csv", "--seed", "1.5"], /--seed is "1\.5"; .*\n$/],
    [
      "--loss l1",
      ["fit", "runs.csv", "--loss", "l1"],
      new RegExp(`--loss is "l1"; it must be one of ${LOSSES.join(", ")}\\n$`),
    ],
    ["--residual rel", ["fit", "runs.csv", "--residual", "rel"], /--residual is "rel"; .*\n$/],
    ["--signs any", ["fit", "runs.csv", "--signs", "any"], /--signs is "any"; .*\n$/],
    [
      "--backend gpu",
      ["fit", "runs.csv", "--backend", "gpu"],
      /--backend is "gpu"; it must be one of auto, webgpu, cpu\n$/,
    ],
    ["--threads 0", ["fit", "runs.csv", "--threads", "0"], /--threads is "0"; .*\n$/],
    [
      "--input without a column",
      ["fit", "runs.csv", "--input", "sparsity="],
      /--input is "sparsity="; write it name=COLUMN.*\n$/,
    ],
    ["--progress loud", ["fit", "runs.csv", "--progress", "loud"], /--progress is "loud"; .*\n$/],
    [
      "laws: an unknown name",
      ["laws", "chinchila"],
      /no law "chinchila"; did you mean "chinchilla"\?.*\n$/,
    ],
    [
      "simulate: a domain twice",
      ["simulate", "--domains", "a,b,a"],
      /--domains: "a" is named twice\n$/,
    ],
    ["simulate: a size of 0", ["simulate", "--sizes", "1e6,0"], /--sizes: 0 is no count.*\n$/],
    ["simulate: noise below 0", ["simulate", "--noise", "-1"], /--noise is "-1"; .*\n$/],
  ] as const)("%s", (_, arguments_, says) => refuses(arguments_, says));

  test("weights that sum to 0.9", async () => {
    place.write("sum.csv", table([...good, "5e6,1e9,0.4,0.5,3"]));
    await refuses(
      ["fit", "sum.csv"],
      /sum.csv, data row 13: the weights .* sum to 0.9, not to 1 .*\n$/,
    );
  });

  test("text in a number", async () => {
    place.write("text.csv", table([...good, "large,1e9,0.5,0.5,3"]));
    await refuses(
      ["fit", "text.csv"],
      /text.csv, data row 13, column "n_params": "large" is not a finite number.*\n$/,
    );
  });

  test("a single row", async () => {
    place.write("one.csv", table(good.slice(0, 1)));
    await refuses(
      ["fit", "one.csv", "--backend", "cpu"],
      /loss_a has 1 row to fit, but the law additive .*\n$/,
    );
  });

  test("an empty file", async () => {
    place.write("empty.csv", "");
    await refuses(["fit", "empty.csv"], /empty.csv is empty.*\n$/);
  });

  test("what is no fit file", async () => {
    place.write("broken.json", "{");
    place.write("list.json", "[1]");
    place.write("newer.json", `{"schema": "mixlaw/fit@9"}`);
    place.write("optimum.json", `{"schema": "mixlaw/optimum@1"}`);
    place.write("damaged.json", `{"schema": "mixlaw/fit@2", "version": "0.1.0"}`);
    const predict = (file: string): string[] => ["predict", file, "runs.csv"];
    await refuses(predict("absent.json"), /absent.json is not there.*\n$/);
    await refuses(predict("runs.csv"), /runs.csv is no JSON file.*\n$/);
    await refuses(predict("broken.json"), /broken.json is no JSON file.*\n$/);
    await refuses(predict("list.json"), /list.json is JSON, but no fit file.*\n$/);
    await refuses(
      predict("newer.json"),
      /newer.json is a fit file of another version \(mixlaw\/fit@9; .*, or a newer one\n$/,
    );
    await refuses(predict("optimum.json"), /optimum.json is a "mixlaw\/optimum@1" file.*\n$/);
    await refuses(predict("damaged.json"), /damaged.json is damaged: it needs "data"; .*\n$/);
  });
});

test("an error nobody foresaw is told as a bug, with its stack only on demand", async () => {
  const long = `${"x".repeat(300)}.csv`; // no operating system takes such a name
  const { code, stderr } = await mixlaw(["fit", long]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^mixlaw: internal error: .*please report this \(MIXLAW_DEBUG=1 shows where\)\n$/,
  );
  expect((await mixlaw(["fit", long], { env: { MIXLAW_DEBUG: "1" } })).stderr).toMatch(
    /\n\s+at |\n.*ENAMETOOLONG/,
  );
});
