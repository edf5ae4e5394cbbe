import { expect, test } from "vitest";
import { startKeys } from "../../../src/fit/records/start-keys.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { draw, problemOf } from "../fixture.ts";

test("starts that differ in anything that their ends depend on have different keys", () => {
  const { law, runs, truths } = draw(laws.chinchilla, { targets: 2 });
  const start = { target: 0, theta: truths[0] };
  const starts = [
    start,
    { ...start, target: 1 },
    { ...start, lambda: 1e-4 },
    { ...start, near: true },
    { ...start, hold: [2] },
    { ...start, theta: truths[1] },
  ];
  const keysOf = (list: typeof starts): string[] => startKeys(problemOf(law, runs), "here", list);
  expect(new Set(keysOf(starts)).size).toBe(starts.length);
  expect(keysOf([{ ...start, near: false }])).toEqual(keysOf([start]));
});
