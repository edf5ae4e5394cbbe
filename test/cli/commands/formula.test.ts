import { expect, test } from "vitest";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const cwd = place.path(".");
const rows = Array.from({ length: 40 }, (_, i) => {
  const [n, d, s] = [1e7 * (1 + (i % 5)), 1e9 * (1 + (i % 8)), (i % 4) / 5];
  return [n, d, s, 1.5 + 300 / n ** 0.4 + 2000 / d ** 0.42 - 0.2 * s].join();
});
place.write("runs.csv", ["n_params,n_tokens,sparsity,loss_a", ...rows, ""].join("\n"));

test("formulas beside laws, their file predicts", async () => {
  const formula = "L = E + A/params^alpha + B/tokens^beta - c*max(sparsity, 0)";
  const fitted = await mixlaw(
    [
      "fit",
      "runs.csv",
      "--law",
      `chinchilla,${formula}`,
      "--input",
      "sparsity",
      "--restarts",
      "32",
      "--backend",
      "cpu",
      "--threads",
      "1",
      "--out",
      "fit.json",
    ],
    { cwd },
  );
  expect(fitted.code, fitted.stderr).toBe(0);
  expect(fitted.stdout).toContain("formula");
  const file = JSON.parse(place.read("fit.json"));
  expect(file.fits.map((fit: { law: string }) => fit.law)).toEqual(["chinchilla", "formula"]);
  expect(file.fits[1].parameters).toMatchObject({
    c: expect.closeTo(0.2, 4),
    alpha: expect.closeTo(0.4, 3),
  });
  expect(file.definitions.formula.formula).toBe(formula);

  const predicted = await mixlaw(["predict", "fit.json", "runs.csv", "--law", "formula"], { cwd });
  expect(predicted.code, predicted.stderr).toBe(0);
  expect(predicted.stderr).toMatch(/formula, loss_a: mean relative error \S+e-1\d %/);
});

test("other inputs are mapped when predicting too, and told where they are extrapolated", async () => {
  place.write("points.csv", "n_params,n_tokens,idle\n2e7,2e9,0.4\n2e7,2e9,0.9\n");
  const { code, stdout, stderr } = await mixlaw(
    ["predict", "fit.json", "points.csv", "--law", "formula", "--input", "sparsity=idle"],
    {
      cwd,
    },
  );
  expect(code, stderr).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(3);
  expect(stderr).toMatch(
    /1 point of 2 outside the range of the training runs \(0 to 0.6 sparsity\), as far as 0.9: extrapolated/,
  );
});

test("law files", async () => {
  place.write(
    "mine.yaml",
    "name: mine\nformula: L = E + B/tokens^beta\nparameters:\n  beta: { start: [0.3, 0.5] }\n",
  );
  const { code, stdout, stderr } = await mixlaw(
    [
      "fit",
      "runs.csv",
      "--law-file",
      "mine.yaml",
      "--restarts",
      "16",
      "--backend",
      "cpu",
      "--threads",
      "1",
      "--json",
    ],
    { cwd },
  );
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).fits).toMatchObject([
    { law: "mine", formula: "L = E + B/tokens^beta" },
  ]);
});

test.each([
  ["a column that is used as a parameter", ["--law", "E + c*sparsity"], /"sparsity" in E \+ c\*sparsity would be a parameter, and runs.csv has a column of that name: say --input sparsity/],
  ["an input without a column", ["--law", "E + c*s", "--input", "s=sparsty"], /no column "sparsty"; did you mean "sparsity"\?/],
  ["a broken formula", ["--law", "E + A/params^"], /^mixlaw: --law: expected a number, a name or a bracket\n {2}E \+ A\/params\^\n/],
  ["code", ["--law", "process.exit()"], /^mixlaw: --law: a formula has no objects, no properties and no methods/],
  ["a law file that is not there", ["--law-file", "none.yaml"], /none.yaml is not there/],
  ["a row without a value", ["--law", "E + c/s", "--input", "s=sparsity"], /runs.csv, data row 1: s is 0, and c\/s in the law formula needs it other than 0/],
])("%s is one clear error", async (_, flags, says) => {
  const { code, stdout, stderr } = await mixlaw(["fit", "runs.csv", ...flags, "--backend", "cpu"], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(says);
}); // prettier-ignore
