import { array, assert, constant, double, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { printedShares, wholeParts } from "../../../src/mixture/formats/whole-parts.ts";

describe("wholeParts", () => {
  test("gives what is left to the largest remainders, the first of equal ones", () => {
    expect(wholeParts([1n, 1n, 1n], 10n)).toEqual([4n, 3n, 3n]);
    expect(wholeParts([0n, 55n, 45n], 10n)).toEqual([0n, 6n, 4n]);
    expect(wholeParts([5n, 3n, 2n], 1000n)).toEqual([500n, 300n, 200n]);
  });
});

/** A decimal as a count of 1e-15. */
const units = (value: number): bigint => {
  const [whole = "0", digits = ""] = value.toFixed(15).split(".");
  return BigInt(whole + digits);
};

describe("printedShares", () => {
  test("are decimals that sum to 1, and whole tokens that sum to all of them", () => {
    const weight = oneof(double({ min: 1e-9, max: 1, noNaN: true }), constant(0));
    assert(
      property(
        array(weight, { minLength: 1, maxLength: 40 }).filter((all) => Math.max(...all) > 0),
        double({ min: 1, max: 9e15, noNaN: true }),
        (raw, total) => {
          const sum = raw.reduce((a, b) => a + b, 0);
          const shares = Object.fromEntries(raw.map((value, i) => [`d${i}`, value / sum]));
          const { weights, tokens } = printedShares(shares, total);
          const printed = Object.values(weights);
          expect(printed.map((value) => Number(value.toFixed(15)))).toEqual(printed);
          expect(printed.reduce((all, value) => all + units(value), 0n)).toBe(10n ** 15n);
          for (const [name, value] of Object.entries(weights))
            expect(Math.abs(value - (shares[name] ?? NaN))).toBeLessThan(1.2e-15);
          const counts = Object.values(tokens?.by ?? {});
          expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
          expect(counts.reduce((a, b) => a + b, 0)).toBe(Math.round(total));
          for (const [i, count] of counts.entries())
            expect(Math.abs(count - (printed[i] ?? NaN) * Math.round(total))).toBeLessThan(3);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  test("take a share that rounding left below 0 for none", () => {
    const shares = { web: 1, code: -1e-9, math: -4e-10, books: -6e-10 };
    expect(printedShares(shares, 7)).toEqual({
      weights: { web: 1, code: 0, math: 0, books: 0 },
      tokens: { total: 7, by: { web: 7, code: 0, math: 0, books: 0 } },
    });
  });

  test("leave out tokens that are not known, and give a domain without a share none", () => {
    expect(printedShares({ web: 1, code: 0 }, null)).toEqual({ weights: { web: 1, code: 0 } });
    expect(printedShares({ web: 1, code: 0 }, 7).tokens).toEqual({
      total: 7,
      by: { web: 7, code: 0 },
    });
  });
});
