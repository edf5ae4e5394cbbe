/** A ridge in the kernels: what their searches come to, beside the float64 search. */
import { expect } from "vitest";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { poseProblem } from "../../src/fit/search/pose-problem.ts";
import { cpuSearcher, inlinePool } from "../../src/fit/search/pool.ts";
import { HARDWARE, type Style } from "../../src/gpu/style.ts";
import type { Law } from "../../src/laws/law.ts";
import type { RidgeOption } from "../../src/options/ridge-option.ts";
import { sharedDevice } from "./backends.ts";
import { around, draw, HUBER, quiet } from "./fixture.ts";

/**
 * Two targets with a λ each: a kernel ends where float64 does, and above a fit without a ridge; the
 * second target's ends are, bit for bit, those of a problem that has no other.
 */
export async function expectRidge(law: Law, ridge: RidgeOption, style: Partial<Style>) {
  const drawn = draw(law, { domains: 2, mixtures: 8, noise: 0.02, targets: 2 });
  const objective = { ...HUBER, delta: 0.02, ridge };
  const problem = poseProblem(drawn.law, drawn.runs.train, objective, [1, 0.2]);
  const starts = around(drawn, 0.1, 2);
  const whole = { ...HARDWARE, teams: undefined, ...style };
  const searcher = new GpuSearcher(await sharedDevice(), { style: whole });
  const cpu = cpuSearcher(inlinePool());
  const own = await searcher.search(problem, starts, 60, quiet);
  const ends = await cpu.search(problem, starts, 60, quiet);
  const free = await cpu.search({ ...problem, penalties: undefined }, starts, 60, quiet);
  for (const [n, { objective: value }] of own.entries()) {
    // The objective is a mean of up to 160 losses in float32.
    expect(Math.abs(value / ends[n].objective - 1)).toBeLessThan(1e-4);
    expect(value).toBeGreaterThan(free[n].objective * 1.01);
  }
  const { train } = drawn.runs;
  const only = poseProblem(drawn.law, { ...train, losses: train.losses.slice(1) }, objective, [0.2]); // prettier-ignore
  const second = starts.filter(({ target }) => target === 1);
  const alone = await searcher.search(only, second.map((start) => ({ ...start, target: 0 })), 60, quiet); // prettier-ignore
  expect(alone).toEqual(own.filter((_, n) => starts[n]?.target === 1));
}
