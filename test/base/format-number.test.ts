import { fc } from "../support/property.ts";
import { describe, expect, test } from "vitest";
import {
  compact, epochs, errorPercent, exponential, fixed, flops, gain, grouped, inPercent, loss, number, percent, probability, rounded, seconds, signed, significant, roundedUp } from "../../src/base/format-number.ts"; // prettier-ignore

describe("a number is written", () => {
  test.each([
    ["number", number(0.25), "0.2500"],
    ["number, none", number(null), "–"],
    ["number, 0", number(0), "0"],
    ["number, large", number(12345678, 3), "1.23e7"],
    ["number, rounded before its point", number(1234567, 5), "1234600"],
    ["number, small", number(-0.00012345, 3), "-1.23e-4"],
    ["fixed", fixed(0.5, 3), "0.500"],
    ["fixed, 0 without a sign", fixed(-1e-9, 2), "0.00"],
    ["rounded", rounded(0.25, 3), "0.25"],
    ["signed", signed(0.0141, 3), "+0.014"],
    ["signed, below 0", signed(-0.5, 2), "-0.50"],
    ["exponential", exponential(1.5, 3), "1.500e0"],
    ["significant", significant(0.25, 3), "0.25"],
    ["significant, large", significant(12345, 3), "12300"],
    ["significant, tiny", significant(1.234e-9, 3), "1.23e-9"],
    ["compact", compact(1.5e9), "1.5B"],
    ["compact, small", compact(12.34), "12.3"],
    ["compact, rounded up to the next unit", compact(999_999), "1M"],
    ["compact, above all units", compact(1.25e15), "1250T"],
    ["grouped", grouped(65536), "65,536"],
    ["flops", flops(1e21), "1.00e21"],
    ["percent", percent(0.95), "95 %"],
    ["percent, in few digits", percent(0.123456, 3), "12.3 %"],
    ["inPercent", inPercent(0.42671), "42.67"],
    ["errorPercent", errorPercent(0.4712), "0.47"],
    ["errorPercent, small", errorPercent(0.00317), "0.0032"],
    ["errorPercent, tiny", errorPercent(3e-9), "3.0e-9"],
    ["loss", loss(2.31), "2.3100"],
    ["loss, large", loss(123456.7), "123460"],
    ["gain, small", gain(-0.00012), "-1.2e-4"],
    ["gain", gain(0.0123), "0.0123"],
    ["probability", probability(0.034), "0.034"],
    ["probability, small", probability(1e-9), "≤ 0.001"],
    ["epochs, few", epochs(0.25), "0.25"],
    ["epochs", epochs(4), "4.0"],
    ["epochs, many", epochs(120.3), "120"],
    ["seconds, few", seconds(0.0123), "12 ms"],
    ["seconds", seconds(12.34), "12.3 s"],
    ["seconds, many", seconds(75), "1 min 15 s"],
  ])("%s", (_, text, expected) => {
    expect(text).toBe(expected);
  });
});

test("what is written reads back as a number that is near", () => {
  const digits = fc.integer({ min: 2, max: 8 });
  const values = fc.tuple(fc.double({ min: 1, max: 10, maxExcluded: true, noNaN: true }), fc.integer({ min: -30, max: 30 }), fc.boolean()).map(([m, e, negative]) => (negative ? -1 : 1) * m * 10 ** e);
  fc.assert(
    fc.property(values, digits, (value, n) => {
      for (const text of [number(value, n), significant(value, n), exponential(value, n - 1)])
        expect(Math.abs(Number(text) / value - 1)).toBeLessThanOrEqual(0.5000001 * 10 ** (1 - n));
    }),
  );
}); // prettier-ignore

test("rounded up, a number is the least of its digits that is not below", () => {
  for (const [value, told] of [[0.02141, 0.022], [0.02, 0.02], [0.0996, 0.1], [1.01, 1.1], [123, 130], [9.99e-7, 1e-6], [0, 0]] as const)
    expect(roundedUp(value, 2)).toBe(told);
}); // prettier-ignore
