/**
 * Products of powers, e^(c + a·h)·Π gⱼ(h)^eⱼ of positive functions g, and how they bend. What the
 * composition of single operators cannot see, their exponents tell: x·y is of no curvature, and
 * x^0.3·y^0.7 is concave. The rules are those of monomials (Boyd et al. 2007, A tutorial on
 * geometric programming; Maranas & Floudas 1995 for one positive exponent), with each g composed
 * into them.
 */
import { type Affine, constantAffine, isFiniteAffine, plusScaled } from "./affine.ts";
import { ANY_SIGN, intersection, NONNEGATIVE, NONPOSITIVE, plus, type Signs, times, ZERO } from "../intervals/interval.ts"; // prettier-ignore
import type { Node } from "../graph.ts";
import { type Curvature, type CurvatureReason, type Factor, type LogSum, type NodeShape, opposite, type PowerProduct } from "./node-shape.ts"; // prettier-ignore

/** a + factor·b; `parameters` are those that `factor` depends on. */
export function addLogs(
  a: LogSum,
  factor: number,
  b: LogSum,
  parameters: readonly number[] = [],
): LogSum {
  const factors = new Map(a.factors);
  for (const [key, theirs] of b.factors) {
    const ours = factors.get(key);
    factors.set(key, {
      shape: theirs.shape,
      exponent: (ours?.exponent ?? 0) + factor * theirs.exponent,
      isStepped:
        ours?.isStepped === true || (factor > 0 ? theirs.isStepped : theirs.isDividedByStep),
      isDividedByStep:
        ours?.isDividedByStep === true || (factor > 0 ? theirs.isDividedByStep : theirs.isStepped),
      isZeroed: ours?.isZeroed === true || theirs.isZeroed,
      parameters: [...(ours?.parameters ?? []), ...theirs.parameters, ...parameters],
    });
  }
  return { affine: plusScaled(a.affine, factor, b.affine), factors };
}

/** factor·a */
export const scaleLogs = (factor: number, a: LogSum, parameters: readonly number[]): LogSum =>
  addLogs(
    { affine: constantAffine(0, a.affine.slopes.length), factors: new Map() },
    factor,
    a,
    parameters,
  );

/** Whether all its numbers are finite. */
export const areFiniteLogs = ({ affine, factors }: LogSum): boolean =>
  isFiniteAffine(affine) &&
  [...factors.values()].every(({ exponent }) => Number.isFinite(exponent));

/** The factors that are not always 1. */
const factorsThatCount = ({ factors }: LogSum): Factor[] =>
  [...factors.values()].filter(
    ({ exponent, isStepped, isDividedByStep }) => exponent !== 0 || isStepped || isDividedByStep,
  );

const mayBeZero = ({ shape }: Factor): boolean => !(shape.range.low > 0);

/** How ln g bends. */
const bendOfLn = ({ isLogConvex, bend }: NodeShape): Signs => ({
  low: isLogConvex ? 0 : -1,
  high: bend.high <= 0 ? 0 : 1,
});

/** How a sum of logarithms bends. */
export function bendOfLogs(logs: LogSum): Signs {
  const factors = factorsThatCount(logs);
  return factors.every((factor) => edgeOf(factor) === "continuous") ? sumBend(factors) : ANY_SIGN;
}

const sumBend = (factors: readonly Factor[]): Signs =>
  factors.map(({ exponent, shape }) => times(signOf(exponent), bendOfLn(shape))).reduce(plus, ZERO);

const signOf = (x: number): Signs => ({ low: Math.sign(x), high: Math.sign(x) });

/** What is known of how a product of powers bends. */
export interface ProductBend {
  readonly bend: Signs;
  readonly isLogConvex: boolean;
  /** As of `NodeShape`. */
  readonly isPseudoconvex: boolean;
  readonly isPseudoconcave: boolean;
}

const UNKNOWN: ProductBend = {
  bend: ANY_SIGN,
  isLogConvex: false,
  isPseudoconvex: false,
  isPseudoconcave: false,
};

/**
 * What the product does where a factor's g becomes 0. "continuous": it tends to its value there, 0
 * or infinite. "drop", "leap": a step without an exponent takes it to 0, or to infinity; a drop at
 * the edge keeps what is concave, a leap what is convex. "other": its value there is another one.
 */
function edgeOf(factor: Factor): "continuous" | "drop" | "leap" | "other" {
  const { exponent, isStepped, isDividedByStep, isZeroed } = factor;
  if (!mayBeZero(factor)) return "continuous";
  if (isStepped && isDividedByStep) return "other";
  if (!isStepped && !isDividedByStep) return isZeroed ? "other" : "continuous";
  if (exponent === 0) return isStepped ? "drop" : "leap";
  return exponent > 0 === isStepped ? "continuous" : "other";
}

/** `isConstant`: whether an affine function of the shares is the same for all of them. */
export function bendOfProduct(
  { sign, ln }: PowerProduct,
  isConstant: (affine: Affine) => boolean,
): ProductBend {
  const factors = factorsThatCount(ln);
  const edges = new Set(factors.map(edgeOf));
  if (edges.has("other")) return UNKNOWN;
  const hasExponential = !isConstant(ln.affine);
  const isLogConvex = !edges.has("drop") && sumBend(factors).low >= 0;
  const convex =
    isLogConvex || (!hasExponential && !edges.has("drop") && isConvexMonomial(factors));
  const concave = !hasExponential && !edges.has("leap") && isConcaveMonomial(factors);
  const bend = intersection(convex ? NONNEGATIVE : ANY_SIGN, concave ? NONPOSITIVE : ANY_SIGN);
  const level = hasExponential ? { convex, concave } : pseudo(factors, convex, concave);
  return sign > 0
    ? { bend, isLogConvex, isPseudoconvex: level.convex, isPseudoconcave: level.concave }
    : {
        bend: times(signOf(-1), bend),
        isLogConvex: false,
        isPseudoconvex: level.concave,
        isPseudoconcave: level.convex,
      };
}

const total = (factors: readonly Factor[]): number =>
  factors.reduce((sum, { exponent }) => sum + exponent, 0);

/** Exponents of at least 0 that sum to at most 1, of concave functions. */
const isConcaveMonomial = (factors: readonly Factor[]): boolean =>
  total(factors) <= 1 &&
  factors.every(({ exponent, shape }) => exponent >= 0 && shape.bend.high <= 0);

/** One positive exponent, of a convex function, others of concave ones; the sum is at least 1. */
function isConvexMonomial(factors: readonly Factor[]): boolean {
  const [first, ...more] = factors.filter(({ exponent }) => exponent > 0);
  if (first === undefined || more.length > 0) return false;
  return (
    total(factors) >= 1 &&
    first.shape.bend.low >= 0 &&
    factors.every((factor) => factor === first || factor.shape.bend.high <= 0)
  );
}

/** A power of one function rises or falls strictly with it, away from 0. */
function pseudo(
  factors: readonly Factor[],
  convex: boolean,
  concave: boolean,
): { convex: boolean; concave: boolean } {
  const [only, ...more] = factors;
  if (only === undefined || more.length > 0 || mayBeZero(only)) return { convex, concave };
  const { isPseudoconvex, isPseudoconcave } = only.shape;
  return only.exponent > 0
    ? { convex: convex || isPseudoconvex, concave: concave || isPseudoconcave }
    : { convex: convex || isPseudoconcave, concave: concave || isPseudoconvex };
}

/** Whether it is one function to the power 1, times a constant. */
export const isTrivial = ({ ln }: PowerProduct): boolean => {
  const factors = factorsThatCount(ln);
  return factors.length === 1 && factors.every(({ exponent }) => exponent === 1);
};

/** Why a product of powers, which is `node`, is not known to be convex or concave. */
export function whyNot(
  { sign, ln }: PowerProduct,
  node: Node,
  wanted: Curvature,
): readonly CurvatureReason[] {
  const factors = factorsThatCount(ln);
  const curvature = sign > 0 ? wanted : opposite(wanted);
  const itself: CurvatureReason = { kind: "operation", node, wanted };
  if (factors.some((factor) => edgeOf(factor) === "other")) return [itself];
  const exponents = exponentReason(factors, curvature);
  if (exponents !== undefined) return [exponents];
  const inner = factors.flatMap(({ shape, exponent }) =>
    shape.why(exponent > 0 ? curvature : opposite(curvature)),
  );
  return inner.length > 0 ? inner : [itself];
}

/** Why the exponents alone forbid it; undefined where they do not. */
function exponentReason(
  factors: readonly Factor[],
  wanted: Curvature,
): CurvatureReason | undefined {
  const because = (
    some: readonly Factor[],
    is: (CurvatureReason & { kind: "exponent" })["is"],
  ): CurvatureReason => ({
    kind: "exponent",
    of: some.map(({ shape }) => shape.node),
    exponent: total(some),
    is,
    parameters: [...new Set(some.flatMap(({ parameters }) => parameters))],
  });
  const [positive, negative] = [
    factors.filter(({ exponent }) => exponent > 0),
    factors.filter(({ exponent }) => exponent < 0),
  ];
  if (wanted === "concave") {
    if (negative.length > 0) return because(negative, "below 0");
    return total(factors) > 1 ? because(positive, "above 1") : undefined;
  }
  if (positive.length === 0 || total(factors) >= 1) return undefined;
  return total(positive) < 1 ? because(positive, "between 0 and 1") : undefined;
}
