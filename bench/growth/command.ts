/**
 * `mixlaw fit` on a table of runs that are all of different mixtures: the whole process, from its
 * start to the fit file, reading included. Run by bench/growth/main.ts in a process of its own; the
 * command is the one in dist/.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { stream } from "../../src/random/rng.ts";
import type { Point } from "./point.ts";
import type { Sizes } from "./series.ts";
import { finish } from "../timing.ts";

const [sizes = "", backend = "auto", law = "additive"] = process.argv.slice(2);
const asked = JSON.parse(sizes) as Sizes;
const folder = mkdtempSync(join(tmpdir(), "mixlaw-growth-"));
const table = join(folder, "runs.csv");
const out = join(folder, "fit.json");
const usage = join(folder, "usage.json");

const SIZES = [2e7, 5e7, 1.2e8, 3e8, 7e8, 1.4e9];

/** Writes the runs, with all digits of their shares: 240 bytes a row of ten domains. */
async function writeTable(path: string): Promise<void> {
  const file = createWriteStream(path);
  const draws = stream(1, 0);
  const domains = Array.from({ length: asked.domains }, (_, i) => i);
  file.write(`n_params,n_tokens,${domains.map((i) => `h_d${i}`).join()},loss\n`);
  for (let row = 0; row < asked.rows; row++) {
    const parts = domains.map((i) => -Math.log(draws.uniform(row, i)));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const shares = parts.map((part) => part / total);
    const n = SIZES[draws.integer(row, 64, SIZES.length)] ?? 1e8;
    const d = Math.round(n * (5 + 20 * draws.uniform(row, 65)));
    const mixed = shares.reduce((sum, h, i) => sum + (0.3 + 0.25 * i) * h ** (0.3 + 0.05 * i), 0);
    const exact = 1.6 + 1 / mixed + 0.5 * (n / 1e8) ** -0.33 + 0.6 * (d / 2e9) ** -0.3;
    const loss = exact * Math.exp(0.005 * draws.normal(row, 66));
    if (!file.write(`${n},${d},${shares.join()},${loss.toPrecision(9)}\n`))
      await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

/** What a process leaves in a file when it ends: its processor time and peak memory. */
const report = `process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1e6, memory: 1024 * maxRSS };
  require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(used));
});`;

async function measured(): Promise<Point> {
  await writeTable(table);
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
