/** A search of more starts than are under way at once. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Candidate, Field } from "../../../src/fit/search/candidates.ts";
import type { Pool } from "../../../src/fit/search/pool.ts";
import {
  type StartEnd,
  type Searcher,
  type Start,
  startsAtOnce,
} from "../../../src/fit/search/problem.ts";
import { FIRST_ITERATIONS } from "../../../src/fit/search/screen-starts.ts";
import { type Best, searchLaw } from "../../../src/fit/search/search.ts";
import { rangedStarts } from "../../../src/fit/starts/start-source.ts";
import { randomStarts } from "../../../src/fit/starts/starts.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import { draw, problemOf, SCALE } from "../fixture.ts";

const LIMIT = "limit" as const;
const SEED = 3;

describe("a search in parts", () => {
  const drawn = draw(laws.chinchilla, { targets: 2 });
  const { law } = drawn;
  const most = startsAtOnce(law.size);
  const restarts = most + 5;
  /**
   * A search that moves nothing: every start has its distance from an end of the ranges, so that
   * the best is known.
   */
  const objectiveOf = ({ theta }: Start): number => 1 + Math.abs(theta[0]);
  const found = (start: Start): StartEnd => ({
    theta: start.theta,
    objective: objectiveOf(start),
    ending: LIMIT,
    lambda: 1,
  });

  interface Searched {
    readonly calls: readonly (readonly Start[])[];
    readonly best: readonly (Best | undefined)[];
  }

  async function search(targets: number): Promise<Searched> {
    const calls: (readonly Start[])[] = [];
    const holds: ("held" | "released")[] = [];
    const searcher: Searcher = {
      kind: "cpu",
      name: "none",
      hold() {
        holds.push("held");
        return () => void holds.push("released");
      },
      search(_, starts, iterations) {
        // What is on a device stays there from the first search to the last.
        expect(holds).toEqual(["held"]);
        if (iterations === FIRST_ITERATIONS) calls.push(starts);
        return Promise.resolve(starts.map(found));
      },
    };
    const pool: Pool = {
      threads: 1,
      run: (_, starts) => Promise.resolve(starts.map((start) => ({ ...found(start), norm: 0 }))),
      draw: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
    const none = Array.from({ length: targets }, () => []);
    const scales = none.map(() => SCALE);
    const settings = fitSettings({ restarts, seed: SEED });
    const task = {
      law,
      problem: problemOf(law, drawn.runs),
      scales,
      targets: [...none.keys()],
      nested: none,
      given: [],
      settings,
      source: rangedStarts(law, scales),
    };
    const fractions: number[] = [];
    const best = await searchLaw(task, searcher, pool, undefined, ({ fraction }) =>
      fractions.push(fraction),
    );
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(holds).toEqual(["held", "released"]);
    return { calls, best };
  }

  let alone: Searched;
  beforeAll(async () => {
    alone = await search(1);
  });

  test("takes every start once, never too many at a time, and finds the best wherever it is", () => {
    const { calls, best } = alone;
    expect(calls.map((starts) => starts.length)).toEqual([most, 5]);
    const all = randomStarts(law, SCALE, SEED, restarts);
    expect(calls.flat().every(({ theta }, n) => theta.every((x, i) => x === all[n][i]))).toBe(true);
    const lowest = all.reduce(
      (low, theta) => Math.min(low, objectiveOf({ target: 0, theta })),
      Infinity,
    );
    expect(best[0]?.objective).toBeLessThanOrEqual(lowest);
    expect(best[0]?.starts).toBe(restarts);
    // the best quarter of the first part, and the second, which is small, whole;
    expect(best[0]?.ended.limit).toBe(most / 4 + 5);
  });

  test("gives a target what it gives it alone", async () => {
    const together = await search(2);
    expect(together.calls.every((starts) => starts.length <= most)).toBe(true);
    expect(together.best).toEqual([alone.best[0], { ...alone.best[0], target: 1 }]);
  });
});

describe("startsAtOnce", () => {
  test.each([1, 5, 19, 133, 256])(
    "%i coordinates: memory for at most a million of them",
    (size) => {
      expect(startsAtOnce(size) * size).toBeLessThanOrEqual(2 ** 20);
      expect(startsAtOnce(size)).toBeGreaterThanOrEqual(4096);
    },
  );
});

describe("a field", () => {
  const candidate = (objective: number, ending: Candidate["ending"] = LIMIT): Candidate => ({
    target: 0,
    origin: "random",
    theta: Float64Array.of(objective),
    objective,
    ending,
  });

  test("counts all, keeps the best three and others that differ, best first", () => {
    const field = new Field();
    expect(field.least).toBe(Infinity);
    field.add([3, 1, 1.0001, 1.0002, 1.00025, 7].map((x) => candidate(x)));
    field.add([
      candidate(2),
      candidate(1.00001),
      candidate(Infinity, "nonfinite"),
      candidate(Infinity, "interrupted"),
      candidate(9),
    ]);
    expect(field.leaders.map((c) => c.objective)).toEqual([1, 1.00001, 1.0001, 2, 3, 7]);
    expect(field.least).toBe(1);
    expect(field.size).toBe(11);
    expect(field.ends.length).toBe(9); // those that ended somewhere
    expect(field.kept.map((c) => c.objective)).toEqual([1, 2, 3, 7, 9]);
    expect(field.ended).toEqual({ converged: 0, stalled: 0, limit: 9, dropped: 0, nonfinite: 1 });
  });
});
