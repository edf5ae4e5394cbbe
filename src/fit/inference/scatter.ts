/** The noise of a fit's residuals. */
import { workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../../expr/loss.ts";
import { tablesOf } from "../../solve/pack-tables.ts";
import type { Problem } from "../search/problem.ts";

/**
 * The noise of the residuals, as an M-estimator with ψ = ρ′ sees it (Huber & Ronchetti 2009, ch.
 * 7): cov θ̂ ≈ κ²·(Σ J Jᵀ)⁻¹ with κ² = E ψ²/(E ψ′)², and a constraint on one coordinate raises 2·Σρ
 * by (E ψ²/E ψ′)·χ²₁. With squared loss both are the residual variance s²; weights are taken as
 * relative, as everywhere.
 */
export interface Scatter {
  /**
   * Robust standard deviation of the residuals: 1.4826 × their median size, with p degrees of
   * freedom taken off.
   */
  readonly sigma: number;
  /** κ: the size of the coordinates' errors, in place of s. */
  readonly kappa: number;
  /** E ψ²/E ψ′: what 2·Σρ is divided by before it is compared with χ². */
  readonly dispersion: number;
}

/** Residuals of a target's runs at θ and their weights; runs of weight 0 are left out. */
export function residualsOf(
  { program, packed }: Problem,
  target: number,
  theta: Float64Array,
): { r: Float64Array; w: Float64Array } {
  const code = evaluator64(program);
  const values = workspace(program);
  const tables = tablesOf(packed, target);
  const r: number[] = [];
  const w: number[] = [];
  code.fit(values, theta);
  for (let g = 0; g + 1 < packed.start.length; g++) {
    code.mix(values, tables, g);
    for (let at = packed.start[g]; at < packed.start[g + 1]; at++) {
      const weight = packed.weights[target][at];
      if (weight === 0) continue;
      r.push(code.run(values, tables, at));
      w.push(weight);
    }
  }
  return { r: Float64Array.from(r), w: Float64Array.from(w) };
}

/** The noise of a target's residuals at θ; `free` coordinates were fitted. */
export function scatterOf(
  problem: Problem,
  target: number,
  theta: Float64Array,
  free: number,
): Scatter {
  const { r, w } = residualsOf(problem, target, theta);
  const n = r.length;
  const spare = Math.max(n - free, 1) / n; // n − p of n degrees of freedom are left
  const mass = w.reduce((a, b) => a + b, 0);
  const sizes = r.map(Math.abs).sort();
  const root = Math.sqrt(r.reduce((sum, x, i) => sum + w[i] * x * x, 0) / mass / spare);
  // Fits with δ far below the noise go exactly through some runs. Where they meet more than half of
  // them, the median is 0.
  const sigma = (1.4826 * sizes[Math.floor(n / 2)]) / Math.sqrt(spare) || root;
  const { name, delta } = problem.losses[target];
  const psi = lossFunction(lossOf(name).psi);
  const square = r.reduce((sum, x, i) => sum + w[i] * psi(x, delta) ** 2, 0) / n / spare;
  const slope = meanCurvature(r, w, problem.losses[target], sigma);
  return { sigma, kappa: Math.sqrt(square) / slope, dispersion: square / slope };
}

/**
 * E ψ′ of residuals `r` with weights `w`. The runs within a few δ of the law tell it. Where δ is far
 * below the noise `sigma` these are few, and a wider δ is taken, as quantile regression does: as
 * δ → 0, E ψ′ goes like δ^(2 − growth). The estimate is then too small at most, by a half for the
 * Cauchy loss and normal residuals. Where a loss that is not convex has a mean below 0, δ is wider
 * still: far above all residuals, E ψ′ is 1.
 */
function meanCurvature(
  r: Float64Array,
  w: Float64Array,
  { name, delta }: ScaledLoss,
  sigma: number,
): number {
  const { curvature, growth } = lossOf(name);
  const bend = lossFunction(curvature);
  const mass = w.reduce((a, b) => a + b, 0);
  const meanAt = (width: number): number =>
    r.reduce((sum, x, i) => sum + w[i] * bend(x, width), 0) / mass;
  let width = Math.max(delta, 0.5 * sigma);
  while (meanAt(width) < 0) width *= 2;
  return Math.min(1, meanAt(width) * (delta / width) ** (2 - growth)) || 1;
}
