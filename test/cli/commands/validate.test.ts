import { beforeAll, expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import type { Validation } from "../../../src/validate/validation.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const here = { cwd: place.path(".") };
const QUICK = ["--backend", "cpu", "--threads", "1", "--restarts", "8", "--seed", "3"] as const;
const run = (...words: string[]): ReturnType<typeof mixlaw> =>
  mixlaw(["validate", "runs.csv", ...QUICK, ...words], here);

beforeAll(async () => {
  const words =
    "simulate --domains web,code --targets web,code --sizes 3e7,1e8,4e8 --mixtures 12 --checkpoints 2 --noise 0.002 --seed 5 --out runs.csv";
  expect(await mixlaw(words.split(" "), here)).toMatchObject({ code: 0 });
});

test("ranks laws by folds of mixtures, within 110 columns", async () => {
  const { code, stdout } = await run(
    "--law",
    "chinchilla,additive",
    "--folds",
    "3",
    "--curve",
    "mixtures",
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^runs\.csv\n72 rows · 2 targets · held out: 3 folds of 12 mixtures\nCPU: /,
  );
  expect(stdout).toMatch(
    /^law +parameters +MRE % +behind, 95 % interval +RMSE +Spearman +R² +regret$/m,
  );
  expect(stdout).toMatch(/^additive +9 +0\.\d{3} .*\nchinchilla +5 +\d\.\d{3} +\+\d/m);
  expect(stdout).toMatch(/^mean per size +3 +\d+\.\d{3} +\+\d/m);
  expect(stdout).toMatch(/^constant +1 +\d+\.\d{3} +\+\d/m);
  expect(stdout).toMatch(
    /^Use additive: it predicts the rows held out better than each other law does/m,
  );
  expect(stdout).toMatch(
    /^AICc and BIC are left out: rows of one group, or of equal N and shares/m,
  );
  expect(stdout).toMatch(/^mixtures +additive +chinchilla\n─+\n +5 +\d/m);
  expect(stdout.split("\n").filter((line) => line.length > 110)).toEqual([]);
});

test("--by largest, --json, --out as JSON and CSV; the same twice", async () => {
  const words = ["--law", "additive", "--by", "largest:n_params"];
  const printed = (await run(...words, "--json", "--out", "v.json")).stdout;
  expect(place.read("v.json")).toBe(printed);
  const found = JSON.parse(printed) as Validation;
  expect(found).toMatchObject({
    schema: "mixlaw/validation@1",
    by: "largest",
    column: "n_params",
    folds: 1,
    laws: [{ law: "additive" }],
  });
  const again = JSON.parse((await run(...words, "--json")).stdout) as Validation;
  expect({ ...again, timing: {} }).toEqual({ ...found, timing: {} });
  expect((await run(...words, "--out", "v.csv")).code).toBe(0);
  expect(place.read("v.csv")).toMatch(
    /^law,target,rows,mre_percent,rmse,r2,spearman,regret\nadditive,loss_web,24,/,
  );
});

test("held-out test rows, and what cannot be done", async () => {
  const { stdout } = await run("--law", "additive,bimix", "--test", "n_params > 3e8");
  expect(stdout).toMatch(/^bimix +\d/m);
  expect(stdout).toMatch(/held out: 24 test rows/);
  expect(await run("--by", "largest:")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/--by largest: names no column/) as unknown,
  });
  expect(await run("--by", "nothing")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no column "nothing"/) as unknown,
  });
  expect(await run("--by", "test")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no test rows to validate on/) as unknown,
  });
  // One size says nothing of α: what `fit` says of such a fit goes for validate.
  const poor = ["--law", "joint", "--where", "n_params < 4e7"];
  const { code } = await mixlaw(["fit", "runs.csv", ...QUICK, ...poor], here);
  expect(await run(...poor)).toMatchObject({ code });
});

test("a learning curve as CSV beside the scores, and the flags of fit", async () => {
  const words = ["--law", "additive", "--folds", "2", "--curve", "mixtures", "--out", "scores.csv"];
  const { code, stdout } = await run(...words, "--fix", "alpha=0.3", "--row-weights", "n_params");
  expect(code).toBe(0);
  expect(stdout).toMatch(/Wrote scores\.csv and scores-curve\.csv\./);
  expect(stdout).toMatch(/^additive +8 /m);
  expect(place.read("scores-curve.csv")).toMatch(
    /^law,mixtures,mre_percent,quartile_low,quartile_high\nadditive,5,\d/,
  );
  const formula = await run("--law", "L = E + A/params^alpha + B/tokens^beta", "--folds", "3");
  expect(formula).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/3 folds of 12 mixtures[^]*^formula +5 /m) as unknown,
  });
  const starts = [
    "--law",
    "L = E + A/params^alpha",
    "--folds",
    "3",
    "--start",
    "E=2,A=1e3,alpha=0.4",
  ];
  const started = await mixlaw(
    ["validate", "runs.csv", "--backend", "cpu", "--threads", "1", ...starts],
    here,
  );
  expect(started).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^formula +3 /m) as unknown,
  });
  expect((await run("--law", "chinchilla", "--by", "row")).stdout).toMatch(/5 folds of 72 rows/);
  const general = await run("--formula", "loss_web = a + b*(n_params/1e8)^c", "--folds", "3");
  expect(general).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^formula +3 /m) as unknown,
  });
  expect(await run("--law", "additive", "--fix", "alfa=0.3")).toMatchObject({ code: 1, stderr: expect.stringMatching(/--fix: there is no parameter alfa/) as unknown }); // prettier-ignore
});

test("CSV with a name that spreadsheets would run is refused, before the work", async () => {
  place.write("odd.csv", place.read("runs.csv").replace("loss_code", "=cmd"));
  const words = [
    "validate",
    "odd.csv",
    ...QUICK,
    "--law",
    "additive",
    "--targets",
    '"=cmd",loss_web',
  ];
  const { code, stderr, stdout } = await mixlaw([...words, "--out", "odd-scores.csv"], here);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^mixlaw: --out: the name "=cmd" would be run as a formula by spreadsheets/,
  );
});

test("few clusters are told", async () => {
  const { stdout } = await run("--law", "chinchilla,additive", "--by", "n_params", "--folds", "3");
  expect(stdout).toMatch(
    /The rows held out are of 3 clusters of rows that share their errors: the intervals are rough\./,
  );
});

test("--choose records the law to use in a fit file, --at the error to expect", async () => {
  const words = ["fit", "runs.csv", ...QUICK, "--law", "simple,additive", "--out", "fit.json"];
  expect(await mixlaw(words, here)).toMatchObject({ code: 0 });
  const chosenIn = (): FitFile["chosen"] => (JSON.parse(place.read("fit.json")) as FitFile).chosen;
  expect(chosenIn()).toMatchObject({ by: "back-tests" });
  const chosen = await run(
    ..."--law chinchilla,additive --folds 3 --choose fit.json --at params=2e9,tokens=4e10".split(
      " ",
    ),
  );
  expect(chosen.code, chosen.stderr).toBe(0);
  expect(chosenIn()).toMatchObject({ law: "additive", by: "validation", alike: ["additive"] });
  expect(chosen.stderr).toMatch(/fit\.json uses additive where no law is asked for/);
  expect(chosen.stdout).toMatch(/^Error to expect of a new run there \(e\^\d\.\d\d times beyond/m);
  const refused = await run("--law", "additive", "--at", "params=big");
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toMatch(/--at: params=big is no count/);
});
