/** `mixlaw optimize --register` and `mixlaw check`: files, exit codes, what is printed. */
import { beforeAll, describe, expect, test } from "vitest";
import type { PlanCheck } from "../../../src/register/plan-check.ts";
import type { Plan } from "../../../src/register/plan.ts";
import { FILE, hashed, planOf, runOf } from "../../register/fixture.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const { path, read, write } = workplace();
const cwd = path("");
const PLAN = planOf({ base: { additive: 2, joint: 1.9 }, code: { additive: 1.95, joint: 2.05 } });

/** Runs of the plan's two mixtures. */
function table(...losses: readonly number[]): string {
  const rows = losses.map((loss, n) => Object.values(runOf(n, loss, 2)).join());
  return [Object.keys(runOf(0, 2, 2)).join(), ...rows].join("\n");
}

beforeAll(() => {
  write("fit.json", JSON.stringify(FILE));
  write("plan.json", JSON.stringify(PLAN));
  write("now.csv", "name,h_d0,h_d1,h_d2\nnow,0.2,0.3,0.5\n");
});

const optimize = (...words: readonly string[]) =>
  mixlaw(["optimize", "fit.json", "--law", "additive", "--params", "7B", "--tokens", "150B", "--samples", "0", "--backend", "cpu", ...words], { cwd }); // prettier-ignore

test("a plan is written with its hash, and no other takes its place", async () => {
  const { stdout, stderr } = await optimize("--candidates", "now.csv", "--register", "new.json");
  const { sha256, points } = JSON.parse(read("new.json")) as Plan;
  expect(stdout, stderr).toContain(sha256);
  expect(points[0]?.mixtures.map(({ name }) => name)).toEqual(["optimum", "now"]);
  const again = await optimize("--register", "new.json");
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("--register new.json: is there and says otherwise");
  expect(JSON.parse(read("new.json"))).toMatchObject({ sha256 });
});

describe("mixlaw check", () => {
  test("exits with 0 where every loss lies inside, and prints what it compared", async () => {
    write("in.csv", table(2.005, 1.965));
    const { code, stdout, stderr } = await mixlaw(["check", "plan.json", "in.csv", "--hash", PLAN.sha256], { cwd }); // prettier-ignore
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/base +1 +loss_x +2\.0000 +1\.9700 +2\.0300 +2\.0050 +inside/);
    expect(stdout).toMatch(/1B +20B +code +1 +1\.9650 +0\.0000 +1\.9500 +2\.0500/);
    expect(stdout).toContain("losses inside of the intervals of each level");
    expect(stdout).toMatch(/additive +all +1 of 2 +2 of 2 +2 of 2/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("predicted code to be the best, and it was");
  });

  test("exits with 2 where one lies outside", async () => {
    write("out.csv", table(2.5, 1.96));
    const { code, stdout } = await mixlaw(["check", "plan.json", "out.csv", "--json"], { cwd });
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as PlanCheck).verdict.status).toBe("outside");
  });

  test("reads columns in the units that the fit had them in", async () => {
    const columns = { params: "size", units: { params: 1e6, tokens: 1e9 } };
    write("units.json", JSON.stringify(hashed({ ...PLAN, data: { ...PLAN.data, columns } })));
    const { n_params, n_tokens, ...others } = runOf(0, 2.005, 2);
    const row = { size: Number(n_params) / 1e6, n_tokens: Number(n_tokens) / 1e9, ...others };
    write("units.csv", [Object.keys(row).join(), Object.values(row).join()].join("\n"));
    const { code, stdout, stderr } = await mixlaw(["check", "units.json", "units.csv"], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("1 of 1 run registered");
    const absolute = { ...row, n_tokens };
    write("absolute.csv", [Object.keys(row).join(), Object.values(absolute).join()].join("\n"));
    const other = await mixlaw(["check", "units.json", "absolute.csv"], { cwd });
    expect(other.stderr).toContain("say --units tokens=1 if this one counts by itself");
  });

  test("exits with 1 for a plan that was changed", async () => {
    write("in.csv", table(2.005, 1.965));
    write("changed.json", JSON.stringify({ ...PLAN, level: 0.8 }));
    const { code, stderr } = await mixlaw(["check", "changed.json", "in.csv"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("changed.json was changed after it was registered");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
