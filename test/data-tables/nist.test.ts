/**
 * NIST's reference problems in float64: correct digits of certified parameters and standard
 * deviations.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formulaOf, parseNist } from "../../src/formula-tables/nist-file.ts";
import { InputError } from "../../src/base/errors.ts";
import {
  type Comparison,
  correctDigits,
  fitReference,
  type From,
  referenceProblem,
} from "../../src/formula-tables/nist-reference.ts";
import { cpuEngine } from "../fit/engines.ts";
import { describeData } from "../support/data.ts";
import { BOXBOD, FORMULAS } from "../support/nist.ts";

const engine = await cpuEngine();
afterAll(() => engine.close());
const fit: Parameters<typeof fitReference>[2] = (law, runs, options) =>
  engine.fit(law, runs, options);
const boxbod = parseNist(new TextEncoder().encode(BOXBOD), "BoxBOD.dat");

/**
 * Residuals of Lanczos1 are rounding of float64: its certified deviations, 1e-10 of the parameters,
 * are nobody's.
 */
const EXEMPT = new Set(["Lanczos1"]);

describeData("nist", "the 18 problems", (folder) => {
  const names = readdirSync(folder).flatMap((file) =>
    file.endsWith(".dat") ? [file.slice(0, -4)] : [],
  );

  test("all have a formula here", () =>
    expect(Object.keys(FORMULAS).toSorted()).toEqual(names.toSorted()));

  const check = (
    { digits, deviationDigits, fit: { search, certificate } }: Comparison,
    name: string,
  ): void => {
    expect(digits).toBeGreaterThanOrEqual(7);
    if (!EXEMPT.has(name)) expect(deviationDigits).toBeGreaterThanOrEqual(5);
    expect(search.status).toBe("converged");
    expect(certificate.gradientNorm).toBeLessThan(1);
  };

  describe.each(names)("%s", (name) => {
    test.each<From>([1, 2, "random"])("from start %s", async (from) => {
      const reference = parseNist(readFileSync(join(folder, `${name}.dat`)), `${name}.dat`);
      check(await fitReference(referenceProblem(reference, FORMULAS[name]), from, fit), name);
    });

    test("with no ranges given", async () => {
      const reference = parseNist(readFileSync(join(folder, `${name}.dat`)), `${name}.dat`);
      const problem = referenceProblem(reference, FORMULAS[name]);
      const { digits, deviationDigits } = await fitReference(problem, "data", fit, {
        restarts: 48,
      });
      expect(digits).toBeGreaterThanOrEqual(7);
      if (!EXEMPT.has(name)) expect(deviationDigits).toBeGreaterThanOrEqual(5);
    });

    test("with the header's own model", async () => {
      const reference = parseNist(readFileSync(join(folder, `${name}.dat`)), `${name}.dat`);
      check(
        await fitReference(referenceProblem(reference, formulaOf(reference.model)), 2, fit),
        name,
      );
    });
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
