/** Rows that are held out are predicted by fits that know nothing of them. */
import { expect, test } from "vitest";
import { bindAll } from "../../src/fit/bind-to-runs.ts";
import { searchAll } from "../../src/fit/search-laws.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { fitSettings } from "../../src/options/fit-options.ts";
import { curveOf, foldsOf } from "../../src/validate/folds.ts";
import { judge } from "../../src/validate/judge.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";

const { runs } = draw(laws.additive, {
  domains: 5,
  mixtures: 20,
  noise: 4e-3,
  targets: 2,
  seed: 8,
  sizes: [1e8, 1e9],
});

/** A law judged with the fit to all the runs as it is found, and `shift` away from there. */
async function judged(shift: number, by: "mixture" | "test") {
  const settings = fitSettings({ restarts: 16, seed: 2 });
  const { resources } = await cpuEngine();
  const all = { ...runs, test: runs.train };
  const folds = foldsOf(all, by, 4, 2);
  const curve = by === "test" ? undefined : curveOf(all, [3, 6], 2, 2);
  const order = bindAll([laws.additive], all, settings);
  for await (const found of searchAll(
    {
      order,
      asked: [laws.additive],
      runs: all,
      settings,
      refits: undefined,
      signal: undefined,
      report: () => undefined,
      refuse: (_, __, error) => {
        throw error;
      },
    },
    resources,
  )) {
    const away = (theta: Float64Array): Float64Array => theta.map((x) => x + shift);
    const best = found.best.map(
      (b) => b && { ...b, theta: away(b.theta), optima: b.optima.map(away) },
    );
    const answer = await judge(
      { ...found, best },
      all,
      { folds, largest: undefined, curve, settings, resources, signal: undefined },
      () => undefined,
    );
    if (answer === undefined || "why" in answer) throw new Error("not judged");
    return answer;
  }
  throw new Error("not searched");
}

test("folds and learning curves do not depend on the fit to all the runs, even where a sample leaves directions open", async () => {
  const [as, away] = [await judged(0, "mixture"), await judged(0.3, "mixture")];
  expect(as.predicted).toEqual(away.predicted);
  // 3 mixtures of 10 rows each are rows enough for 15 parameters, and cannot tell 5 domains apart.
  expect(as.curve?.every((errors) => errors !== null && errors.every(Number.isFinite))).toBe(true);
  expect(as.curve).toEqual(away.curve);
});

test("test rows, which no fit has seen, are predicted by the fit to all the others", async () => {
  const [as, away] = [await judged(0, "test"), await judged(0.3, "test")];
  expect(as.predicted).not.toEqual(away.predicted);
});
