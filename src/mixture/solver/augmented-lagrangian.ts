/**
 * Curved constraints and the worst-of-several objective, by the method of multipliers: each outer
 * step is a smooth problem for `minimize`. Constraints g ≤ 0: the augmented Lagrangian of Hestenes,
 * Powell & Rockafellar, ρ/2·max(0, g + λ/ρ)². Worst of f_t: the exponential method of multipliers,
 * ln(Σ μ_t e^(c·f_t))/c with μ ← softmax (Bertsekas 1982, Constrained Optimization and Lagrange
 * Multiplier Methods, sections 3.2 and 5.1.2). Both converge to exact solutions with bounded ρ and
 * c, and give the multipliers that certificates and prices need.
 */
import { type Goal, goalValue } from "../goal/goal.ts";
import type { Smooth } from "../../convex/smooth.ts";
import type { CurvedConstraint } from "../constraints/kinds/kind.ts";
import { type FeasibleSet, minimize, type MinimizeOptions } from "../../convex/minimize.ts";

export interface Solution {
  readonly h: Float64Array;
  readonly value: number;
  /** λ ≥ 0 of each curved constraint, in units of the goal. */
  readonly multipliers: readonly number[];
  /** Largest entry of h − P(h − ∇Lagrangian). */
  readonly stationarity: number;
  /** Largest violation of a curved constraint. */
  readonly violation: number;
  /** Largest |λ·g|. */
  readonly complementarity: number;
  /** ∇ of the Lagrangian over the curved constraints at h. */
  readonly gradient: Float64Array;
}

const OUTER = 60;
const STALLS = 3;
/** Projected gradient steps of one smooth problem: the next one goes on from there. */
const INNER = 1000;
const PENALTY = { start: 10, grow: 4, most: 1e7 } as const;
/** Sharpness c of the worst-of: parts are ratios near 1, so differences of 1/c matter. */
const SHARPNESS = { start: 50, grow: 3, most: 2e4 } as const;
export const TOLERANCE = { stationarity: 1e-9, violation: 1e-11, complementarity: 1e-11 } as const;

/** Minimizes the goal over the set and the curved constraints, from `start`. */
export function solveConstrained(
  goal: Goal,
  curved: readonly CurvedConstraint[],
  set: FeasibleSet,
  start: Float64Array,
  options: MinimizeOptions,
): Solution {
  const k = start.length;
  const scratch = new Float64Array(k);
  const lambda = curved.map(() => 0);
  const parts = goal.kind === "mean" ? [goal.objective] : goal.parts;
  let mu = parts.map(() => 1 / parts.length);
  let rho: number = PENALTY.start;
  let sharp: number = SHARPNESS.start;

  const objective = (h: Float64Array, out: Float64Array | undefined): number => {
    if (goal.kind === "mean")
      return out === undefined ? goal.objective.value(h) : goal.objective.gradient(h, out);
    const values = parts.map((p) => p.value(h));
    const { total, shares } = softMax(values, mu, sharp);
    if (out !== undefined) combine(parts, shares, h, out, scratch);
    return total;
  };
  const augmented: Smooth = {
    domains: k,
    value: (h) =>
      curved.reduce(
        (sum, { excess }, j) => sum + penalty(excess.value(h), lambda[j], rho),
        objective(h, undefined),
      ),
    gradient(h, out) {
      let sum = objective(h, out);
      for (const [j, { excess }] of curved.entries()) {
        const g = excess.gradient(h, scratch);
        const push = Math.max(0, lambda[j] + rho * g);
        if (push > 0) for (let i = 0; i < k; i++) out[i] += push * scratch[i];
        sum += penalty(g, lambda[j], rho);
      }
      return sum;
    },
  };
  const smooth = goal.kind === "mean" && curved.length === 0;
  const inner = smooth ? options : { ...options, iterations: Math.min(options.iterations, INNER) };
  let h = set.point(start);
  let worst = Infinity;
  let stalled = 0;
  for (let outer = 0; outer < OUTER; outer++) {
    h = minimize(augmented, set, h, inner).h;
    if (smooth) break;
    const values = parts.map((p) => p.value(h));
    const gaps = curved.map(({ excess }, j) => {
      const g = excess.value(h);
      const next = Math.max(0, lambda[j] + rho * g);
      const gap = Math.max(Math.max(0, g), Math.abs(Math.min(-g, next / rho)));
      lambda[j] = next;
      return gap;
    });
    const most = Math.max(...values);
    // Shares on parts that are not the largest must vanish.
    if (goal.kind === "worst") {
      mu = softMax(values, mu, sharp).shares;
      gaps.push(mu.reduce((sum, share, t) => sum + share * (most - values[t]), 0));
    }
    const gap = Math.max(...gaps, 0);
    if (gap <= TOLERANCE.violation) break;
    // At the largest penalty a gap that stays is the distance of the sets.
    const utmost =
      (curved.length === 0 || rho === PENALTY.most) &&
      (goal.kind === "mean" || sharp === SHARPNESS.most);
    stalled = utmost && gap > 0.9 * worst ? stalled + 1 : 0;
    if (stalled >= STALLS) break;
    if (gap > 0.25 * worst) {
      rho = Math.min(rho * PENALTY.grow, PENALTY.most);
      sharp = Math.min(sharp * SHARPNESS.grow, SHARPNESS.most);
    }
    worst = Math.min(worst, gap);
  }
  return certify(goal, curved, parts, mu, lambda, set, h);
}

function certify(
  goal: Goal,
  curved: readonly CurvedConstraint[],
  parts: readonly Smooth[],
  mu: readonly number[],
  lambda: readonly number[],
  set: FeasibleSet,
  h: Float64Array,
): Solution {
  // prettier-ignore
  const scratch = new Float64Array(h.length);
  const gradient = new Float64Array(h.length);
  combine(parts, mu, h, gradient, scratch);
  let [violation, complementarity] = [0, 0];
  for (const [j, { excess }] of curved.entries()) {
    const g = excess.gradient(h, scratch);
    for (const [i, x] of scratch.entries()) gradient[i] += lambda[j] * x;
    violation = Math.max(violation, g);
    complementarity = Math.max(complementarity, Math.abs(lambda[j] * g));
  }
  const moved = set.point(h.map((x, i) => x - gradient[i]));
  const stationarity = moved.reduce((most, x, i) => Math.max(most, Math.abs(x - h[i])), 0);
  return {
    h,
    value: goalValue(goal, h),
    multipliers: lambda,
    stationarity,
    violation,
    complementarity,
    gradient,
  };
}

/** ρ/2·(max(0, g + λ/ρ)² − (λ/ρ)²) */
const penalty = (g: number, lambda: number, rho: number): number =>
  0.5 * rho * (Math.max(0, g + lambda / rho) ** 2 - (lambda / rho) ** 2);

/** ln(Σ μ e^(c·f))/c and the shares of its terms. */
function softMax(
  values: readonly number[],
  mu: readonly number[],
  c: number,
): { total: number; shares: number[] } {
  const top = Math.max(...values);
  const weights = values.map((v, t) => mu[t] * Math.exp(c * (v - top)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { total: top + Math.log(sum) / c, shares: weights.map((w) => w / sum) };
}

/** out ← Σ shares·∇part; returns Σ shares·part. */
function combine(
  parts: readonly Smooth[],
  shares: readonly number[],
  h: Float64Array,
  out: Float64Array,
  scratch: Float64Array,
): number {
  const total = new Float64Array(out.length);
  let sum = 0;
  for (const [t, part] of parts.entries()) {
    if (shares[t] === 0) continue;
    sum += shares[t] * part.gradient(h, scratch);
    for (let i = 0; i < total.length; i++) total[i] += shares[t] * scratch[i];
  }
  out.set(total);
  return sum;
}
