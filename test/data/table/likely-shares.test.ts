import { expect, test } from "vitest";
import { likelyShares } from "../../../src/data/table/likely-shares.ts";
import { tableOf } from "../../../src/data/table/rows.ts";

test.each([
  [{ "config/mix/web": 0.25, "config/mix/code": 0.75, "config/lr": 0.5 }, "config/mix/*"],
  [{ mix_web: 25, mix_code: 75, lr: 0.5 }, "mix_*"],
  [{ "eval/a": 0.2, "eval/b": 0.9 }, undefined],
  [{ "mix/a": 1.5, "mix/b": -0.5 }, undefined],
])("%j: %s", (row, shares) => {
  expect(likelyShares(tableOf([row, row]))).toBe(shares);
});
