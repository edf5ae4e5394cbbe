import { expect, test } from "vitest";
import { likelyPhases, likelyShares } from "../../../src/data/table/likely-shares.ts";
import { tableOf } from "../../../src/data/table/rows.ts";

test.each([
  [{ "config/mix/web": 0.25, "config/mix/code": 0.75, "config/lr": 0.5 }, "config/mix/*"],
  [{ mix_web: 25, mix_code: 75, lr: 0.5 }, "mix_*"],
  [{ "eval/a": 0.2, "eval/b": 0.9 }, undefined],
  [{ "mix/a": 1.5, "mix/b": -0.5 }, undefined],
])("%j: %s", (row, shares) => {
  expect(likelyShares(tableOf([row, row]))).toBe(shares);
});

test.each([
  [{ h0_web: 0.2, h0_code: 0.8, h1_code: 0.6, h1_web: 0.4, n: 1 }, ["h0", "h1"]],
  [{ main_web: 0.2, main_code: 0.8, mix_books: 0.6, mix_web: 0.4 }, undefined],
  [{ main_web: 0.2, main_code: 0.8, eval_web: 0.9, eval_code: 0.8 }, undefined],
])("%j: phases %j", (row, phases) => {
  expect(likelyPhases(tableOf([row, row]))).toEqual(phases);
});
