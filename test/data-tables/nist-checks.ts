/** What fits of NIST's reference problems have to reach. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseNist } from "../../src/formula-tables/nist-file.ts";
import {
  type Comparison,
  fitReference,
  type From,
  referenceProblem,
  type ReferenceProblem,
} from "../../src/formula-tables/nist-reference.ts";
import { cpuEngine } from "../fit/engines.ts";
import { FORMULAS } from "../support/nist.ts";

const engine = await cpuEngine();
export const fit: Parameters<typeof fitReference>[2] = (law, runs, options) =>
  engine.fit(law, runs, options);

/**
 * Residuals of Lanczos1 are rounding of float64: its certified deviations, 1e-10 of the parameters,
 * are nobody's.
 */
const EXEMPT = new Set(["Lanczos1"]);

/** Searches of it take longest: nist.slow.test.ts does them. Gauss2 has the same formula. */
export const SEARCHED_SLOWLY = "Gauss1";

/** A problem as its file has it, with a formula of ours or, by default, from `FORMULAS`. */
export function problemIn(
  folder: string,
  name: string,
  formulaOf: (model: string) => string = () => FORMULAS[name],
): ReferenceProblem {
  const reference = parseNist(readFileSync(join(folder, `${name}.dat`)), `${name}.dat`);
  return referenceProblem(reference, formulaOf(reference.model));
}

function expectDigits({ digits, deviationDigits }: Comparison, name: string): void {
  expect(digits).toBeGreaterThanOrEqual(7);
  if (!EXEMPT.has(name)) expect(deviationDigits).toBeGreaterThanOrEqual(5);
}

/** Expects the certified digits of a fit that begins at a start, or at random around the values. */
export async function expectCertified(problem: ReferenceProblem, from: From): Promise<void> {
  const found = await fitReference(problem, from, fit);
  expectDigits(found, problem.reference.name);
  expect(found.fit.search.status).toBe("converged");
  expect(found.fit.certificate.gradientNorm).toBeLessThan(1);
}

/** Expects them of a fit that begins where the data say. */
export async function expectFoundByData(problem: ReferenceProblem): Promise<void> {
  expectDigits(await fitReference(problem, "data", fit, { restarts: 48 }), problem.reference.name);
}
