/** A request that several threads solve has the optimum of one thread, to the last bit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import type { Pool } from "../../../src/fit/search/pool.ts";
import type { Share } from "../../../src/fit/search/shared-work.ts";
import { posedRobustly } from "../../../src/mixture/certainty/robust.ts";
import { proveConvex } from "../../../src/mixture/goal/convexity.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../../src/mixture/request/optimize-options.ts";
import { searchMixtures, storedSearch } from "../../../src/mixture/search-mixtures.ts";
import { rangesOf, type Tasker, taskerHere } from "../../../src/mixture/solver/solver-tasks.ts";
import { isWorthThreads, taskerOfThreads } from "../../../src/mixture/threads/solving.ts";
import { threadPool } from "../../../src/node/thread-pool.ts";
import { workerScript } from "../../node/worker-script.ts";
import { AT, drawLosses, fileOf } from "../fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-solving-"));
let pools: Pool[] = [];

beforeAll(async () => {
  const script = await workerScript(folder);
  pools = [threadPool(script, 2), threadPool(script, 3)];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
});

/** What a pool shares out, which it notes: the items of each call. */
function noting(pool: Pool): { readonly share: Share; readonly calls: number[] } {
  const calls: number[] = [];
  return {
    calls,
    share: (work, common, items) => {
      calls.push(items.length);
      if (pool.share === undefined) throw new Error("a pool without threads");
      return pool.share(work, common, items);
    },
  };
}

/** A search, and the ends of all near-optimal ranges around its best mixture. */
async function solved(file: FitFile, options: OptimizeOptions, tasker: Tasker): Promise<unknown> {
  const problem = posedRobustly(file, options);
  const means = { gpu: undefined, tasker, convexity: proveConvex(problem) };
  const search = await searchMixtures(problem, options, means, () => undefined);
  const { h, value } = search.best.solution;
  const around = { piece: search.pieces.indexOf(search.best), from: h, base: value, epsilon: 1e-3 };
  const shares = rangesOf(h.length, tasker.parts);
  const ends = await tasker.all("ends", shares.map((range) => ({ ...around, shares: range }))); // prettier-ignore
  return { search: storedSearch(search), ends: ends.flat() };
}

describe("the search and the ranges, by two threads and by three", () => {
  const joint = drawLosses("joint", 6, 3, 5);
  const cases: readonly [string, OptimizeOptions][] = [
    ["a law that is not convex", {}],
    ["the worst of several targets", { objective: "worst" }],
    ["two pieces", { constraints: { atLeastOrZero: { d1: 0.2 } } }],
    ["a ball around a mixture", { constraints: { trust: { measure: "l1", radius: 0.3 } } }],
    ["curved constraints", { noWorse: { loss_0: 1.01 } }],
  ];
  test.each(cases)("of %s", async (_, asked) => {
    const file = fileOf(joint);
    const options = { ...AT, samples: 512, ...asked };
    const problem = posedRobustly(file, options);
    const expected = await solved(file, options, taskerHere(problem, options));
    for (const pool of pools) {
      const { share, calls } = noting(pool);
      const how = { share, threads: pool.threads };
      const tasker = taskerOfThreads({ file, problem, options }, how);
      expect(await solved(file, options, tasker)).toEqual(expected);
      expect(calls[0]).toBe(0); // they pose the request at once
      expect(calls.filter((items) => items > 1).length).toBeGreaterThan(1);
    }
  });
});

describe("a request that is worth it", () => {
  const file = fileOf(drawLosses("joint", 12, 10, 8));
  const options = { ...AT, objective: "worst", samples: 512, epsilon: 0 } as const;

  test("has the same optimum with threads", async () => {
    expect(isWorthThreads(posedRobustly(file, options))).toBe(true);
    const expected = await optimize(file, options);
    const [pool] = pools;
    if (pool === undefined) throw new Error("no pool");
    const { share, calls } = noting(pool);
    expect(await optimize(file, options, { pool: { threads: 2, share } })).toEqual(expected);
    expect(calls.length).toBeGreaterThan(2);
  });

  test("has it too where threads fail", async () => {
    const expected = await optimize(file, options);
    const script = join(folder, "broken.mjs");
    writeFileSync(script, "throw new Error('broken on purpose');");
    const broken = threadPool(pathToFileURL(script), 2);
    expect(await optimize(file, options, { pool: broken })).toEqual(expected);
    await broken.close();
  });

  test("rejects when the signal fires, and the threads go on with another", async () => {
    const [pool] = pools;
    if (pool === undefined) throw new Error("no pool");
    const controller = new AbortController();
    const { share } = noting(pool);
    const aborting: Share = (work, common, items) => {
      if (items.length > 0) controller.abort();
      return share(work, common, items);
    };
    const stopped = { ...options, signal: controller.signal };
    const by = { pool: { threads: 2, share: aborting } };
    await expect(optimize(file, stopped, by)).rejects.toThrow(AbortedError);
    const small = fileOf(drawLosses("joint", 3, 1, 2));
    const problem = posedRobustly(small, AT);
    const tasker = taskerOfThreads({ file: small, problem, options: AT }, { share, threads: 2 });
    const expected = await solved(small, AT, taskerHere(problem, AT));
    expect(await solved(small, AT, tasker)).toEqual(expected);
  });
});

test("a small request, and a convex one, keep to one thread", async () => {
  const share: Share = () => Promise.reject(new Error("shared"));
  const by = { pool: { threads: 2, share } };
  const asked = { ...AT, samples: 64, epsilon: 0 };
  const small = fileOf(drawLosses("joint", 3, 1, 2));
  expect(await optimize(small, asked, by)).toEqual(await optimize(small, asked));
  const convex = fileOf(drawLosses("log-linear", 200, 1, 3));
  expect(await optimize(convex, asked, by)).toEqual(await optimize(convex, asked));
});
