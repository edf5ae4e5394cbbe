/**
 * THE loss table: one row is everything mixlaw knows about a loss ρ(r; δ) of a residual r. All that
 * depends on the loss reads it: the three evaluators (interpreter.ts, javascript.ts and
 * src/gpu/search/write-evaluation.ts), the noise of a fit (src/fit/inference/scatter.ts), the
 * information criteria (src/validate/information-criteria.ts), the options of a fit and their
 * words. A row's expressions are graphs, as laws are, over the leaves `residual` and `delta`.
 *
 * A loss of the table is even, r²/2 to second order at 0, and its weight ω = ψ/r falls with |r|.
 * Then the parabola that touches ρ at r and has the curvature ω(r) is nowhere below ρ, so that a
 * step of reweighted least squares never raises the objective of a linear model, whether ρ is
 * convex or not (Huber & Ronchetti 2009, Robust Statistics, section 7.8). test/expr/loss.test.ts
 * holds every row to this.
 */
import { erf } from "../stats/normal.ts";
import {
  abs,
  add,
  constant,
  div,
  type Expr,
  input,
  log1pc,
  max,
  min,
  mul,
  neg,
  type Node,
  type OpName,
  step,
  sub,
} from "./graph.ts";
import { OPS } from "./operators.ts";

/** A row of the table. */
export interface Loss {
  /** Its name in headings. */
  readonly title: string;
  /** What it is good for, in a few words for --help. */
  readonly summary: string;
  /** What δ is called; undefined where the loss has none. */
  readonly scale?: string;
  /** ρ(r; δ). */
  readonly rho: Node;
  /** ψ = ∂ρ/∂r. */
  readonly psi: Node;
  /** t·ψ(r)/r, which is t at r = 0: with t = 1 the weight ω of reweighted least squares. */
  readonly omega: (t: Expr) => Node;
  /** ρ″ = ∂ψ/∂r; below 0 where the loss is not convex. */
  readonly curvature: Node;
  /** The power of |r| that ρ grows like beyond δ; 2 only for r²/2 itself. */
  readonly growth: 0 | 1 | 2;
  /**
   * ln Z(τ) with Z = ∫ exp(−ρ(r; δ)/τ) dr, so that exp(−ρ/τ)/Z is a density of residuals; Infinity
   * where the integral is infinite.
   */
  readonly logNormalizer: (tau: number, delta: number) => number;
}

const r = input("residual");
const delta = input("delta");

const huber: Loss = {
  title: "Huber loss",
  summary: "robust",
  scale: "corner of the Huber loss",
  // r²/2 up to δ, δ(|r| − δ/2) beyond
  rho: mul(min(abs(r), delta), sub(abs(r), mul(0.5, min(abs(r), delta)))),
  psi: max(neg(delta), min(r, delta)),
  omega: (t) => div(mul(t, delta), max(abs(r), delta)),
  curvature: sub(1, step(sub(abs(r), delta))),
  growth: 1,
  // normal up to δ, exponential beyond: √(2πτ)·erf(δ/√(2τ)) + (2τ/δ)·e^(−δ²/(2τ))
  logNormalizer(tau, corner) {
    const x = corner / Math.sqrt(2 * tau);
    if (x > 6) return logNormal(tau); // erf(6) is 1
    return Math.log(
      Math.sqrt(2 * Math.PI * tau) * erf(x) + ((2 * tau) / corner) * Math.exp(-x * x),
    );
  },
};

const squared: Loss = {
  title: "squared loss",
  summary: "least squares",
  rho: mul(mul(0.5, r), r),
  psi: r,
  omega: (t) => (typeof t === "number" ? constant(t) : t),
  curvature: constant(1),
  growth: 2,
  logNormalizer: logNormal,
};

/** ln ∫ exp(−r²/(2τ)) dr. */
function logNormal(tau: number): number {
  return 0.5 * Math.log(2 * Math.PI * tau);
}

/** (r/δ)². */
const z = mul(div(r, delta), div(r, delta));

/**
 * The loss of Cauchy's distribution, and of Student's t: a run weighs less the further it is from
 * the law, and in the end nothing. It is not convex, so that starts can end in different optima.
 * SciPy's `least_squares(loss="cauchy", f_scale=δ)` minimizes the same.
 */
const cauchy: Loss = {
  title: "Cauchy loss",
  summary: "outliers count for nothing",
  scale: "scale of the Cauchy loss",
  // δ²/2·ln(1 + z), from ln(1 + z)/z, which keeps its digits for small z
  rho: mul(mul(mul(0.5, r), r), log1pc(z)),
  psi: div(r, add(1, z)),
  omega: (t) => div(t, add(1, z)),
  curvature: div(sub(1, z), mul(add(1, z), add(1, z))),
  growth: 0,
  // δ·√π·Γ(m − ½)/Γ(m) with m = δ²/(2τ): Student's t with 2m − 1 degrees of freedom
  logNormalizer(tau, scale) {
    const m = scale ** 2 / (2 * tau);
    if (m <= 0.5) return Infinity;
    return Math.log((scale * Math.sqrt(Math.PI) * gammaRatio(m)) / (m - 0.5));
  },
};

/**
 * Γ(m + ½)/Γ(m), to 11 digits: from its series in 1/m (Abramowitz & Stegun 1964, 6.1.47) at an m
 * that is large, and down from there by Γ(m + 1) = m·Γ(m).
 */
function gammaRatio(m: number): number {
  let [factor, large] = [1, m];
  for (; large < 50; large++) factor *= large / (large + 0.5);
  const x = 1 / (8 * large);
  return factor * Math.sqrt(large) * (1 - x + (x * x) / 2 + (5 * x ** 3) / 2 - (21 * x ** 4) / 8);
}

/** The table. */
const ROWS = { huber, squared, cauchy } as const satisfies Readonly<Record<string, Loss>>;
/** One of `LOSSES`. */
export type LossKind = keyof typeof ROWS;
/** The names of the losses. */
export const LOSSES = Object.keys(ROWS) as readonly LossKind[];

/** The row of a loss. */
export const lossOf = (name: LossKind): Loss => ROWS[name];

/** What δ is called, of all losses that have one: "corner of the Huber loss or …". */
export const DELTA_IN_WORDS = LOSSES.flatMap((name) => lossOf(name).scale ?? []).join(" or ");

/** A loss with its δ, in units of the residual. */
export interface ScaledLoss {
  readonly name: LossKind;
  readonly delta: number;
}

/** Whether a fit with this loss is a least-squares fit. */
export const isLeastSquares = (name: LossKind): boolean => lossOf(name).growth === 2;

/**
 * The weight of a run in the matrix H = JᵀΩJ of a step: max(ρ″, τω), over the leaf `tau` too.
 *
 * At τ = 1 it is ω, which is never below ρ″: the step is that of reweighting, and safe. Towards τ =
 * 0 it becomes ρ″, as in Newton's matrix, where that is positive, and 0 where it is not. So H is
 * always positive semidefinite. Runs with ρ″ < 0, which only a loss that is not convex has, are
 * missing in H but not in the gradient: steps end at the same point, but the last ones gain a
 * constant factor each instead of doubling the digits.
 */
export const matrixWeight = ({ curvature, omega }: Loss): Node =>
  max(curvature, omega(input("tau")));

/** What becomes of an expression's parts: see `fold`. */
interface Reading<T> {
  readonly number: (x: number) => T;
  /** Of `residual`, `delta` or `tau`. */
  readonly leaf: (name: string) => T;
  readonly call: (op: OpName, args: readonly T[]) => T;
}

/** Reads an expression of the table from its leaves up: into text, or into a function. */
export function fold<T>(node: Node, read: Reading<T>): T {
  if (node.kind === "const") return read.number(node.value);
  if (node.kind === "input") return read.leaf(node.name);
  if (node.kind === "op")
    return read.call(
      node.op,
      node.args.map((a) => fold(a, read)),
    );
  throw new Error(`a loss does not depend on ${node.kind}`);
}

/** `tau` is 1 unless given. */
type LossFunction = (residual: number, delta: number, tau?: number) => number;

const LEAVES: Readonly<Record<string, LossFunction>> = {
  residual: (residual) => residual,
  delta: (_, scale) => scale,
  tau: (_, __, tau = 1) => tau,
};

/** An expression of the table as a function. */
export const lossFunction = (node: Node): LossFunction =>
  fold<LossFunction>(node, {
    number: (x) => () => x,
    leaf: (name) => LEAVES[name],
    call: (op, [a, b]) => {
      const { f64 } = OPS[op];
      if (b !== undefined)
        return (residual, scale, tau) => f64(a(residual, scale, tau), b(residual, scale, tau));
      return (residual, scale, tau) => {
        const x = a(residual, scale, tau);
        return f64(x, x);
      };
    },
  });

/** A number for each residual, or one for all of them. */
type Values = Float64Array | number;

/**
 * An expression of the table at many residuals: what `lossFunction` gives at each, in a fifth of
 * the time, since a loop takes an operator over all of them.
 */
export const lossValues = (node: Node, residuals: Float64Array, scale: number): Float64Array => {
  const leaves: Readonly<Record<string, Values>> = { residual: residuals, delta: scale, tau: 1 };
  const values = fold<Values>(node, {
    number: (x) => x,
    leaf: (name) => leaves[name],
    call: (op, [a, b = a]) => {
      const { f64 } = OPS[op];
      if (typeof a !== "number")
        return typeof b === "number" ? a.map((x) => f64(x, b)) : a.map((x, i) => f64(x, b[i]));
      return typeof b === "number" ? f64(a, b) : b.map((y) => f64(a, y));
    },
  });
  return typeof values === "number" ? residuals.map(() => values) : values;
};
