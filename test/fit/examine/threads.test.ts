/** Fits that several threads examine and score are those that one thread does. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import { makeEngine } from "../../../src/fit/engine.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { inlinePool, type Pool } from "../../../src/fit/search/pool.ts";
import type { Share } from "../../../src/fit/search/shared-work.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import type { Law } from "../../../src/laws/law.ts";
import { threadPool } from "../../../src/node/thread-pool.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { workerScript } from "../../node/worker-script.ts";
import { draw, problemOf } from "../fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-examine-"));
const { runs } = draw(laws.additive, { noise: 3e-3, targets: 4, mixtures: 44 });
const pools: Pool[] = [];
let script: URL;

beforeAll(async () => {
  script = await workerScript(folder);
  pools.push(threadPool(script, 2), threadPool(script, 3));
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
});

/** A pool that notes what is shared out with it. */
function noting(pool: Pool): { readonly pool: Pool; readonly shared: string[] } {
  const shared: string[] = [];
  const share: Share = (work, common, items) => {
    shared.push(`${work.name}: ${items.length}`);
    if (pool.share === undefined) throw new Error("a pool without threads");
    return pool.share(work, common, items);
  };
  const own: Pool = {
    threads: pool.threads,
    run: (...task) => pool.run(...task),
    draw: (...task) => pool.draw(...task),
    share: pool.share && share,
    close: () => Promise.resolve(),
  };
  return { pool: own, shared };
}

/** The fit file by a pool, without what is of the clock and the machine. */
async function fitted(pool: Pool, law: Law, options: FitOptions): Promise<unknown> {
  const gpu = (): Promise<undefined> => Promise.resolve(undefined);
  const engine = await makeEngine({ backend: "cpu", gpu, pool, notice: () => undefined });
  const { timing: _, backend: __, ...file } = await engine.fit(law, runs, options);
  return JSON.parse(JSON.stringify(file)) as unknown;
}

describe("threads give the bits of one thread", () => {
  const cases: readonly [string, Law, FitOptions][] = [
    ["a law of the catalog", laws.chinchilla, { restarts: 4, bounds: { alpha: [0.1, 0.9] } }],
    ["a formula", lawFromFormula("E + A/params^a + B/tokens^b"), { restarts: 4, loss: "squared" }],
    ["a ridge", laws.additive, { restarts: 2, ridge: 0.1 }],
  ];
  test.each(cases)("of %s", async (_, law, options) => {
    const expected = await fitted(inlinePool(), law, options);
    for (const each of law === laws.chinchilla ? pools : pools.slice(1)) {
      const { pool, shared } = noting(each);
      expect(await fitted(pool, law, options)).toEqual(expected);
      // Two levels are fitted, then three, and all four say what the noise is.
      expect(shared).toEqual(["examine a fit: 4", ...Array(3).fill("score a refit: 4")]);
    }
  });

  test("of targets with parameters in common, whose errors one thread knows", async () => {
    const options = { restarts: 4, common: ["alpha"] };
    const { pool, shared } = noting(pools[0] ?? inlinePool());
    expect(await fitted(pool, laws.chinchilla, options)).toEqual(await fitted(inlinePool(), laws.chinchilla, options)); // prettier-ignore
    expect(shared).not.toContain("examine a fit: 4");
  });

  test("of a law that other threads do not know", async () => {
    const own = { ...laws.chinchilla, about: "my own" };
    const { pool, shared } = noting(pools[0] ?? inlinePool());
    expect(await fitted(pool, own, { restarts: 4 })).toEqual(await fitted(inlinePool(), own, { restarts: 4 })); // prettier-ignore
    expect(shared).toEqual([]);
  });
});

test("an abort while threads examine fits keeps all of them", async () => {
  const controller = new AbortController();
  const { pool } = noting(pools[1] ?? inlinePool());
  const aborting: Share = (work, ...rest) => {
    controller.abort();
    return (pool.share as Share)(work, ...rest);
  };
  const stopped = fitted({ ...pool, share: aborting }, laws.chinchilla, { restarts: 4, signal: controller.signal }); // prettier-ignore
  const error = await stopped.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AbortedError);
  const { fits = [] } = (error as AbortedError<FitFile>).partial ?? {};
  expect(fits.map((fit) => fit.train.rows)).toEqual(runs.targets.map(() => runs.train.rows));
  expect(fits.every((fit) => fit.backtests === undefined)).toBe(true);
});

test("work that a worker does not know rejects", async () => {
  const { law, runs: some } = draw(laws.chinchilla, { noise: 3e-3 });
  const pool = threadPool(script, 2);
  const unknown = { name: "no such work", begin: () => () => 0 };
  const common = { problem: problemOf(law, some), subject: {} };
  await expect(pool.share?.(unknown, common, [1, 2])).rejects.toThrow("no such work");
  await pool.close();
});
