/**
 * THE loss table: one row is everything mixlaw knows about a loss ρ(r; δ) of a residual r. The
 * three evaluators (float64.ts, javascript.ts, src/gpu/search/write-evaluation.ts), the noise of a
 * fit (src/fit/inference/information.ts), its information criteria and the options of a fit all
 * read it. A row's expressions are graphs, as laws are, over three leaves: `residual`, `delta` and
 * (in ω) `tau`.
 *
 * Every ρ is even, about r²/2 near 0, and has ω = ψ/r ≤ 1 that falls with |r|: then the parabola of
 * curvature ω(r) that touches ρ at r lies above it everywhere, and a step of reweighted least
 * squares cannot raise the objective (Huber & Ronchetti 2009, Robust Statistics, section 7.8). So
 * the search is right for a loss that is not convex, too.
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

export interface Loss {
  /** What a heading calls it. */
  readonly title: string;
  /** What --help says of it. */
  readonly summary: string;
  /** What δ is; undefined where the loss has none. */
  readonly scale?: string;
  /** ρ(r; δ). */
  readonly rho: Node;
  /** ψ = ∂ρ/∂r. */
  readonly psi: Node;
  /** t·ψ(r)/r, and t at r = 0: the weight of reweighted least squares, times t. */
  readonly omega: (t: Expr) => Node;
  /** ρ″ = ∂ψ/∂r; below 0 where the loss is not convex. */
  readonly curvature: Node;
  /** The power of |r| that ρ grows like far out; 2 only for r²/2 itself. */
  readonly growth: 0 | 1 | 2;
  /**
   * ln ∫ exp(−ρ(r; δ)/τ) dr, which makes exp(−ρ/τ) a density of residuals; Infinity where the
   * integral is.
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
  logNormalizer: (tau, corner) => {
    const x = corner / Math.sqrt(2 * tau);
    if (x > 6) return normal(tau);
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
  logNormalizer: (tau) => normal(tau),
};

/** ln of the integral of a normal density's exponential. */
function normal(tau: number): number {
  return 0.5 * Math.log(2 * Math.PI * tau);
}

const z = mul(div(r, delta), div(r, delta));

/**
 * That of Cauchy's distribution, and of Student's t: runs far from the law weigh less the further
 * they are, and in the end nothing. Not convex: starts in different places can end in different
 * optima. (SciPy's `least_squares(loss="cauchy", f_scale=δ)`.)
 */
const cauchy: Loss = {
  title: "Cauchy loss",
  summary: "outliers count for nothing",
  scale: "scale of the Cauchy loss",
  // δ²/2·ln(1 + z), z = (r/δ)², with ln(1 + z)/z as it is at z = 0
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

/** Γ(m + ½)/Γ(m), from its series in 1/m for an m that is large (Abramowitz & Stegun 6.1.47). */
function gammaRatio(m: number): number {
  let [factor, large] = [1, m];
  for (; large < 50; large++) factor *= large / (large + 0.5);
  const x = 1 / (8 * large);
  return factor * Math.sqrt(large) * (1 - x + (x * x) / 2 + (5 * x ** 3) / 2 - (21 * x ** 4) / 8);
}

const ROWS = { huber, squared, cauchy } as const satisfies Readonly<Record<string, Loss>>;
/** One of `LOSSES`. */
export type LossKind = keyof typeof ROWS;
/** The names of the losses. */
export const LOSSES = Object.keys(ROWS) as readonly LossKind[];

/** The row of a name. */
export const lossOf = (name: LossKind): Loss => ROWS[name];

/** What δ is, of each loss that has one. */
export const DELTA_IN_WORDS = LOSSES.flatMap((name) => lossOf(name).scale ?? []).join(" or ");

/** A loss with its δ, in units of the residual. */
export interface ScaledLoss {
  readonly name: LossKind;
  readonly delta: number;
}

/** Whether a fit with this loss is a least-squares fit. */
export const isLeastSquares = (name: LossKind): boolean => lossOf(name).growth === 2;

/**
 * The weight of a run in the matrix H: max(ρ″, τω). At τ = 1 it is ω, since ω ≥ ρ″ (ω falls with
 * |r|): H majorizes, and every step is safe. At τ = 0 it is ρ″ where the loss is convex, and H is
 * Newton's; where ρ″ < 0 it is 0, so that H never loses its positive diagonal. Such runs then only
 * make the last steps of a polish converge linearly instead of quadratically; the gradient, which
 * decides where they end, has them in full.
 */
export const matrixWeight = ({ curvature, omega }: Loss): Node =>
  max(curvature, omega(input("tau")));

/**
 * An expression of the table read from its leaves up: into text, or into a function. `leaf` reads
 * `residual`, `delta` and `tau`.
 */
export function fold<T>(
  node: Node,
  read: {
    readonly number: (x: number) => T;
    readonly leaf: (name: string) => T;
    readonly call: (op: OpName, args: readonly T[]) => T;
  },
): T {
  if (node.kind === "const") return read.number(node.value);
  if (node.kind === "input") return read.leaf(node.name);
  if (node.kind === "op")
    return read.call(
      node.op,
      node.args.map((a) => fold(a, read)),
    );
  throw new Error(`a loss does not depend on ${node.kind}`);
}

/** τ is 1 unless given. */
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
    call: (op, [a, b = a]) => {
      const { f64 } = OPS[op];
      return (residual, scale, tau) => f64(a(residual, scale, tau), b(residual, scale, tau));
    },
  });
