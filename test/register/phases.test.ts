/** A plan of runs with phases, registered and checked by the commands. */
import { expect, test } from "vitest";
import type { Plan, PlanCheck } from "../../src/node.ts";
import { workplace } from "../cli/command.ts";
import { mixlaw } from "../cli/run-here.ts";

const { path, read, write } = workplace();
const cwd = path("");

/** A row by the shares of web in both phases, of which the first has 80 % of the tokens. */
const row = (size: number, main: number, anneal: number, loss: number): string =>
  [size, 20 * size, main, 1 - main, anneal, 1 - anneal, loss].join();
const table = (rows: readonly string[]): string =>
  ["n_params,n_tokens,main_web,main_code,anneal_web,anneal_code,loss_a", ...rows].join("\n");

test("runs with phases are found in a plan of their fit", async () => {
  const trained = Array.from({ length: 24 }, (_, i) => {
    const [main, anneal] = [(i % 5) / 5 + 0.1, (i % 7) / 7 + 0.05];
    const loss = 2 + 0.5 * Math.exp(-2 * (0.8 * main + 0.2 * anneal)) + 0.002 * Math.sin(i);
    return row([1e8, 3e8][i % 2] ?? 0, main, anneal, loss);
  });
  write("runs.csv", table(trained));
  const words = "--phases main=0.8,anneal=rest --law mixture --restarts 8 --backend cpu --out fit.json"; // prettier-ignore
  await mixlaw(["fit", "runs.csv", ...words.split(" ")], { cwd });
  const optimize = "optimize fit.json --params 1e9 --tokens 2e10 --samples 0 --backend cpu --register plan.json"; // prettier-ignore
  const { stderr } = await mixlaw(optimize.split(" "), { cwd });
  expect(stderr).toBe("");

  const { data, points } = JSON.parse(read("plan.json")) as Plan;
  expect(data.columns).toEqual({ phases: { main: 0.8, anneal: "rest" } });
  const shares = points[0]?.mixtures[0]?.weights ?? {};
  const [main, anneal] = [shares["main/web"], shares["anneal/web"]];
  write("new.csv", table([row(1e9, main / 0.8, Math.min(1, anneal / 0.2), 2.1)]));
  const checked = await mixlaw(["check", "plan.json", "new.csv", "--json"], { cwd });
  expect(checked.stderr).toBe("");
  expect((JSON.parse(checked.stdout) as PlanCheck).losses).toMatchObject([{ target: "loss_a" }]);
});
