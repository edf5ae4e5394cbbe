/** Ctrl-C: whoever waits gets what was found so far, soon, and can go on. */
import type { Watch } from "../../src/base/watch.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError, DeviceLostError } from "../../src/base/errors.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { inlinePool, type Pool } from "../../src/fit/search/pool.ts";
import { predict } from "../../src/fit/predict.ts";
import type { Polished, Searcher } from "../../src/fit/search/problem.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { Device } from "../../src/gpu/device.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Progress } from "../../src/options/fit-options.ts";
import { describeGpu, newDevice, openGpu } from "../support/gpu.ts";
import { backends, REPORT } from "./backends.ts";
import { draw, problemOf, quiet, random } from "./fixture.ts";

const drawn = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });
const problem = problemOf(drawn.law, drawn.runs);
/** Far more than is done before the first tick, 30 or 150 ms in. */
const MANY = 20_000;
/** One target's are a GPU search's first chunk, 16 workgroups, and on the CPU more than TOLD. */
const RESTARTS = 512;

/** Starts that the pool of the fits below tells of together. */
const TOLD = 64;

/** A watch whose nth tick with a start done aborts, and when it did. */
function aborting(nth: number): { readonly watch: Watch; readonly since: () => number } {
  const controller = new AbortController();
  let ticks = 0;
  let at = 0;
  const tick = (done: number): void => {
    if (done === 0 || ++ticks !== nth) return;
    at = performance.now();
    controller.abort();
  };
  return { watch: { signal: controller.signal, tick }, since: () => performance.now() - at };
}

const failure = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("did not reject");
};

for (const { kind, suite, open } of backends(describeGpu)) {
  suite(`an aborted search on ${kind}`, () => {
    let searcher: Searcher;
    const starts = random(drawn, MANY);
    beforeAll(async () => {
      searcher = await open();
      await searcher.search(problem, starts.slice(0, 32), 1, quiet); // compiled
    });

    test.each([1, 2])("returns soon with what it has, tick %i", async (nth) => {
      const { watch, since } = aborting(nth);
      const found = await searcher.search(problem, starts, 400, watch);
      // Work under way is two chunks of 150 ms, or one start; the rest is for a busy machine.
      expect(since()).toBeLessThan(2000);
      expect(found.length).toBe(starts.length);
      const begun = found.filter((f) => f.ending !== "interrupted");
      expect(begun.length).toBeGreaterThan(0);
      expect(begun.length).toBeLessThan(starts.length);
      expect(begun.every((f) => !Number.isNaN(f.objective))).toBe(true);
      const moved = found.filter(
        ({ ending, objective, theta }, i) =>
          ending === "interrupted" &&
          !(objective === Infinity && theta.every((value, j) => value === starts[i].theta[j])),
      );
      expect(moved).toEqual([]);
    });

    test("does nothing when it is aborted before it begins", async () => {
      const signal = AbortSignal.abort();
      const found = await searcher.search(problem, starts.slice(0, 40), 400, { ...quiet, signal });
      expect(found.map((f) => f.ending)).toEqual(found.map(() => "interrupted"));
    });

    test("leaves the searcher usable, with the same results", async () => {
      const few = starts.slice(0, 40);
      const expected = await searcher.search(problem, few, 48, quiet);
      await searcher.search(problem, starts, 400, aborting(1).watch);
      expect(await searcher.search(problem, few, 48, quiet)).toEqual(expected);
    });
  });

  suite(`an aborted fit on ${kind}`, () => {
    const { runs } = draw(laws.mixture, { noise: 3e-3, domains: 3, mixtures: 40, targets: 2 });
    let engine: Engine;
    let polishing: () => void = () => undefined;
    beforeAll(async () => {
      const inner = inlinePool();
      // It tells of starts and not of milliseconds, so that what is done by then is the same on any
      // machine. The polish here is over before its first tick: the pool tells when it begins.
      const run: Pool["run"] = async (task, starts, options, { signal, tick }) => {
        if (options.newton) polishing();
        const ends: Polished[] = [];
        while (ends.length < starts.length) {
          const some = starts.slice(ends.length, ends.length + TOLD);
          ends.push(...(await inner.run(task, some, options, { signal, tick: () => undefined })));
          if (signal?.aborted !== true) tick(ends.length / starts.length);
        }
        return ends;
      };
      engine = await makeEngine({
        backend: kind,
        gpu: () => Promise.resolve(openGpu()),
        pool: { ...inner, run },
        notice: () => undefined,
      });
    });
    afterAll(() => engine.close());

    /** What a fit rejects with that is aborted when it reaches `stage`. */
    async function stoppedAt(stage: Progress["stage"]): Promise<unknown> {
      const controller = new AbortController();
      const onProgress = (p: Progress): void => void (p.stage === stage && controller.abort());
      polishing = () => void (stage === "polish" && controller.abort());
      return failure(
        engine.fit(laws.mixture, runs, {
          restarts: RESTARTS,
          signal: controller.signal,
          onProgress,
        }),
      );
    }

    test.each(["search", "hop", "polish"] as const)(
      "at %s keeps the best so far as a fit file",
      async (stage) => {
        const error = await stoppedAt(stage);
        expect(error).toBeInstanceOf(AbortedError);
        const { partial } = error as AbortedError<FitFile>;
        expect(partial).toMatchObject({ schema: "mixlaw/fit@2", backend: { kind } });
        // The GPU and the CPU take target after target: the second need not have begun.
        expect(partial?.fits.map((f) => f.target)).toEqual(
          stage === "search" ? ["loss_t0"] : ["loss_t0", "loss_t1"],
        );
        for (const fit of partial?.fits ?? []) {
          expect(fit.search.status).toBe("interrupted");
          expect(fit.warnings.join()).toMatch(/interrupted: this is the best found so far/);
          expect(Number.isFinite(fit.objective)).toBe(true);
        }
        expect(
          partial === undefined ? [] : predict(partial, runs)[0].values.every(Number.isFinite),
        ).toBe(true);
      },
    );

    test("before it begins has nothing to keep", async () => {
      const error = await failure(engine.fit(laws.mixture, runs, { signal: AbortSignal.abort() }));
      expect(error).toBeInstanceOf(AbortedError);
      expect((error as AbortedError).partial).toBeUndefined();
    });

    test("leaves the engine usable", async () => {
      await stoppedAt("hop");
      const file = await engine.fit(laws.mixture, runs, { restarts: 32 });
      expect(file.fits.map((f) => f.search.status)).toEqual(["converged", "converged"]);
    });

    test("an error of the caller's own callback comes through", async () => {
      const onProgress = (p: Progress): void => {
        if (p.stage === "search") throw new RangeError("the caller's own");
      };
      expect(
        await failure(engine.fit(laws.mixture, runs, { restarts: RESTARTS, onProgress })),
      ).toEqual(new RangeError("the caller's own"));
    });
  });
}

describeGpu("a search whose device is lost", () => {
  const starts = random(drawn, MANY);

  test("before it began", async () => {
    const own = await newDevice();
    const searcher = new GpuSearcher(new Device(own, REPORT));
    own.destroy();
    await expect(searcher.search(problem, starts, 400, quiet)).rejects.toBeInstanceOf(
      DeviceLostError,
    );
  });

  describe.each([
    ["nobody has aborted", false],
    ["the user has aborted too", true],
  ])("in the middle, when %s", (_, aborts) => {
    test.each([1, 2, 3])("tick %i", async (nth) => {
      const own = await newDevice();
      const controller = new AbortController();
      let ticks = 0;
      const tick = (): void => {
        if (++ticks !== nth) return;
        own.destroy();
        if (aborts) controller.abort();
      };
      const searcher = new GpuSearcher(new Device(own, REPORT));
      await expect(
        searcher.search(problem, starts, 400, { signal: controller.signal, tick }),
      ).rejects.toBeInstanceOf(DeviceLostError);
      // And it says the same from then on.
      await expect(searcher.search(problem, starts.slice(0, 1), 1, quiet)).rejects.toBeInstanceOf(
        DeviceLostError,
      );
    });
  });

  test("while its kernel is compiled", async () => {
    const own = await newDevice();
    const searching = new GpuSearcher(new Device(own, REPORT)).search(problem, starts, 400, quiet);
    own.destroy();
    await expect(searching).rejects.toBeInstanceOf(DeviceLostError);
  });
});
