/**
 * NIST's reference problems in float64: correct digits of certified parameters and standard
 * deviations.
 */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formulaOf, parseNist } from "../../src/formula-tables/nist-file.ts";
import { InputError } from "../../src/base/errors.ts";
import {
  correctDigits,
  fitReference,
  type From,
  referenceProblem,
} from "../../src/formula-tables/nist-reference.ts";
import { describeData } from "../support/data.ts";
import { BOXBOD, FORMULAS } from "../support/nist.ts";
import {
  expectCertified,
  expectFoundByData,
  fit,
  problemIn,
  SEARCHED_SLOWLY,
} from "./nist-checks.ts";

const boxbod = parseNist(new TextEncoder().encode(BOXBOD), "BoxBOD.dat");

describeData("nist", "the 18 problems", (folder) => {
  const names = readdirSync(folder).flatMap((file) =>
    file.endsWith(".dat") ? [file.slice(0, -4)] : [],
  );

  test("all have a formula here", () =>
    expect(Object.keys(FORMULAS).toSorted()).toEqual(names.toSorted()));

  describe.each(names)("%s", (name) => {
    test.each([1, 2])("from start %s", (from) => expectCertified(problemIn(folder, name), from));

    test("with the header's own model", () =>
      expectCertified(problemIn(folder, name, formulaOf), 2));
  });

  describe.each(names.filter((name) => name !== SEARCHED_SLOWLY))("%s", (name) => {
    test("from start random", () => expectCertified(problemIn(folder, name), "random"));

    test("with no ranges given", () => expectFoundByData(problemIn(folder, name)));
  });
});

describe("a problem of the same format", () => {
  test.each<From>([1, 2, "random"])("from start %s", async (from) => {
    const { digits, deviationDigits, residualSdDigits } = await fitReference(
      referenceProblem(boxbod, formulaOf(boxbod.model)),
      from,
      fit,
    );
    expect(Math.min(digits, deviationDigits, residualSdDigits)).toBeGreaterThan(9);
  });

  test.each([
    [
      "y = b1*(1-exp(-b2*x)) + b3",
      /"b3" is neither a column of BoxBOD.dat \(y, x\) nor one of its parameters \(b1, b2\)/,
    ],
    ["b1*x", /lacks the parameter b2/],
    ["z = b1*(1-exp(-b2*x))", /has no column "z"/],
    [
      "sin(y) = b1*(1-exp(-b2*x))",
      /left side "sin\(y\)" must be the response, or log, exp or sqrt of it/,
    ],
  ])("the formula %s is refused", (formula, message) => {
    expect(() => referenceProblem(boxbod, formula)).toThrow(InputError);
    expect(() => referenceProblem(boxbod, formula)).toThrow(message);
  });
});

test("digits are counted as NIST does", () => {
  expect(correctDigits(1.001, 1)).toBeCloseTo(3, 6);
  expect(correctDigits(2, 2)).toBe(11);
  expect(correctDigits(-1, 1)).toBe(0);
  expect(correctDigits(1e-5, 0)).toBeCloseTo(5, 9);
  expect(correctDigits(null, 1)).toBe(0);
});
