import { expect, test } from "vitest";
import { stream } from "../../src/random/rng.ts";
import { areMany, batchEnds, isEnough } from "../../src/stats/unseen.ts";

test("batches double, and end at the most", () => {
  expect(batchEnds(32, 512)).toEqual([32, 64, 128, 256, 512]);
  expect(batchEnds(32, 300)).toEqual([32, 64, 128, 256, 300]);
  expect(batchEnds(32, 32)).toEqual([32]);
  expect(batchEnds(32, 7)).toEqual([7]);
});

test("enough is seen where nearly no start is alone in its optimum", () => {
  expect(isEnough(0, 1)).toBe(true);
  expect(isEnough(1, 47)).toBe(false);
  expect(isEnough(1, 48)).toBe(true);
  expect(isEnough(3, 100)).toBe(false);
});

test("starts are many where the next would hardly end lower than all, and optima are few", () => {
  expect(areMany(0, 46)).toBe(false);
  expect(areMany(5, 47)).toBe(true);
  expect(areMany(6, 47)).toBe(false);
});

test("the next start ends lower than n before with a chance of 1/(n + 1) at most", () => {
  // Ends of starts in few basins, in many, and each in its own: the last is the worst case.
  const draws = stream(7, 0);
  const share = (basins: number): number => {
    const rounds = 20_000;
    let lower = 0;
    for (let round = 0; round < rounds; round++) {
      const ends = Array.from({ length: 12 }, (_, n) =>
        Math.floor(draws.uniform(round, n) * basins),
      );
      if ((ends[11] ?? NaN) < Math.min(...ends.slice(0, 11))) lower++;
    }
    return lower / rounds;
  };
  const slack = 4 * Math.sqrt(1 / 12 / 20_000); // four standard deviations
  for (const basins of [3, 30, 1e9]) expect(share(basins)).toBeLessThan(1 / 12 + slack);
  expect(share(1e9)).toBeGreaterThan(1 / 12 - slack);
});
