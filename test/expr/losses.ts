/** The losses as the literature writes them: what src/expr/loss.ts is held against. */
import type { LossKind } from "../../src/expr/loss.ts";

interface Written {
  readonly rho: (r: number, delta: number) => number;
  readonly psi: (r: number, delta: number) => number;
  /** ρ″; at a corner, that of the inner side. */
  readonly curvature: (r: number, delta: number) => number;
}

export const WRITTEN: Readonly<Record<LossKind, Written>> = {
  // Huber 1964, "Robust estimation of a location parameter"
  huber: {
    rho: (r, d) => (Math.abs(r) <= d ? (r * r) / 2 : d * (Math.abs(r) - d / 2)),
    psi: (r, d) => Math.max(-d, Math.min(d, r)),
    curvature: (r, d) => (Math.abs(r) <= d ? 1 : 0),
  },
  // scipy.optimize.least_squares, loss="cauchy": ½C²·ln(1 + (f/C)²)
  cauchy: {
    rho: (r, d) => ((d * d) / 2) * Math.log1p((r / d) ** 2),
    psi: (r, d) => r / (1 + (r / d) ** 2),
    curvature: (r, d) => (1 - (r / d) ** 2) / (1 + (r / d) ** 2) ** 2,
  },
  squared: { rho: (r) => (r * r) / 2, psi: (r) => r, curvature: () => 1 },
};

/** What a run weighs in the matrix H: ψ/r at τ = 1, and at τ = 0 ρ″ where that is positive. */
export function writtenWeight(name: LossKind, r: number, delta: number, tau: number): number {
  const { psi, curvature } = WRITTEN[name];
  return Math.max(curvature(r, delta), r === 0 ? tau : (tau * psi(r, delta)) / r);
}
