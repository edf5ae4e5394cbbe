/**
 * Curved constraints and the worst-of-several objective, by the method of multipliers: each outer
 * step is a smooth problem for `minimize`. Constraints g ≤ 0: the augmented Lagrangian of Hestenes,
 * Powell & Rockafellar, ρ/2·max(0, g + λ/ρ)². Worst of f_t: the exponential method of multipliers,
 * ln(Σ μ_t e^(c·f_t))/c with μ ← softmax (Bertsekas 1982, Constrained Optimization and Lagrange
 * Multiplier Methods, sections 3.2 and 5.1.2). Both converge to exact solutions with bounded ρ and
 * c, and give the multipliers that certificates and prices need.
 */
import { type FeasibleSet, minimize, type MinimizeOptions } from "../../convex/minimize.ts";
import type { Smooth } from "../../convex/smooth.ts";
import { addScaled, largestDifference } from "../../convex/vectors.ts";
import type { CurvedConstraint } from "../constraints/kinds/kind.ts";
import { type Goal, goalValue } from "../goal/goal.ts";
import type { Surface } from "../goal/surface.ts";
import { withTraces } from "./traces.ts";

export interface Solution {
  readonly h: Float64Array;
  readonly value: number;
  /** λ ≥ 0 of each curved constraint, in units of the goal. */
  readonly multipliers: readonly number[];
  /** Shares of the parts of a worst-of goal in the Lagrangian, which sum to 1; of a mean, 1. */
  readonly partShares: readonly number[];
  /** Largest entry of h − P(h − ∇Lagrangian). */
  readonly stationarity: number;
  /** Largest violation of a curved constraint. */
  readonly violation: number;
  /** Largest |λ·g|. */
  readonly complementarity: number;
  /** ∇ of the Lagrangian over the curved constraints at h. */
  readonly gradient: Float64Array;
}

/** Outer steps, and the projected gradient steps of one smooth problem: the next one goes on. */
const STEPS = { outer: 60, inner: 1000 } as const;
/** Outer steps in a row that hardly close the gap before it counts as one that stays. */
const STALLS = 3;
/** The gap of an outer step that ends the method. */
const CLOSED = 1e-11;
/** Where a gap is not below this share of the least before, the penalties grow … */
const SLOW = 0.25;
/** … and where it is not below this one, the step was a stall. */
const STALL = 0.9;
const PENALTY = { start: 10, grow: 4, most: 1e7 } as const;
/** Sharpness c of the worst-of: parts are ratios near 1, so differences of 1/c matter. */
const SHARPNESS = { start: 50, grow: 3, most: 2e4 } as const;

interface Problem {
  readonly goal: Goal;
  /** The losses that the goal is the mean or the worst of. */
  readonly parts: readonly Smooth[];
  readonly curved: readonly CurvedConstraint[];
}

/** The multipliers, and what they are found with. */
interface State {
  /** λ ≥ 0 of each curved constraint, and the penalty ρ of violating one. */
  readonly lambda: number[];
  rho: number;
  /** Shares of the parts in the worst-of goal, which sum to 1, and its sharpness c. */
  mu: readonly number[];
  sharpness: number;
  /**
   * The least gap so far, and how many steps in a row did not close it at the largest penalties.
   */
  least: number;
  stalled: number;
}

/** The losses that a goal is the mean or the worst of. */
export const partsOf = (goal: Goal): readonly Surface[] =>
  goal.kind === "mean" ? [goal.objective] : goal.parts;

/** The Lagrangian of a solution, its multipliers held: Σ partShares·f_t + Σ λ·g. */
export function lagrangianOf(
  goal: Goal,
  curved: readonly CurvedConstraint[],
  { multipliers, partShares, h }: Solution,
): Smooth {
  const terms = [
    ...partsOf(goal).map((part, t) => ({ smooth: part, factor: partShares[t] })),
    ...curved.map(({ excess }, j) => ({ smooth: excess, factor: multipliers[j] })),
  ].filter(({ factor }) => factor !== 0);
  const functions = terms.map(({ smooth }) => smooth);
  const factors = terms.map(({ factor }) => factor);
  const scratch = new Float64Array(h.length);
  const value = (at: Float64Array): number =>
    terms.reduce((sum, { smooth, factor }) => sum + factor * smooth.value(at), 0);
  return {
    domains: h.length,
    value,
    gradient(at, out) {
      combine(functions, factors, at, out, scratch);
      return value(at);
    },
    slopes(at, step) {
      const sum = Array.from(at, () => new Float64Array(at.length));
      for (const { smooth, factor } of terms) {
        const rows = smooth.slopes?.(at, step);
        if (rows === undefined) return undefined;
        for (const [i, row] of rows.entries())
          for (let j = 0; j < row.length; j++) sum[i][j] += factor * row[j];
      }
      return sum;
    },
  };
}

/** Minimizes the goal over the set and the curved constraints, from `start`. */
export function solveConstrained(
  goal: Goal,
  curved: readonly CurvedConstraint[],
  set: FeasibleSet,
  start: Float64Array,
  options: MinimizeOptions,
): Solution {
  const parts = partsOf(goal);
  const problem = { goal, parts, curved };
  const state: State = {
    lambda: curved.map(() => 0),
    rho: PENALTY.start,
    mu: parts.map(() => 1 / parts.length),
    sharpness: SHARPNESS.start,
    least: Infinity,
    stalled: 0,
  };
  const augmented = augmentedOf(problem, state, start.length);
  const smooth = goal.kind === "mean" && curved.length === 0;
  const inner = smooth
    ? options
    : { ...options, iterations: Math.min(options.iterations, STEPS.inner) };
  let h = set.point(start);
  for (let outer = 0; outer < STEPS.outer; outer++) {
    ({ h } = minimize(augmented, set, h, inner));
    if (smooth) break;
    const gap = updateMultipliers(problem, state, h);
    if (gap <= CLOSED) break;
    tighten(problem, state, gap);
    if (state.stalled >= STALLS) break;
  }
  const solution = certify(problem, state, set, h);
  const traced = withTraces(goal, curved, set, solution.h);
  return traced === solution.h
    ? solution
    : { ...solution, h: traced, value: goalValue(goal, traced) };
}

/** The smooth function of one outer step, by the state's present multipliers and penalties. */
function augmentedOf({ goal, parts, curved }: Problem, state: State, domains: number): Smooth {
  if (goal.kind === "mean" && curved.length === 0) return goal.objective;
  const scratch = new Float64Array(domains);
  const worst = (h: Float64Array, out: Float64Array | undefined): number => {
    const values = parts.map((part) => part.value(h));
    const { total, shares } = softMax(values, state.mu, state.sharpness);
    if (out !== undefined) combine(parts, shares, h, out, scratch);
    return total;
  };
  return {
    domains,
    value: (h) =>
      curved.reduce(
        (sum, { excess }, j) => sum + penalty(excess.value(h), state.lambda[j], state.rho),
        goal.kind === "mean" ? goal.objective.value(h) : worst(h, undefined),
      ),
    gradient(h, out) {
      let sum = goal.kind === "mean" ? goal.objective.gradient(h, out) : worst(h, out);
      for (const [j, { excess }] of curved.entries()) {
        const g = excess.gradient(h, scratch);
        const push = Math.max(0, state.lambda[j] + state.rho * g);
        if (push > 0) for (let i = 0; i < domains; i++) out[i] += push * scratch[i];
        sum += penalty(g, state.lambda[j], state.rho);
      }
      return sum;
    },
  };
}

/**
 * Takes the multipliers that the minimum at h implies. Returns the gap: how far constraints are
 * from holding with multipliers that vanish where there is slack.
 */
function updateMultipliers(
  { goal, parts, curved }: Problem,
  state: State,
  h: Float64Array,
): number {
  const gaps = curved.map(({ excess }, j) => {
    const g = excess.value(h);
    const next = Math.max(0, state.lambda[j] + state.rho * g);
    state.lambda[j] = next;
    return Math.max(Math.max(0, g), Math.abs(Math.min(-g, next / state.rho)));
  });
  if (goal.kind === "worst") {
    // Shares of parts that are not the largest must vanish.
    const values = parts.map((part) => part.value(h));
    const largest = Math.max(...values);
    state.mu = softMax(values, state.mu, state.sharpness).shares;
    gaps.push(state.mu.reduce((sum, share, t) => sum + share * (largest - values[t]), 0));
  }
  return Math.max(...gaps, 0);
}

/** Raises the penalties where the gap closes slowly, and counts steps that did not close it. */
function tighten({ goal, curved }: Problem, state: State, gap: number): void {
  // At the largest penalties a gap that stays is the distance of the sets.
  const utmost =
    (curved.length === 0 || state.rho === PENALTY.most) &&
    (goal.kind === "mean" || state.sharpness === SHARPNESS.most);
  state.stalled = utmost && gap > STALL * state.least ? state.stalled + 1 : 0;
  if (gap > SLOW * state.least) {
    state.rho = Math.min(state.rho * PENALTY.grow, PENALTY.most);
    state.sharpness = Math.min(state.sharpness * SHARPNESS.grow, SHARPNESS.most);
  }
  state.least = Math.min(state.least, gap);
}

/** The solution at h with the residuals of its optimality conditions. */
function certify(
  { goal, parts, curved }: Problem,
  { mu, lambda }: State,
  set: FeasibleSet,
  h: Float64Array,
): Solution {
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
  return {
    h,
    value: goalValue(goal, h),
    multipliers: lambda,
    partShares: mu,
    stationarity: largestDifference(set.point(addScaled(h, -1, gradient)), h),
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
): { readonly total: number; readonly shares: readonly number[] } {
  const top = Math.max(...values);
  const weights = values.map((value, t) => mu[t] * Math.exp(c * (value - top)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { total: top + Math.log(sum) / c, shares: weights.map((weight) => weight / sum) };
}

/** out ← Σ shares·∇part */
function combine(
  parts: readonly Smooth[],
  shares: readonly number[],
  h: Float64Array,
  out: Float64Array,
  scratch: Float64Array,
): void {
  out.fill(0);
  for (const [t, part] of parts.entries()) {
    if (shares[t] === 0) continue;
    part.gradient(h, scratch);
    for (let i = 0; i < out.length; i++) out[i] += shares[t] * scratch[i];
  }
}
