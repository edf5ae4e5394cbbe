import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cpuSearcher, inlinePool, type Pool } from "../../src/fit/search/pool.ts";
import { workerPool } from "../../src/fit/workers/worker-pool.ts";
import { threadPool } from "../../src/node/thread-pool.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { lossScale } from "../../src/fit/starts/loss-scale.ts";
import { startSource } from "../../src/fit/starts/start-source.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { draw, problemOf, quiet, random } from "../fit/fixture.ts";
import { Trace } from "../../src/trace/trace.ts";
import { workerScript } from "./worker-script.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-worker-"));
const first = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });
const second = draw(laws.mixture, { noise: 3e-3, domains: 3, mixtures: 20 });
const problems = [problemOf(first.law, first.runs), problemOf(second.law, second.runs)];
const starts = [random(first, 30), random(second, 41)];
let pool: Pool;

beforeAll(async () => {
  pool = threadPool(await workerScript(folder), 2);
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

test("threads give the results of one thread, in order, problem after problem", async () => {
  for (const n of [0, 1, 0]) {
    const expected = await cpuSearcher(inlinePool()).search(problems[n], starts[n], 48, quiet);
    expect(await cpuSearcher(pool).search(problems[n], starts[n], 48, quiet)).toEqual(expected);
  }
});

test("two searches at once keep their results apart", async () => {
  const alone = await Promise.all(
    [0, 1].map((n) => cpuSearcher(inlinePool()).search(problems[n], starts[n], 48, quiet)),
  );
  expect(
    await Promise.all(
      [0, 1].map((n) => cpuSearcher(pool).search(problems[n], starts[n], 48, quiet)),
    ),
  ).toEqual(alone);
});

test("an abort keeps what is done, and the pool goes on", async () => {
  const controller = new AbortController();
  const watch = { signal: controller.signal, tick: () => controller.abort() };
  const found = await cpuSearcher(pool).search(problems[0], starts[0], 48, watch);
  const begun = found.filter((f) => f.ending !== "interrupted").length;
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThan(starts[0].length);
  expect(
    (await cpuSearcher(pool).search(problems[0], starts[0], 48, quiet)).every(
      (f) => f.ending !== "interrupted",
    ),
  ).toBe(true);
});

test("an error in the caller's tick rejects, and the pool goes on", async () => {
  const tick = (): never => {
    throw new RangeError("the caller's own");
  };
  await expect(
    cpuSearcher(pool).search(problems[0], starts[0], 48, { signal: undefined, tick }),
  ).rejects.toThrow("the caller's own");
  expect((await cpuSearcher(pool).search(problems[1], starts[1], 48, quiet)).length).toBe(
    starts[1].length,
  );
});

test("a closed pool hires again", async () => {
  await pool.close();
  expect((await cpuSearcher(pool).search(problems[0], starts[0], 48, quiet)).length).toBe(
    starts[0].length,
  );
});

test("a worker that dies rejects, and so does the next attempt: nothing hangs", async () => {
  const broken = join(folder, "broken.mjs");
  writeFileSync(broken, "throw new Error('broken on purpose');");
  const dead = threadPool(pathToFileURL(broken), 2);
  for (let i = 0; i < 2; i++)
    await expect(cpuSearcher(dead).search(problems[0], starts[0], 48, quiet)).rejects.toThrow();
  await dead.close();
});

test("one thread needs no worker", async () => {
  expect(threadPool(new URL("file:///nowhere.js"), 1).threads).toBe(1);
  const none = threadPool(new URL("file:///nowhere.js"), 1);
  expect((await cpuSearcher(none).search(problems[0], starts[0], 4, quiet)).length).toBe(
    starts[0].length,
  );
});

test("threads that are started before their work are those that do it, and end with the pool", async () => {
  const trace = new Trace();
  const early = threadPool(await workerScript(folder), 2, trace);
  early.hire?.();
  early.hire?.();
  expect(await cpuSearcher(early).search(problems[0], starts[0], 48, quiet)).toEqual(
    await cpuSearcher(inlinePool()).search(problems[0], starts[0], 48, quiet),
  );
  await early.close();
  const begun = trace.spans().filter(({ name }) => name === "start of the thread");
  expect(new Set(begun.map(({ track }) => track))).toEqual(new Set(["worker 1", "worker 2"]));
  expect(begun.length).toBe(2);
  early.hire?.();
  await early.close(); // also of threads that have had no work
});

const unstarted = (): never => {
  throw new Error("no worker is needed");
};

test("work that can wait lets other work go first, and has the same results", async () => {
  const order: string[] = [];
  const search = async (by: Pool | undefined, n: number, name: string) => {
    const found = await cpuSearcher(by ?? inlinePool()).search(problems[n], starts[n], 48, quiet);
    order.push(name);
    return found;
  };
  const { beside } = pool;
  expect(beside?.threads).toBe(1);
  expect(workerPool(unstarted, 1).beside).toBeUndefined(); // no thread would be left for it
  const waiting = search(beside, 0, "waits");
  const other = [search(pool, 1, "goes first"), search(pool, 0, "goes second")];
  const found = await Promise.all([waiting, ...other]);
  expect(order).toEqual(["goes first", "goes second", "waits"]);
  expect(found).toEqual([
    await search(undefined, 0, ""),
    await search(undefined, 1, ""),
    await search(undefined, 0, ""),
  ]);
  const failing = {
    signal: undefined,
    tick: (): never => {
      throw new RangeError("its own");
    },
  };
  const options = { iterations: 8, tolerance: 1e-6, gradient: 1e-6, newton: false, exact: false };
  await expect(pool.run(problems[0], starts[0], options, failing)).rejects.toThrow("its own");
  expect(await search(beside, 1, "")).toEqual(found[1]);
});

test("threads draw the starts that one thread draws, whatever the parts", async () => {
  const { law, runs } = draw(lawFromFormula("L = E + q/(1 + s*log(tokens)^2)"), {
    noise: 3e-3,
    targets: 2,
  });
  const settings = fitSettings({});
  const source = startSource(law, runs, runs.train.losses.map(lossScale), settings);
  const points = source.random(1, 7, 3);
  const wanted = [
    { target: 0, numbers: { seed: 7, first: 5, count: 100 } },
    { target: 1, numbers: { seed: 7, first: 0, count: 3 } },
    { target: 1, numbers: { seed: 7, first: 64, count: 70, from: points } },
  ];
  const drawings = wanted.flatMap(({ target, numbers }) => {
    const drawer = source.drawer?.(target);
    return drawer === undefined ? [] : [{ drawer, numbers }];
  });
  const expected = [source.random(0, 7, 100, 5), points, source.hops(1, 7, 64, points, 70)];
  expect(await pool.draw(drawings, quiet)).toEqual(expected);
  expect(await inlinePool().draw(drawings, quiet)).toEqual(expected);
  expect(await pool.draw(drawings, { ...quiet, signal: AbortSignal.abort() })).toEqual([
    [],
    [],
    [],
  ]);
});
