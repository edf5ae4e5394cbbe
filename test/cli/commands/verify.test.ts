import { beforeAll, describe, expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import type { Verification } from "../../../src/verify/verification.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const { path, read, write } = workplace();
const cwd = path("");

/** Runs with names that lists and shells would like to read otherwise. */
function table(
  loss = (row: number): number => 2 + 0.3 * ((row % 5) / 5) + 0.01 * Math.sin(row),
): string {
  const rows = Array.from({ length: 20 }, (_, i) => [(i % 5) / 5, 1 - (i % 5) / 5, loss(i), i % 4]);
  return ["h_web,\"h_a,b\",\"loss_x,y\",part", ...rows.map((row) => row.join())].join("\n"); // prettier-ignore
}

beforeAll(async () => {
  write("runs.csv", table());
  const { code, stderr } = await mixlaw(
    ["fit", "runs.csv", "--law", "linear", "--test", "part == 3", "--restarts", "8", "--backend", "cpu", "--out", "fit.json"], // prettier-ignore
    { cwd },
  );
  expect(code, stderr).toBe(0);
});

describe("mixlaw verify", () => {
  test("exits with 0 where all comes out the same", async () => {
    const { code, stdout } = await mixlaw(["verify", "fit.json", "runs.csv"], { cwd });
    expect(stdout).toContain("the fit comes out the same, to the last digit");
    expect(code).toBe(0);
  });

  test("exits with 2 where a cell changed and a number was edited, and says which", async () => {
    const file = JSON.parse(read("fit.json")) as FitFile;
    const [fit] = file.fits;
    write("edited.json", JSON.stringify({ ...file, fits: [{ ...fit, objective: 1 }] }));
    write("other.csv", table((row) => (row === 6 ? 2.5 : 2 + 0.3 * ((row % 5) / 5) + 0.01 * Math.sin(row)))); // prettier-ignore
    const { code, stdout } = await mixlaw(["verify", "edited.json", "other.csv", "--out", "v.json"], { cwd }); // prettier-ignore
    expect(code).toBe(2);
    expect(stdout).toMatch(/7 +loss_x,y +2\.\d+ +2\.5/);
    expect(stdout).toMatch(/linear +loss_x,y +objective +1 /);
    const { verdict } = JSON.parse(read("v.json")) as Verification;
    expect(verdict.findings.map(({ code: claim }) => claim)).toEqual(["table-changed", "numbers-differ"]); // prettier-ignore
  });

  test("exits with 1 where nothing can be repeated", async () => {
    write("less.csv", "h_web,loss_z\n1,2\n");
    const { code, stderr } = await mixlaw(["verify", "fit.json", "less.csv"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("this is not the table that was fitted");
    expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
  });
});
