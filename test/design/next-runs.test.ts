/** Chosen runs: what they may be, and what cannot be answered. */
import { describe, expect, test } from "vitest";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { nextRuns } from "../../src/design/next-runs.ts";
import { AT, file, planBy, pool, replicatesOf, runsOf } from "./experiments.ts";

const replicates = replicatesOf(60);
const plan = planBy(replicates);

describe("chosen runs", () => {
  test("are affordable, told with what is spent, and the same each time", () => {
    const found = plan({ budget: 1e20 });
    expect(found.chosen.at(-1)?.spent).toBeLessThanOrEqual(1e20);
    expect(plan({ budget: 1e20 })).toEqual(found);
    for (const { row, params, tokens, cost } of found.chosen) {
      expect([params, tokens]).toEqual([pool[row - 1].params, pool[row - 1].tokens]);
      expect(cost).toBe(6 * (params ?? 0) * (tokens ?? 0));
    }
  });

  test("are for a mixture with at most 1.5 × what was trained, unless beyond lifts that", () => {
    const trained = [[0.04, 0.5, 0.46], [0.02, 0.4, 0.58]]; // prettier-ignore
    const narrow: FitFile = {
      ...file(),
      data: { ...file().data, mixtures: trained.map((weights) => ({ weights, runs: 1 })) },
    };
    const share = (beyond: boolean): number =>
      Object.values(
        nextRuns(
          narrow,
          runsOf(pool),
          { goal: "mixture", ...AT, runs: 1, beyond },
          () => replicates,
        ).now,
      )[0].mean;
    expect(share(false)).toBeLessThanOrEqual(0.06 + 1e-12);
    expect(share(true)).toBeGreaterThan(0.06);
  });

  test("by costs of the user's own", () => {
    const costs = Float64Array.from(pool, (_, i) => (i === 3 ? 1e-6 : 1));
    expect(plan({ costs }).chosen[0].row).toBe(4);
  });
});

describe("what cannot be answered", () => {
  test.each([
    [
      "no bootstrap",
      () => nextRuns(file(), runsOf(pool), { goal: "mixture", ...AT }, () => undefined),
      /has no bootstrap.*Fit again with ‘bootstrap: 1000’/,
    ],
    [
      "too few replicates",
      () =>
        nextRuns(file(), runsOf(pool), { goal: "mixture", ...AT }, () => replicates.slice(0, 5)),
      /5 bootstrap replicates, too few/,
    ],
    [
      "no size",
      () => nextRuns(file(), runsOf(pool), { goal: "loss", tokens: 1e9 }, () => replicates),
      /needs the params of the run to plan: give ‘params’/,
    ],
    [
      "an unknown law",
      () => plan({ law: "joint" }),
      /‘law’ is joint, but the fit file has only additive/,
    ],
    [
      "a tiny budget",
      () => plan({ budget: 1 }),
      /‘budget’ .* is less than any run of pool.csv costs/,
    ],
    [
      "a free run",
      () => plan({ costs: new Float64Array(pool.length) }),
      /pool.csv, row 1: the cost is 0/,
    ],
    [
      "no candidates",
      () => nextRuns(file(), runsOf([]), { goal: "mixture", ...AT }, () => replicates),
      /train.rows is 0, and no number of rows/,
    ],
    [
      "floors above 1",
      () => plan({ constraints: { floors: { web: 0.6, code: 0.6 } } }),
      /cannot hold together/,
    ],
  ])("%s", (_, ask, message) => {
    expect(ask).toThrow(message);
  });
});
