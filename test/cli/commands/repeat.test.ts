/** The commands that a report gives repeat the files that it is made of, to the last digit. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import type { CommandLine } from "../../../src/words/command-line.ts";
import { fitCommand } from "../../../src/words/fit-command.ts";
import { optimizeCommand } from "../../../src/words/optimize-command.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const { path, read, write } = workplace();
const cwd = path("");

/** Runs a command line as a shell reads it, and reads the file that it writes. */
async function repeat({ line, files }: CommandLine, out: string): Promise<unknown> {
  for (const { name, text } of files) write(name, text);
  const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  const [command, ...words] = stdout.split("\0").slice(0, -1);
  expect(command).toBe("mixlaw");
  const { code, stderr } = await mixlaw(words, { cwd });
  // A fit or an optimum that is not to be relied on is repeated too.
  expect([0, 2], stderr).toContain(code);
  return JSON.parse(read(out));
}

/** Runs of two domains with names that lists and shells would like to read otherwise. */
function table(): string {
  const rows = Array.from({ length: 24 }, (_, i) => {
    const [n, share] = [2e7 * 2 ** (i % 4), 0.1 + 0.15 * (i % 6)];
    const loss = 2 + 0.5 * share + 10 / n ** 0.3 + 0.001 * Math.sin(7 * i);
    return [n, 20 * n, share, 1 - share, loss, i % 5 === 0 ? "out" : "in"].join();
  });
  return [`n_params,n_tokens,"h_it's, $x",h_<b>,"loss_""a=b""",split`, ...rows].join("\n");
}

test("a fit with a formula, and an optimum with constraints", async () => {
  write("runs.csv", table());
  const law = "linear,L = E + A/params^alpha";
  const first = await mixlaw(
    ["fit", "runs.csv", "--law", law, "--test", "split == 'out'", "--restarts", "8", "--seed", "3", "--fix", "alpha=0.3", "--no-backtest", "--backend", "cpu", "--out", "a.json"],
    { cwd },
  ); // prettier-ignore
  expect([0, 2], first.stderr).toContain(first.code);
  const fit = JSON.parse(read("a.json")) as FitFile;
  const again = (await repeat(fitCommand(fit, "b.json"), "b.json")) as FitFile;
  expect({ ...again, timing: {} }).toEqual({ ...fit, timing: {} });

  const asked = ["--params", "1B", "--tokens", "20B", "--law", "linear", "--cap", "<b>=0.7", "--reference", `"it's, $x"=0.5,<b>=0.5`, "--samples", "64", "--backend", "cpu"]; // prettier-ignore
  const second = await mixlaw(["optimize", "a.json", ...asked, "--out", "o.json"], { cwd });
  expect([0, 2], second.stderr).toContain(second.code);
  const optimum = JSON.parse(read("o.json")) as Optimum;
  const same = await repeat(optimizeCommand(optimum.request, "a.json", "p.json"), "p.json");
  expect(same).toEqual(optimum);
});
