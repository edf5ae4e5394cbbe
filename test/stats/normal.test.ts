import { describe, expect, test } from "vitest";
import { erf, erfc, normalCdf, normalQuantile } from "../../src/stats/normal.ts";

const near = (value: number, expected: number): void =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(1e-14);

// Known values: mpmath 1.3 at 40 digits.
describe("the normal quantile", () => {
  test.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-5, -4.264890793922825],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.07, -1.4757910281791706],
    [0.1, -1.2815515655446004],
    [0.3, -0.5244005127080408],
    [0.6, 0.2533471031357997],
    [0.75, 0.6744897501960817],
    [0.925, 1.4395314709384561],
    [0.975, 1.9599639845400538],
    [0.995, 2.5758293035489004],
  ])("of %d", (p, z) => near(normalQuantile(p), z));

  test("at the ends and outside", () => {
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity]);
    expect([-0.1, 1.1, NaN].map(normalQuantile)).toEqual([NaN, NaN, NaN]);
  });

  test("is the inverse of the distribution", () => {
    for (let p = 0.0005; p < 1; p += 0.001) near(normalCdf(normalQuantile(p)), p);
    for (let n = 1; n < 300; n++)
      near(Math.log(normalCdf(normalQuantile(10 ** -n))), -n * Math.LN10);
  });
});

describe("the error function and its complement", () => {
  test.each([
    [0.1, 0.1124629160182849, 0.887537083981715],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [1, 0.8427007929497149, 0.15729920705028513],
    [1.2, 0.9103139782296353, 0.08968602177036464],
    [1.3, 0.9340079449406524, 0.06599205505934755],
    [2, 0.9953222650189527, 0.004677734981047266],
    [3, 0.9999779095030014, 2.209049699858544e-5],
    [5, 0.9999999999984626, 1.537459794428035e-12],
    [10, 1.0, 2.088487583762545e-45],
  ])("at %d", (x, value, complement) => {
    near(erf(x), value);
    near(erf(-x), -value);
    near(erfc(x), complement);
    near(erfc(-x), 1 + value);
  });

  test("at 0 and at infinity", () => {
    expect([-Infinity, 0, Infinity].map(erf)).toEqual([-1, 0, 1]);
    expect([-Infinity, 0, Infinity].map(erfc)).toEqual([2, 1, 0]);
  });
});
