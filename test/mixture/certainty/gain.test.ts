import { describe, expect, test } from "vitest";
import {
  gainOver,
  optimismOf,
  type Replicate,
  robustMean,
} from "../../../src/mixture/certainty/gain.ts";
import { lawValue } from "../../../src/mixture/goal/goal.ts";
import { resolver } from "../../../src/mixture/solver/resolver.ts";
import { stream } from "../../../src/random/rng.ts";
import { mean } from "../../../src/stats/moments.ts";
import { namesOf } from "../../laws/fixture.ts";
import { AT, drawLosses, fileOf } from "../fixture.ts";

describe("a mean without wild values", () => {
  test("is the mean where there are none", () => {
    expect(robustMean([1, 2, 3, 4, 10])).toBeCloseTo(4, 12);
  });
  test("leaves out values far from the middle, and those that are no numbers", () => {
    expect(robustMean([1, 2, 3, 4, 1e6, NaN, Infinity])).toBeCloseTo(2.5, 12);
  });
});

/**
 * A truth with a flat optimum, fits that scatter around it as estimates do, and replicates that
 * scatter around a fit in the same way.
 */
function simulate(k: number, sd: number, fits: number, count: number) {
  const [truth] = drawLosses("mixture", k, 1, 11);
  if (truth === undefined) throw new Error("no truth");
  const { law, theta } = truth.fitted;
  const center = Float64Array.from(namesOf(law), (name, i) =>
    name.startsWith("gamma") ? 0.7 : name.startsWith("lnC") ? 0.1 * (i % 3) : (theta[i] ?? 0),
  );
  const scattered = (around: Float64Array, n: number): Float64Array => {
    const draws = stream(n, 7009);
    return around.map((x, i) =>
      i === 0 ? x : x + sd * normal(draws.uniform(i, 0), draws.uniform(i, 1)),
    );
  };
  const { problem, solve } = resolver(fileOf([{ ...truth, fitted: { law, theta: center } }]), AT);
  const valueBy = (coordinates: Float64Array): Replicate["value"] => {
    const { goal } = problem.with({ theta: [coordinates] });
    return (h) => lawValue(goal, h);
  };
  const even = new Float64Array(k).fill(1 / k);
  const judge = valueBy(center);
  return Array.from({ length: fits }, (_, s) => {
    const fit = scattered(center, 1 + s);
    const value = valueBy(fit);
    const { h } = solve({ theta: [fit] });
    const replicates = Array.from({ length: count }, (__, b): Replicate => {
      const again = scattered(fit, 100_000 + 1000 * s + b);
      return { h: solve({ theta: [again], starts: [h] }).h, value: valueBy(again) };
    });
    return {
      truth: judge(even) - judge(h),
      gain: gainOver(even, h, value, replicates, 0.9, optimismOf(h, value, replicates)),
      promised: judge(h) - value(h),
      optimism: optimismOf(h, value, replicates),
      /** Each replicate's choice judged by the next one's law. */
      judged: mean(
        replicates.map((replicate, b) => {
          const other = replicates[(b + 1) % count] ?? replicate;
          return other.value(even) - other.value(replicate.h);
        }),
      ),
    };
  });
}

const normal = (u: number, v: number): number =>
  Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);

describe("the gain of the chosen mixture, over 200 fits of a known truth", () => {
  const runs = simulate(5, 0.08, 200, 24);
  const over = (numberOf: (run: (typeof runs)[number]) => number): number =>
    mean(runs.map(numberOf));
  const bias = over(({ gain, truth }) => gain.estimate - truth);

  test("by the fit is too large; corrected, less than a sixth of that is left", () => {
    expect(bias).toBeGreaterThan(0.005);
    expect(Math.abs(over(({ gain, truth }) => gain.corrected - truth))).toBeLessThan(bias / 6);
  });

  test("is the true optimum's where replicates judge each other's choice: too large still", () => {
    expect(over(({ judged, truth }) => judged - truth)).toBeGreaterThan(bias / 4);
  });

  test("lies in its 90 % interval about as often", () => {
    const held = ({ gain: { interval }, truth }: (typeof runs)[number]): number =>
      truth >= interval[0] && truth <= interval[1] ? 1 : 0;
    expect(over(held)).toBeGreaterThan(0.82);
    expect(over(held)).toBeLessThan(0.98);
  });

  test("is promised with an optimism that the replicates foresee", () => {
    const promised = over((run) => run.promised);
    expect(promised).toBeGreaterThan(0);
    expect(over(({ optimism }) => optimism) / promised).toBeGreaterThan(0.8);
    expect(over(({ optimism }) => optimism) / promised).toBeLessThan(1.25);
  });
});
