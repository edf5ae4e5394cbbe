import { expect, test } from "vitest";
import { batchEnds, isEnough } from "../../src/stats/unseen.ts";

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
