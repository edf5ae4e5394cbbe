/** What is held out: every row once, groups and mixtures whole. */
import { describe, expect, test } from "vitest";
import { blocksOf } from "../../src/random/resampling.ts";
import { clustersOf, curveOf, foldsOf, mixturesOf, usual } from "../../src/validate/folds.ts";
import { runs } from "./fixture.ts";

const grouped = (labels: readonly string[]) => ({
  ...runs,
  group: "run",
  train: { ...runs.train, groups: labels },
});

describe("folds", () => {
  test("never split a group, hold every row out once, and are of about the same size", () => {
    const labels = Array.from({ length: runs.train.rows }, (_, row) => `g${row % 11}`);
    const { held, samples } = foldsOf(grouped(labels), "group", 4, 3);
    expect(held.flatMap((rows) => [...rows]).toSorted((a, b) => a - b)).toEqual(
      labels.map((_, row) => row),
    );
    const foldOf = new Map(
      held.flatMap((rows, fold) => [...rows].map((row) => [row, fold] as const)),
    );
    for (let row = 0; row < labels.length; row++)
      expect(foldOf.get(row)).toBe(foldOf.get(row % 11));
    for (const rows of held)
      expect(Math.abs(rows.length - runs.train.rows / 4)).toBeLessThan(runs.train.rows / 11 + 1);
    expect(samples?.count).toBe(4);
    expect(foldsOf(grouped(labels), "group", 4, 3)).toEqual(
      foldsOf(grouped(labels), "group", 4, 3),
    );
    expect(foldsOf(grouped(labels), "group", 4, 4).held).not.toEqual(held);
  });

  test("of the largest value hold its rows out alone", () => {
    const labels = [...runs.train.inputs["params"]].map(String);
    const { held, title } = foldsOf(grouped(labels), "largest", 5, 1);
    expect(held).toHaveLength(1);
    expect([...held[0]].every((row) => runs.train.inputs["params"][row] === 1e9)).toBe(true);
    expect(title).toMatch(/largest run, 1000000000/);
    expect(() => foldsOf(grouped(labels.with(3, "big")), "largest", 5, 1)).toThrow(
      /data row 4.*"big" is no number/,
    );
  });

  test("of rows, and what is held out where nobody says", () => {
    const { held, title, clusters } = foldsOf(runs, "row", 5, 1);
    expect(title).toBe(`5 folds of ${runs.train.rows} rows`);
    for (const rows of held) expect(Math.abs(rows.length - runs.train.rows / 5)).toBeLessThan(1);
    expect(clusters).toEqual(mixturesOf(runs));
    expect([
      usual(runs),
      usual(grouped([])),
      usual({ ...runs, test: runs.train }),
      usual({ ...runs, domains: [] }),
    ]).toEqual(["mixture", "group", "test", "row"]);
  });

  test("of mixtures, and what cannot be held out", () => {
    expect(foldsOf(runs, "mixture", 6, 1).title).toBe("6 folds of 24 mixtures");
    expect(mixturesOf(runs).blocks).toBe(24);
    expect(() => foldsOf(runs, "test", 5, 1)).toThrow(/give ‘test’/);
    expect(() =>
      foldsOf(
        grouped(runs.train.losses[0].reduce<string[]>((all) => [...all, "one"], [])),
        "group",
        5,
        1,
      ),
    ).toThrow(/only one of the values of run/);
    expect(() => foldsOf({ ...runs, domains: [] }, "mixture", 5, 1)).toThrow(/no mixture weights/);
  });

  test("errors are shared by mixtures, and by groups that cross them", () => {
    const mixtures = mixturesOf(runs);
    const within = blocksOf(
      [...mixtures.blockOf].map((mixture, row) => `${mixture} ${runs.train.inputs["params"][row]}`),
    );
    expect(clustersOf(runs, within)).toEqual(mixtures);
    const crossing = blocksOf([...runs.train.inputs["params"]].map(String));
    expect(clustersOf(runs, crossing)).toBe(crossing);
    const bare = { ...runs, domains: [] };
    expect([clustersOf(bare, crossing).blocks, clustersOf(bare).blocks]).toEqual([
      3,
      runs.train.rows,
    ]);
  });

  test("the learning curve fits growing parts of the mixtures that are not held out", () => {
    const { samples, held, sizes, repeats } = curveOf(runs, [5, 10, 15, 50], 3, 1);
    expect([sizes, repeats, held.length]).toEqual([[5, 10, 15], 3, 9]);
    const { blocks, blockOf } = mixturesOf(runs);
    if (samples.source.kind !== "given") throw new Error("not given");
    for (let s = 0; s < 9; s++) {
      const chosen = samples.source.weights.subarray(s * blocks, (s + 1) * blocks);
      expect(chosen.reduce((a, b) => a + b, 0)).toBe(sizes[s % 3]);
      for (const row of held[s]) expect(chosen[blockOf[row]]).toBe(0);
      if (s % 3 > 0)
        for (const [block, w] of samples.source.weights
          .subarray((s - 1) * blocks, s * blocks)
          .entries())
          expect(chosen[block]).toBeGreaterThanOrEqual(w);
    }
    expect(() => curveOf(runs, [30, 40], 3, 1)).toThrow(/needs more mixtures/);
  });
});
