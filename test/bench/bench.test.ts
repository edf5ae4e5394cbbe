/** Every benchmark at a tiny size: that it works. Nothing here judges speed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CASES } from "../../bench/cases.ts";
import type { GpuResults } from "../../bench/gpu/report.ts";
import type { Traces } from "../../bench/traces/main.ts";
import type { Growth } from "../../bench/growth/main.ts";
import type { Results } from "../../bench/report.ts";
import { SERIES } from "../../bench/growth/series.ts";
import { describeGpu } from "../support/gpu.ts";

const root = join(import.meta.dirname, "../..");
const out = mkdtempSync(join(tmpdir(), "mixlaw-bench-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describeGpu("npm run bench", () => {
  test("runs every case and every kernel at a tiny size", () => {
    const run = spawnSync(
      process.execPath,
      ["scripts/bench.mjs", "--tiny", "--no-peers", "--out", out],
      { cwd: root, encoding: "utf8" },
    );
    expect(run.status, run.stderr).toBe(0);
    const results = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Results;
    expect(results.cases.map((c) => c.case)).toEqual(CASES.map((c) => c.name));
    for (const one of results.cases) {
      expect(one.cold, one.case).toBeGreaterThan(0);
      expect(one.warm, one.case).toBeGreaterThan(0);
      expect(one.memory, one.case).toBeGreaterThan(2 ** 24);
    }
    const kernels = CASES.filter((c) => c.kind !== "optimize").map((c) => c.name);
    expect(results.kernels?.rates.map((r) => r.kernel)).toEqual(kernels);
    for (const rate of results.kernels?.rates ?? []) {
      expect(rate.share, rate.kernel).toBeGreaterThan(0);
      expect(rate.work.flops, rate.kernel).toBeGreaterThan(0);
    }
    for (const roof of ["exp", "log", "multiplyAdd", "load"] as const)
      expect(results.kernels?.roofs[roof], roof).toBeGreaterThan(1e6);
    const text = readFileSync(join(out, "results.md"), "utf8");
    for (const { title } of CASES) expect(text).toContain(title);
  });

  test("trace: a table of a case's two fits, and the trace itself", () => {
    const args = ["scripts/bench.mjs", "trace", "--tiny", "--case", "mixture-17", "--out", out];
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const { cases } = JSON.parse(readFileSync(join(out, "traces.json"), "utf8")) as Traces;
    expect(cases.map(({ case: name, fits }) => [name, fits.length])).toEqual([["mixture-17", 2]]);
    for (const { stages } of cases.flatMap(({ fits }) => fits)) {
      expect(stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(["screen", "polish", "inference"])); // prettier-ignore
      expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    expect(readFileSync(join(out, "traces.md"), "utf8")).toContain("| screen |");
  });

  test("gpu: all that a card is needed for, with what is missing, in the time that it gets", () => {
    const args = ["scripts/bench.mjs", "gpu", "--tiny", "--seconds", "12", "--tests", "test/gpu/layout", "--out", join(out, "gpu")]; // prettier-ignore
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const [name = ""] = readdirSync(join(out, "gpu")).filter((file) => file.endsWith(".json"));
    const text = readFileSync(join(out, "gpu", name), "utf8");
    const { facts, cases, rates, traces, missing, seconds } = JSON.parse(text) as GpuResults;
    expect(facts.adapter).not.toBe("");
    expect(cases.length + rates.length + traces.length + missing.length).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(60);
    const table = readFileSync(join(out, "gpu", name.replace(".json", ".md")), "utf8");
    for (const { part } of missing) expect(table).toContain(part);
  });

  test("interrupts: every job at a tiny size, each ended by Ctrl-C", () => {
    const args = ["scripts/bench.mjs", "interrupts", "--tiny", "--moments", "1", "--out", out];
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(run.stderr).not.toContain("Error");
    const text = readFileSync(join(out, "interrupts.json"), "utf8");
    const { jobs } = JSON.parse(text) as {
      jobs: { job: string; stops: { seconds?: number; code: number | string }[] }[];
    };
    expect(jobs).toHaveLength(6);
    for (const { job, stops } of jobs)
      for (const { seconds, code } of stops)
        expect(seconds === undefined ? [0, 2] : [0, 2, 130, "SIGINT"], job).toContain(code);
    const table = readFileSync(join(out, "interrupts.md"), "utf8");
    expect(table).not.toMatch(/NaN|undefined|adapter/);
    expect(table.match(/^\| .* \| 0 \|$/gm)).toHaveLength(6); // none ended out of order
  });

  test("growth: every series at a tiny size, and its plot", () => {
    const args = ["scripts/bench.mjs", "growth", "--tiny", "--out", out, "--docs", out];
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const { series } = JSON.parse(readFileSync(join(out, "growth.json"), "utf8")) as Growth;
    expect(series.map(({ axis, points }) => [axis, points.length])).toEqual(
      SERIES.map(({ axis, tiny }) => [axis, tiny.length]),
    );
    for (const { axis, points } of series) {
      for (const point of points) {
        expect(point.seconds, axis).toBeGreaterThan(0);
        expect(point.memory, axis).toBeGreaterThan(2 ** 24);
      }
      expect(points[1][axis]).toBeGreaterThan(points[0][axis]);
    }
    const plot = readFileSync(join(out, "growth.svg"), "utf8");
    expect(plot.match(/peak memory/g)).toHaveLength(SERIES.length);
    expect(plot).not.toMatch(/NaN|undefined|Infinity/);
  });
});
