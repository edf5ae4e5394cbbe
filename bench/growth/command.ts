/**
 * `mixlaw fit` on a table of runs that are all of different mixtures: the whole process, from its
 * start to the fit file, reading included. Run by bench/growth/main.ts in a process of its own; the
 * command is the one in dist/.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import type { Point } from "./point.ts";
import type { Sizes } from "./series.ts";
import { writeTable } from "./write-table.ts";
import { finish } from "../timing.ts";

const [sizes = "", backend = "auto", law = "additive"] = process.argv.slice(2);
const asked = JSON.parse(sizes) as Sizes;
const folder = mkdtempSync(join(tmpdir(), "mixlaw-growth-"));
const table = join(folder, "runs.csv");
const out = join(folder, "fit.json");
const usage = join(folder, "usage.json");

/** What a process leaves in a file when it ends: its processor time and peak memory. */
const report = `process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1e6, memory: 1024 * maxRSS };
  require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(used));
});`;

async function measured(): Promise<Point> {
  await writeTable(table, asked);
  const hook = `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire("file:///");${report}`)}`;
  const words = ["fit", table, "--targets", "loss", "--law", law, "--backend", backend, "--restarts", String(asked.restarts), "--out", out]; // prettier-ignore
  const from = performance.now();
  const command = spawn(process.execPath, ["--import", hook, join(process.cwd(), "dist/cli.js"), ...words], { stdio: ["ignore", "ignore", "inherit"] }); // prettier-ignore
  await once(command, "close");
  const seconds = (performance.now() - from) / 1000;
  const used = JSON.parse(readFileSync(usage, "utf8")) as { cpu: number; memory: number };
  const file = JSON.parse(readFileSync(out, "utf8")) as FitFile;
  const fits = file.fits.reduce((sum, { search }) => sum + search.starts + search.hops.starts, 0);
  const search = { seconds: file.timing[law] ?? NaN, cpu: NaN };
  const { kind, adapter } = file.backend;
  return { ...asked, backend: kind, adapter, seconds, ...used, search, relative: undefined, fits };
}

const point = await measured().finally(() => rmSync(folder, { recursive: true, force: true }));
finish(point);
