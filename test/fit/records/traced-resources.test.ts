/** What a trace leaves as it is. */
import { expect, test } from "vitest";
import { tracedResources } from "../../../src/fit/records/traced-resources.ts";
import { cpuSearcher, inlinePool } from "../../../src/fit/search/pool.ts";
import type { Problem, Searcher } from "../../../src/fit/search/problem.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { Trace } from "../../../src/trace/trace.ts";
import { draw, problemOf } from "../fixture.ts";

test("a traced searcher knows how long its work takes, so that blocks of it are the same", async () => {
  const { law, runs } = draw(laws.chinchilla);
  const problem = problemOf(law, runs);
  const pool = inlinePool();
  const known: Searcher = {
    ...cpuSearcher(pool),
    kind: "webgpu",
    secondsFor: (_: Problem, iterations: number) => iterations / 8,
  };
  const resources = { pool, searcherFor: () => Promise.resolve(known) };
  const traced = await tracedResources(resources, new Trace()).searcherFor(problem, {
    iterations: 1,
  });
  expect(traced.secondsFor?.(problem, 40)).toBe(5);
});
