/** What callers hear of how far work is: it never goes back, and ends at 1. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RisingProgress } from "../../src/base/rising-progress.ts";
import { type Engine, makeEngine } from "../../src/fit/engine.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { Progress } from "../../src/options/fit-options.ts";
import { validate } from "../../src/validate/validate.ts";
import { describeGpu, openGpu } from "../support/gpu.ts";
import { backends } from "./backends.ts";
import { draw } from "./fixture.ts";

const { runs } = draw(laws.simple, { noise: 3e-3, domains: 2, mixtures: 8, targets: 1 });
const FIT = { restarts: 16, backtest: false } as const;

/** Checks that the shares rise, within [0, 1]. */
function expectRising(shares: readonly number[]): void {
  expect(shares.length).toBeGreaterThan(0);
  expect(shares.filter((share) => !(share >= 0 && share <= 1))).toEqual([]);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
}

for (const { kind, suite } of backends(describeGpu)) {
  suite(`progress on ${kind}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      const gpu = (): Promise<GPU> => Promise.resolve(openGpu());
      const pool = inlinePool();
      engine = await makeEngine({ backend: kind, gpu, pool, notice: () => undefined });
    });
    afterAll(() => engine.close());

    /** What is heard while `work` is done. */
    async function heard(
      work: (onProgress: (progress: Progress) => void) => Promise<unknown>,
    ): Promise<Progress[]> {
      const reports: Progress[] = [];
      await work((progress) => void reports.push(progress));
      expectRising(reports.map(({ fraction }) => fraction));
      return reports;
    }

    test("a fit of two laws, with all that can follow", async () => {
      const options = { ...FIT, bootstrap: 8, profile: ["alpha"], interval: "bca" } as const;
      const reports = await heard((onProgress) =>
        engine.fit([laws.chinchilla, laws.simple], runs, { ...options, onProgress }),
      );
      expect(reports.at(-1)?.fraction).toBe(1);
      const stages = new Set(reports.map(({ stage }) => stage));
      expect([...stages]).toEqual(expect.arrayContaining(["search", "profile", "bootstrap"]));
    });

    test("a validation by folds", async () => {
      const reports = await heard((onProgress) =>
        validate(engine.resources, [laws.chinchilla], runs, {
          ...FIT,
          folds: 2,
          onProgress,
        }),
      );
      expect(reports.at(-1)?.fraction).toBe(1);
    });

    test("a fit that is stopped", async () => {
      const stop = new AbortController();
      const reports = await heard((onProgress) =>
        engine
          .fit(laws.chinchilla, runs, {
            ...FIT,
            signal: stop.signal,
            onProgress: (progress) => {
              onProgress(progress);
              if (progress.stage === "refine") stop.abort();
            },
          })
          .catch(() => undefined),
      );
      expect(reports.at(-1)?.fraction).toBeLessThan(1);
    });
  });
}

describe("progress", () => {
  test("of an optimum", async () => {
    const engine = await makeEngine({
      backend: "cpu",
      gpu: () => Promise.resolve(undefined),
      pool: inlinePool(),
      notice: () => undefined,
    });
    const file = await engine.fit(laws.simple, runs, { ...FIT, bootstrap: 4 });
    for (const intervals of [false, true]) {
      const shares: number[] = [];
      await optimize(file, {
        params: 1e9,
        tokens: 2e10,
        intervals,
        onProgress: (share) => void shares.push(share),
      });
      expectRising(shares);
      expect(shares.at(-1)).toBe(1);
    }
  });

  test("that falls, or exceeds 1, is heard as what was reached", () => {
    const shares: number[] = [];
    const progress = new RisingProgress(({ fraction }: { fraction: number }) =>
      shares.push(fraction),
    );
    progress.reach(1); // of what was not begun, nothing is told
    for (const fraction of [0.2, 0.1, 0.5, 1.01]) progress.report({ fraction });
    progress.reach(1);
    expect(shares).toEqual([0.2, 0.2, 0.5, 1]);
  });
});
