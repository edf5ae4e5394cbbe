/** The study of kernels without a card runs them in JavaScript: they end where float64 does. */
import { expect, test } from "vitest";
import { memoryOf } from "../../bench/sm90/memory.ts";
import { cudaOf } from "../../bench/sm90/cuda.ts";
import { timesByLine } from "../../bench/sm90/warp.ts";
import { unpackRecords } from "../../src/fit/search/gpu/records.ts";
import { cpuSearcher, inlinePool } from "../../src/fit/search/pool.ts";
import { planOf, recordWords } from "../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../src/gpu/search/kernel-source.ts";
import { HARDWARE } from "../../src/gpu/style.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { around, draw, problemOf, quiet } from "../fit/fixture.ts";

test.each([laws.chinchilla, laws.additive])("$name: a warp in JavaScript searches as float64 does", async (law) => {
  const drawn = draw(law, { noise: 0.02, domains: 3 });
  const problem = problemOf(drawn.law, drawn.runs, { loss: "huber", delta: 0.02, residual: "raw" });
  const { program, packed, box, losses } = problem;
  const style = { ...HARDWARE, teams: { coordinates: 1, sizes: [{ most: Infinity, team: 16 }] } };
  const plan = planOf(program, "huber", packed.start.length - 1, packed.order.length, "none", style);
  const code = searchSource(program, box, plan);
  const starts = around(drawn, 0.1, 2);
  const { memory, groups } = memoryOf(problem, plan, starts);
  const [iterations, words] = [12, recordWords(program.params)];
  const settings = { lanes: 2, words, first_block: 0, turns: iterations + 1, groups, samples: 1, tolerance: 1e-6, delta: losses[0].delta };
  const times = timesByLine(code, memory, settings);
  const ends = unpackRecords((memory["records"] as Uint32Array<ArrayBuffer>).buffer, starts, program.params);
  const twin = await cpuSearcher(inlinePool()).search(problem, starts, iterations, quiet);
  for (const [i, { objective }] of ends.entries())
    expect(Math.abs(objective / twin[i].objective - 1)).toBeLessThan(1e-5);
  const lines = code.split("\n");
  const evaluations = times[1 + lines.findIndex((line) => line.includes("judge(normal_equations())"))];
  expect(evaluations).toBeGreaterThan(2);
  expect(evaluations).toBeLessThanOrEqual(iterations + 1);
  // What compilers say of a line of the CUDA holds for the kernel's line.
  expect(cudaOf(code).split('"kernel.wgsl"\n')[1].split("\n")[lines.findIndex((line) => line.startsWith("fn iterate")) ]).toContain("iterate(bool idle)");
}); // prettier-ignore
