/** The commands of two pages run as they stand, at fewer starts and replicates. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, workplace } from "../cli/command.ts";

const place = workplace();
mkdirSync(place.path("examples"));
copyFileSync(join(root, "examples/runs.csv"), place.path("examples/runs.csv"));

/** The lines of a page's shell blocks, continued ones joined, without comments. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) =>
    block
      .replaceAll(/ \\\n\s*/g, " ")
      .trim()
      .split("\n")
      .map((line) => line.replace(/ +# .*/, "")),
  );
}

const SEARCH = "--restarts 2 --no-backtest --backend cpu --threads 1";
const FEW_ROWS = "--where 'n_params < 5e4'";

/** Flags that make a command quick. */
function quickly(command: string): string {
  const rows = /runs\.csv/.test(command) && !command.includes("--where") ? FEW_ROWS : "";
  if (/mixlaw fit /.test(command))
    return `${rows} ${SEARCH} ${command.includes("--bootstrap") ? "--bootstrap 4" : ""}`;
  if (/mixlaw validate /.test(command)) return `${rows} ${SEARCH} --folds 2`;
  return /mixlaw optimize /.test(command) ? "--samples 64 --epsilon 0 --backend cpu" : "";
}

test.each(["docs/guide.md", "docs/compare.md"])("every command of %s runs", (page) => {
  const commands = commandsOf(page);
  expect(commands.length).toBeGreaterThan(7);
  const said = commands.map((command) => {
    const mixlaw = `"${process.execPath}" "${join(root, "dist/cli.js")}" "$@" ${quickly(command)}`;
    const script = `mixlaw() { ${mixlaw}; }; ${command}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      cwd: place.path("."),
      encoding: "utf8",
    });
    return status === 0 ? [] : [command, status, stderr];
  });
  expect(said.flat()).toEqual([]);
});
