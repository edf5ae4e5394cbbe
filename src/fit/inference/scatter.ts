/** The noise of a fit's residuals. */
import { itemAt } from "../../base/known.ts";
import { workspace } from "../../expr/evaluator.ts";
import { evaluator64 } from "../../expr/float64.ts";
import { lossFunction, lossOf, type ScaledLoss } from "../../expr/loss.ts";
import { tablesOf } from "../../solve/pack-tables.ts";
import { median } from "../../stats/moments.ts";
import type { Problem } from "../search/problem.ts";

/**
 * The noise of the residuals, as an M-estimator with ψ = ρ′ sees it (Huber & Ronchetti 2009, ch.
 * 7): cov θ̂ ≈ κ²·(Σ J Jᵀ)⁻¹ with κ² = E ψ²/(E ψ′)², and a constraint on one coordinate raises 2·Σρ
 * by (E ψ²/E ψ′)·χ²₁. With squared loss both are the residual variance s²; weights are taken as
 * relative, as everywhere.
 */
export interface Scatter {
  /** Robust standard deviation of the residuals, with p degrees of freedom taken off. */
  readonly sigma: number;
  /** E ψ′; 1 for squared loss. */
  readonly slope: number;
  /** κ: the size of the coordinates' errors, in place of s. */
  readonly kappa: number;
  /**
   * E ψ²/E ψ′: what 2·Σρ is divided by before it is compared with F. Where E ψ′ is estimated from
   * few residuals its lower end is taken: an estimate that is too large makes intervals too narrow.
   */
  readonly dispersion: number;
  /** n − p, of Student's t and of F. */
  readonly degreesOfFreedom: number;
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
  const weights = packed.weights[target];
  const rows = weights.reduce((n, weight) => n + (weight === 0 ? 0 : 1), 0);
  const [r, w] = [new Float64Array(rows), new Float64Array(rows)];
  let n = 0;
  code.fit(values, theta);
  for (let g = 0; g + 1 < packed.start.length; g++) {
    code.mix(values, tables, g);
    for (let at = packed.start[g]; at < packed.start[g + 1]; at++) {
      if (weights[at] === 0) continue;
      r[n] = code.run(values, tables, at);
      w[n++] = weights[at];
    }
  }
  return { r, w };
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
  const spare = Math.max(n - free, 1); // n − p degrees of freedom are left
  const loss = itemAt(problem.losses, target);
  const sigma = sizeOf(r, w, free, spare);
  const psi = lossFunction(lossOf(loss.name).psi);
  const square = r.reduce((sum, x, i) => sum + w[i] * psi(x, loss.delta) ** 2, 0) / spare;
  const { slope, least } = meanCurvature(r, w, loss, sigma, spare);
  return {
    sigma,
    slope,
    kappa: Math.sqrt(square) / slope,
    dispersion: square / least,
    degreesOfFreedom: spare,
  };
}

/** Residuals beyond this many standard deviations count as if they were there. */
const FAR = 2.5;

/**
 * The standard deviation of the noise. The p smallest residuals say nothing of it where a fit goes
 * through p runs exactly, so the rest gives a first robust size, and the mean square with n − p
 * degrees of freedom the second, in which no residual counts as more than 2.5 of the first.
 */
function sizeOf(r: Float64Array, w: Float64Array, free: number, spare: number): number {
  const sizes = r.map(Math.abs).sort();
  const rough = 1.4826 * median(sizes.subarray(Math.min(free, r.length - 1)));
  const mass = w.reduce((a, b) => a + b, 0);
  const cut = rough > 0 ? FAR * rough : Infinity;
  const squares = r.reduce((sum, x, i) => sum + w[i] * Math.min(Math.abs(x), cut) ** 2, 0);
  return Math.sqrt(((squares / mass) * r.length) / spare);
}

/**
 * Half width of the window in which residuals tell E ψ′ where δ is far below the noise, in standard
 * deviations: wider where there are few of them, as for any density estimate (it falls as the fifth
 * root of their number).
 */
const windowOf = (spare: number): number => Math.max(0.5, 1.5 * spare ** -0.2);
/**
 * As many normal residuals are added to those of the fit, so that one of a few does not count for
 * much.
 */
const ADDED = 10;
/** The lower end of the share in the window: so many binomial standard errors, one side of 95 %. */
const CAUTION = 1.64;

/**
 * E ψ′ of residuals `r` with weights `w`, n − p of which are left (`spare`), and its lower end.
 *
 * A fit of p coordinates goes through p runs as δ → 0 (and has Σψ′ ≥ p for any δ). They are there
 * because of the fit, so Σψ′ − p over n − p is what the others tell: McKean & Schrader (1987) leave
 * p zero residuals out, and Bellec & Shen (2022, "Derivatives and residual distribution of
 * regularized M-estimators") show that Σψ′ − p is right for any share of p in n. For squared loss
 * it is 1.
 *
 * Where δ is far below the noise `sigma`, few runs are within δ, and a wider window is taken, as
 * quantile regression does. What normal residuals have within δ, compared with the window, makes
 * one of the other.
 */
function meanCurvature(
  r: Float64Array,
  w: Float64Array,
  { name, delta }: ScaledLoss,
  sigma: number,
  spare: number,
): { slope: number; least: number } {
  const bend = lossFunction(lossOf(name).curvature);
  const mass = w.reduce((a, b) => a + b, 0);
  const shareAt = (width: number): number => {
    const mean = r.reduce((sum, x, i) => sum + w[i] * bend(x, width), 0) / mass;
    return Math.min(1, (mean * r.length - (r.length - spare)) / spare);
  };
  const normalAt = (width: number): number =>
    sigma > 0 ? normalCurvature(name, width / sigma) : 1;
  const width = Math.max(delta, windowOf(spare) * sigma);
  // Below 0 for a loss that is not convex, and where more than p runs are met exactly.
  const seen = Math.max(0, shareAt(width));
  const usual = normalAt(width);
  const share = lossOf(name).growth === 2 ? 1 : (seen * spare + usual * ADDED) / (spare + ADDED);
  const error = Math.sqrt(Math.max(0, 1 - share) / (share * (spare + ADDED)));
  const slope = (share * normalAt(delta)) / usual || 1;
  return { slope, least: slope / (1 + CAUTION * error) };
}

/** Ends and steps of the integral over normal residuals. */
const NORMAL = { end: 8, steps: 800 } as const;

/** E ψ′(z; δ) of a standard normal z: E z·ψ(z; δ), by parts, which is smooth for any δ. */
function normalCurvature(name: ScaledLoss["name"], delta: number): number {
  const psi = lossFunction(lossOf(name).psi);
  const step = NORMAL.end / NORMAL.steps;
  let total = 0;
  for (let n = 0; n < NORMAL.steps; n++) {
    const z = (n + 0.5) * step;
    total += z * psi(z, delta) * Math.exp((-z * z) / 2);
  }
  return (2 * step * total) / Math.sqrt(2 * Math.PI);
}
