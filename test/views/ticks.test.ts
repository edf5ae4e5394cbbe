import { expect, test } from "vitest";
import { logTicks } from "../../src/views/kit/ticks.ts";

test.each([
  [[2e7, 7e8], 4, [3e7, 1e8, 3e8]],
  [[1, 2.2], 2, [1, 2]],
  [[1, 2.2], 5, [1, 1.5, 2]],
  [[1e6, 1e12], 3, [1e6, 1e9, 1e12]],
  [[3.2e8, 1.24e9], 4, [5e8, 7e8, 1e9]],
] as const)("ticks of %j, at most %d", ([from, to], most, ticks) => {
  expect(logTicks([from, to], most)).toEqual(ticks);
});
