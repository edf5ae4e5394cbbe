/** Profile intervals of few runs hold the truth; the large study is `npm run evidence`. */
import { expect, test } from "vitest";
import { fewRows } from "../../bench/evidence/few-rows.ts";

test("E and α of 22 runs with 0.5 % noise are in their profile intervals", async () => {
  const { E, alpha } = await fewRows(22, 6, "huber");
  expect(E.held).toBeGreaterThanOrEqual(5);
  expect(alpha.held).toBeGreaterThanOrEqual(5);
  expect(E.open).toBeLessThanOrEqual(2);
});
