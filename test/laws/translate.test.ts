/** A point of a law says the same in any units. */
import { expect, test } from "vitest";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { bind } from "../../src/laws/bind.ts";
import { translate } from "../../src/laws/translate.ts";
import { bindings, bound, predict, runsOf, start, UNITS } from "./fixture.ts";

/** Other units of every input, no two changed by the same factor. */
const OTHER = {
  ...UNITS,
  ...Object.fromEntries(
    Object.entries(UNITS).map(([name, unit], n) => [name, unit * 3 ** (n - 3)]),
  ),
};

const typed = lawFromFormula("E + A/(params^alpha*ft_tokens^beta)", {
  inputs: { ft_tokens: { positive: true } },
});

/** All numbers of a nested object, in order. */
const numbers = (value: unknown): number[] =>
  typeof value === "object" && value !== null
    ? Object.values(value).flatMap(numbers)
    : typeof value === "number"
      ? [value]
      : [];

const expectSame = (found: readonly number[], expected: readonly number[], what: string): void => {
  expect(found.length, what).toBe(expected.length);
  for (const [n, value] of found.entries())
    expect(Math.abs(value - expected[n]), what).toBeLessThanOrEqual(1e-12 * Math.abs(expected[n]));
};

test.each([...bindings(3), ["a formula", bound(typed, 3, "positive")] as const])(
  "%s: translated to other units, predictions and report stay",
  (_, law) => {
    const other = bind(law.law, law.domains, law.options, OTHER);
    const runs = runsOf(3, 4);
    for (const seed of [1, 2, 3]) {
      const theta = start(law, seed);
      if (law.law.units === "fit") {
        expect(translate(law, theta, law)).toEqual(theta);
        expect(() => translate(law, theta, other)).toThrow(/not closed under a change of units/);
        continue;
      }
      const moved = translate(law, theta, other);
      expectSame(predict(other, runs, moved), predict(law, runs, theta), "predictions");
      expectSame(numbers(other.reportAt(moved)), numbers(law.reportAt(theta)), "report");
    }
  },
);
