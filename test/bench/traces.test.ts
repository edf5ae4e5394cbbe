/** What tables are made of traces, and what `npm run bench:gpu` counts. */
import { describe, expect, test } from "vitest";
import { resultOf, runFor } from "../../bench/gpu/part.ts";
import { countTests } from "../../bench/gpu/tests.ts";
import { variantsOf } from "../../bench/gpu/variants.ts";
import { union, within, without } from "../../bench/traces/intervals.ts";
import { summariesOf } from "../../bench/traces/summary.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import type { Span } from "../../src/trace/span.ts";
import { Trace } from "../../src/trace/trace.ts";
import { draw } from "../fit/fixture.ts";

const at = (from: number, to: number) => ({ from, to });

test("intervals: their union, their parts in windows, what is left", () => {
  expect(union([at(4, 5), at(0, 2), at(1, 3), at(5, 6)])).toEqual([at(0, 3), at(4, 6)]);
  expect(within([at(0, 10)], [at(1, 2), at(9, 12)])).toEqual([at(1, 2), at(9, 10)]);
  expect(without(at(0, 10), [at(8, 12), at(2, 3), at(2, 4)])).toEqual([at(0, 2), at(4, 8)]);
  expect(without(at(0, 1), [at(0, 1)])).toEqual([]);
});

describe("the table of a trace", () => {
  const trace = new Trace();
  const add = (name: string, kind: Span["kind"], track: string, begin: number, end: number, details = {}): void => trace.add({ name, kind, track, begin: 1000 * begin, end: 1000 * end, details }); // prettier-ignore
  add("fit", "stage", "main", 1, 11);
  add("search joint", "stage", "main", 1, 8);
  add("screen", "stage", "main", 2, 5);
  add("polish", "stage", "main", 5, 8);
  add("inference", "stage", "main", 8, 9);
  add("inference", "stage", "main", 10, 11);
  add("scavenge", "garbage", "main", 8, 8.5);
  add("submit", "gpu", "GPU calls", 2, 2.1, { dispatches: 3, workgroups: 8 });
  add("map", "gpu", "GPU calls", 2.2, 4);
  add("joint", "gpu", "GPU kernels", 2.5, 3.5);
  add("start of the thread", "warm-up", "worker 1", 4.5, 5.5);
  add("fits", "task", "worker 1", 6, 8);
  add("fits", "task", "worker 2", 6, 7);
  for (let call = 1; call <= 100; call++) {
    const from = 6 + call / 200;
    const took = call <= 50 ? 0.004 : 0.001;
    add("evaluation", call <= 50 ? "warm-up" : "task", "worker 1", from, from + took, { call });
  }
  const [{ wall, stages, threads }] = summariesOf(trace.toJSON());
  const row = (name: string) => stages.find(({ stage }) => stage === name);

  test("stages are without those within them, and together they are the fit", () => {
    expect(wall).toBeCloseTo(10);
    expect(stages.map(({ stage, wall: own }) => [stage, Number(own.toFixed(3))])).toEqual([
      ["between stages", 1],
      ["search joint", 1],
      ["screen", 3],
      ["polish", 3],
      ["inference", 2],
    ]);
    expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  test("what others did meanwhile is told apart from the main thread alone", () => {
    expect(row("screen")).toMatchObject({ submits: 1, dispatches: 3, roundTrips: 1 });
    expect(row("screen")?.waiting).toBeCloseTo(1.8);
    expect(row("screen")?.kernels).toBeCloseTo(1);
    expect(row("screen")?.mainAlone).toBeCloseTo(1.2);
    expect(row("screen")?.warmUp).toBeCloseTo(0.5);
    expect(row("polish")?.workers).toBeCloseTo(3);
    expect(row("polish")?.mainAlone).toBeCloseTo(1);
    expect(row("inference")?.mainAlone).toBeCloseTo(2);
    expect(row("inference")?.garbage).toBeCloseTo(0.5);
  });

  test("of each thread: its work, its start, and what its first evaluations took more", () => {
    expect(threads.map(({ thread }) => thread)).toEqual(["main", "worker 1", "worker 2"]);
    const [main, worker] = threads;
    expect(main.garbage).toBeCloseTo(0.5);
    expect(worker.busy).toBeCloseTo(2);
    expect(worker.start).toBeCloseTo(1);
    expect(worker.firstEvaluations).toBeCloseTo(50 * 0.003);
  });
});

test("tests are counted from what vitest printed before it was cut off", () => {
  const output = [
    " \u001b[32m✓\u001b[39m gpu test/gpu/device.test.ts (12 tests) 3051ms",
    " ❯ gpu test/fit/engine-gpu.test.ts (5 tests | 1 failed | 2 skipped) 11083ms",
    "     \u001b[31m×\u001b[39m says what it ran on\u001b[32m 2299\u001b[2mms\u001b[22m",
    " ✓ teams test/teams/team-kernels.test.ts (10 tests) 3051ms",
  ].join("\n");
  expect(countTests(output)).toEqual({
    files: 3,
    passed: 24,
    failed: 1,
    skipped: 2,
    failures: ["test/fit/engine-gpu.test.ts: says what it ran on"],
  });
});

test("a part that never ends is killed with what it has started, and its output kept", async () => {
  const endless = "console.log('begun'); setInterval(() => {}, 1000);";
  const script = `const { spawn } = require("node:child_process"); spawn(process.execPath, ["-e", ${JSON.stringify(endless)}], { stdio: "inherit" });`;
  const { output, why } = await runFor(3, process.execPath, ["-e", script]);
  expect({ output, why }).toEqual({ output: "begun\n", why: "not done after 3 s" });
  expect((await runFor(5, "no-such-program", [])).why).toMatch(/ENOENT/);
});

test("a result is read though errors were printed in the middle of its line", async () => {
  const script = `process.stdout.write("result "); setTimeout(() => { process.stderr.write("noise\\n"); setTimeout(() => process.stdout.write("[1]\\n"), 50); }, 50);`;
  expect(await resultOf(5, ["-e", script])).toEqual({ result: [1] });
});

test("teams are measured where a workgroup of them fits", () => {
  const { law } = draw(laws.joint, { domains: 7 });
  const program = residualProgram(law, "raw");
  const names = (storage: number): string[] =>
    variantsOf(
      {
        report: { software: false },
        subgroup: 32,
        limits: { maxComputeWorkgroupStorageSize: storage },
      } as Parameters<typeof variantsOf>[0],
      program,
    ).map(({ name }) => name);
  expect(names(2 ** 20)).toEqual(["one invocation", "teams of 32", "teams of 16", "teams of 8"]);
  expect(names(16_384)).toEqual(["one invocation", "teams of 32"]);
});
