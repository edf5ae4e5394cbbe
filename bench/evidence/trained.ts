/**
 * The way of examples/train at a tiny size: from an empty virtual environment and Debian's packages
 * to rows that a law is fitted to. It wants Python 3.11 or later, and a network.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { laws, openEngine, readRuns } from "../../src/node.ts";
import type { Effort, Part } from "./part.ts";

/** The largest mean relative error, in percent, of a law fitted to such short runs. */
const WORST = 5;

/** Seconds that a program takes; what it prints goes to stderr. */
function timed(program: string, args: readonly string[]): number {
  const began = performance.now();
  execFileSync(program, args, { stdio: ["ignore", 2, 2] });
  return (performance.now() - began) / 1000;
}

/** The study. */
export async function trained({ backend }: Effort): Promise<Omit<Part, "measured">> {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-train-"));
  const [python, table] = [join(folder, "venv/bin/python"), join(folder, "runs.csv")];
  const module = ["-m", "examples.train"];
  const cache = ["--cache", join(folder, "texts")];
  try {
    const made = timed("python3", ["-m", "venv", join(folder, "venv")]);
    const installed = timed(
      python,
      "-m pip install -q -r examples/train/requirements.txt".split(" "),
    );
    const prepared = timed(python, [...module, "texts", ...cache]);
    const rows = timed(python, [...module, "tiny", ...cache, "--table", table]);
    const runs = await readRuns(table, { units: "absolute" });
    const engine = await openEngine({ backend });
    const { fits } = await engine.fit(laws.additive, runs, { restarts: 256 });
    await engine.close();
    const errors = fits.map(
      ({ target, train }) => `${target} ${(train.mrePercent ?? NaN).toFixed(2)} %`,
    );
    return {
      title: "From Debian's packages to a fit",
      method:
        "What `examples/train` does at a size of minutes: an empty virtual environment gets PyTorch, the packages are fetched and their texts prepared, ten mixtures are trained at two sizes, and the additive law is fitted to the table. Seconds are of the clock.",
      head: ["step", "outcome"],
      rows: [
        ["virtual environment with PyTorch", `${(made + installed).toFixed(0)} s`],
        ["texts fetched and prepared", `${prepared.toFixed(0)} s`],
        [`${runs.train.rows} rows trained`, `${rows.toFixed(0)} s`],
        ["additive law, mean relative errors", errors.join(", ")],
      ],
      failures: fits
        .filter(({ train }) => !((train.mrePercent ?? NaN) < WORST))
        .map(({ target, train }) => `${target}: a mean relative error of ${train.mrePercent} %`),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
