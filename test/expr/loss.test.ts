/** The loss table against the formulas as the literature writes them, and what it promises. */
import { describe, expect, test } from "vitest";
import {
  isLeastSquares,
  LOSSES,
  lossFunction,
  lossOf,
  lossValues,
  matrixWeight,
} from "../../src/expr/loss.ts";
import { WRITTEN, writtenWeight } from "./losses.ts";

const DELTA = 0.02;
/** On both sides of δ, at it, at 0, and far out. */
const RESIDUALS = [0, 1e-9, 1e-4, 0.013, 0.02, 0.0200001, 0.031, 0.4, 7, 1e8].flatMap((r) => [r, -r]); // prettier-ignore

/** Simpson's rule for an even function, from 0 by factors far out. */
function integral(f: (r: number) => number): number {
  let total = 0;
  for (let from = 0, width = 1e-4 * DELTA; from < 1e140; from += width, width *= 1.002)
    total += (width / 6) * (f(from) + 4 * f(from + width / 2) + f(from + width));
  return 2 * total;
}

describe.each(LOSSES)("%s", (name) => {
  const row = lossOf(name);
  const [rho, psi, omega, curvature, weight] = [row.rho, row.psi, row.omega(1), row.curvature, matrixWeight(row)].map(lossFunction); // prettier-ignore
  const written = WRITTEN[name];

  test("is what is written", () => {
    for (const r of RESIDUALS) {
      const near = (x: number, y: number): void =>
        expect(Math.abs(x - y)).toBeLessThanOrEqual(8 * 2 ** -53 * Math.abs(y));
      near(rho(r, DELTA), written.rho(r, DELTA));
      near(psi(r, DELTA), written.psi(r, DELTA));
      near(curvature(r, DELTA), written.curvature(r, DELTA));
      for (const tau of [1, 0.25, 1e-3])
        near(weight(r, DELTA, tau), writtenWeight(name, r, DELTA, tau));
    }
  });

  test("has the same numbers at many residuals as at each", () => {
    const many = Float64Array.from(RESIDUALS);
    for (const node of [row.rho, row.psi, row.omega(1), row.curvature, matrixWeight(row)])
      expect(lossValues(node, many, DELTA)).toEqual(many.map((r) => lossFunction(node)(r, DELTA)));
  });

  test("ψ is the slope of ρ, and ρ″ that of ψ", () => {
    for (const r of RESIDUALS.filter(
      (x) => Math.abs(x) < 10 && Math.abs(Math.abs(x) - DELTA) > 1e-6,
    )) {
      const h = 1e-6 * Math.max(DELTA, Math.abs(r));
      const slope = (f: (r: number, d: number, t?: number) => number): number =>
        (f(r + h, DELTA) - f(r - h, DELTA)) / (2 * h);
      // h²/6 of a third derivative, which is of the order of 1/δ² or 1/r²: 1e-12; and rounding,
      // 2⁻⁵³ρ/h: 1e-10 of ρ/r.
      expect(slope(rho)).toBeCloseTo(psi(r, DELTA), 9);
      expect(Math.abs(slope(psi) - curvature(r, DELTA))).toBeLessThan(1e-8);
    }
  });

  test("ω is ψ/r, 1 at 0, positive, and falls: reweighting majorizes", () => {
    const sizes = RESIDUALS.filter((r) => r >= 0).toSorted((a, b) => a - b);
    for (const [n, r] of sizes.entries()) {
      const w = omega(r, DELTA);
      expect(w * r).toBeCloseTo(psi(r, DELTA), 15);
      expect(w).toBeGreaterThan(0);
      expect(w).toBeLessThanOrEqual(n === 0 ? 1 : omega(sizes[n - 1], DELTA));
      expect(weight(r, DELTA)).toBe(w);
      expect(weight(r, DELTA, 1e-3)).toBeGreaterThanOrEqual(0);
      // the parabola of curvature ω(r) that touches ρ at r is nowhere below it
      for (const x of sizes)
        expect(rho(r, DELTA) + (w / 2) * (x * x - r * r)).toBeGreaterThanOrEqual(
          rho(x, DELTA) - 1e-14 * (rho(r, DELTA) + w * (x * x + r * r)),
        );
    }
    expect(omega(0, DELTA)).toBe(1);
  });

  test("grows as it says", () => {
    const ratio = rho(1e9, DELTA) / rho(1e8, DELTA);
    expect(Math.log10(ratio)).toBeCloseTo(row.growth, 0);
    expect(isLeastSquares(name)).toBe(row.growth === 2);
  });

  test("exp(−ρ/τ) is a density once divided by its normalizer", () => {
    for (const tau of [1e-2, 0.3, 0.9].map((share) => share * DELTA ** 2)) {
      const area = integral((r) => Math.exp(-rho(r, DELTA) / tau));
      expect(Math.log(area)).toBeCloseTo(row.logNormalizer(tau, DELTA), 6);
    }
  });
});
