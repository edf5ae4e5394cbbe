import { describe, expect, test } from "vitest";
import { errorRates, lawError } from "../../../src/fit/backtest/error-model.ts";
import { halfWidth } from "../../../src/fit/backtest/half-width.ts";
import type { Backtest, Backtests } from "../../../src/fit/result/backtests.ts";
import { normalCdf } from "../../../src/stats/normal.ts";
import { stream } from "../../../src/random/rng.ts";

const backtest = (levels: number, distance: number, error: number, over = {}): Backtest => ({
  fittedTo: 1e8 * levels,
  levels,
  predicted: 1e8 * (levels + 1),
  rows: 100,
  distance,
  error,
  scatter: 0.005,
  noise: 0.005,
  standardError: 0,
  ...over,
});
const of = (list: readonly Backtest[], levels = 5): Backtests => ({
  axis: "params",
  levels: Array.from({ length: levels }, (_, i) => 1e8 * (i + 1)),
  scale: 1,
  noise: 0.005,
  list,
});
const rate = (tests: Backtests): number => lawError(errorRates([tests])[0], 1);

describe("the rate of a law's error", () => {
  test("is what back-tests show per distance", () => {
    const tests = of([2, 3, 4].map((levels) => backtest(levels, 0.5, 0.02)));
    expect(rate(tests)).toBeGreaterThan(0.03);
    expect(rate(tests)).toBeLessThan(0.06);
  });

  test("is little where the refits' own uncertainty explains the errors", () => {
    const explained = of([2, 3, 4].map((n) => backtest(n, 0.5, 0.02, { standardError: 0.02 })));
    const tests = of([2, 3, 4].map((n) => backtest(n, 0.5, 0.02)));
    expect(rate(explained)).toBeLessThan(0.6 * rate(tests));
  });

  test("gives an error of few levels less weight than one of many", () => {
    const early = of([backtest(2, 0.5, 0.03), backtest(3, 0.5, 0.01), backtest(4, 0.5, 0.01)]);
    const late = of([backtest(2, 0.5, 0.01), backtest(3, 0.5, 0.01), backtest(4, 0.5, 0.03)]);
    expect(rate(early)).toBeLessThan(rate(late));
  });

  test("is told better by a scatter of many runs than by a bias, which is common to them", () => {
    const width = (over: Partial<Backtest>): number =>
      halfWidth(1e-6, 1, errorRates([of([backtest(4, 0.5, 0, over)])])[0], 0.95);
    expect(width({ scatter: 0.02 })).toBeLessThan(0.5 * width({ error: 0.02 }));
    expect(width({ scatter: 0.02, rows: 2 })).toBeGreaterThan(0.9 * width({ error: 0.02 }));
  });

  test("has its bias and its scatter, in squares", () => {
    const squareOf = (error: number, scatter: number): number =>
      rate(of([2, 3, 4].map((n) => backtest(n, 0.5, error, { scatter })))) ** 2;
    const little = squareOf(0, 0.005);
    const [bias, scatter] = [squareOf(0.02, 0.005), squareOf(0, 0.02)];
    expect((squareOf(0.02, 0.02) + little) / (bias + scatter)).toBeCloseTo(1, 3);
    expect(Math.min(bias, scatter)).toBeGreaterThan(10 * little);
  });

  test("is all bias where no level has two runs", () => {
    const alone = [2, 3, 4].map((n) => backtest(n, 0.5, 0.02, { rows: 1, scatter: 0 }));
    expect(rate(of(alone))).toBeGreaterThan(0.03);
    expect(rate(of(alone))).toBeLessThan(0.06);
  });

  test("is shrunk towards those of other targets", () => {
    const calm = of([2, 3, 4].map((levels) => backtest(levels, 0.5, 0.001)));
    const wild = of([2, 3, 4].map((levels) => backtest(levels, 0.5, 0.03)));
    const [among] = errorRates([calm, wild, wild, wild, wild]);
    expect(lawError(among, 1)).toBeGreaterThan(rate(calm));
    expect(lawError(among, 1)).toBeLessThan(rate(wild));
  });
});

describe("half widths", () => {
  test("are the normal's without a distance or a rate", () => {
    expect(halfWidth(2, 0, errorRates([of([backtest(2, 0.5, 0.02)])])[0], 0.95)).toBeCloseTo(
      3.92,
      2,
    );
    expect(halfWidth(2, 1, undefined, 0.95)).toBeCloseTo(3.92, 2);
  });

  test("leave out as much as the level says", () => {
    const [known] = errorRates([of([2, 3, 4].map((n) => backtest(n, 0.5, 0.02)))]);
    for (const level of [0.5, 0.95, 0.999])
      for (const [sd, distance] of [
        [1e-6, 1],
        [0.01, 0.01],
        [0.01, 8],
        [10, 1],
      ] as const) {
        const h = halfWidth(sd, distance, known, level);
        const outside = known.rates.reduce(
          (sum, tau, i) =>
            sum + 2 * known.chances[i] * normalCdf(-h / Math.hypot(sd, tau * distance)),
          0,
        );
        expect(Math.abs(outside / (1 - level) - 1)).toBeLessThan(1e-5);
      }
  });

  test("are wider, in standard deviations, for want of back-tests", () => {
    const width = (count: number): number => {
      const tests = of(Array.from({ length: count }, () => backtest(4, 0.5, 0.02)));
      const [known] = errorRates([tests]);
      return halfWidth(1e-6, 1, known, 0.95) / lawError(known, 1);
    };
    const [one, many] = [1, 30].map((n) => halfWidth(1e-6, 1, errorRates([of(Array.from({ length: n }, () => backtest(4, 0.5, 0.02)))])[0], 0.95)); // prettier-ignore
    expect(one).toBeGreaterThan(1.5 * many);
    expect(width(30)).toBeCloseTo(1.96, 1);
  });

  test("hold errors as often as the level says, when errors are as the model says", () => {
    const draws = stream(5, 1);
    let held = 0;
    const cases = 150;
    for (let c = 0; c < cases; c++) {
      const tau = 0.02 * Math.exp(0.5 * draws.normal(c, 0));
      const error = (levels: number, lane: number): number =>
        tau * 0.5 * (1 + 1 / (levels - 1)) * draws.normal(c, lane);
      const tests = of([2, 3, 4].map((n) => backtest(n, 0.5, error(n, 2 * n))));
      const others = Array.from({ length: 6 }, (_, t) =>
        of(
          [2, 3, 4].map((n) => {
            const other = 0.02 * Math.exp(0.5 * draws.normal(c, 100 + 20 * t));
            return backtest(n, 0.5, other * 0.5 * (1 + 1 / (n - 1)) * draws.normal(c, 102 + 20 * t + 2 * n)); // prettier-ignore
          }),
        ),
      );
      const [known] = errorRates([tests, ...others]);
      const truth = tau * (1 + 1 / 4) * draws.normal(c, 40);
      if (Math.abs(truth) <= halfWidth(1e-6, 1, known, 0.9)) held++;
    }
    // 0.9 ± 3 standard errors of 150 cases.
    expect(held / cases).toBeGreaterThan(0.826);
    expect(held / cases).toBeLessThan(0.974);
  });
});
