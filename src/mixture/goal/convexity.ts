/**
 * Whether a problem is convex, which makes a stationary point a global optimum. The losses are
 * looked at as expressions, at their fitted coordinates and the scale asked for
 * (expr/curvature/curvature.ts); linear constraints and balls are convex, others say how they bend.
 *
 * The solvers minimize a continuation of the loss: below LEAST_SHARE it follows its tangent
 * (surface.ts). That does not matter here. Let f be the law, f̃ the continuation and h where the
 * solver ended, so that f̃'s gradient there, ∇f at max(h, LEAST_SHARE), promises no descent: then
 * by the convexity of f, f(y) ≥ f̃(h) for every mixture y that is allowed.
 */
import { itemAt, ownOf } from "../../base/known.ts";
import type { MixtureBox } from "../../expr/curvature/affine.ts";
import { isDown, isUp } from "../../expr/intervals/interval.ts";
import { Curvatures } from "../../expr/curvature/curvature.ts";
import type { Node } from "../../expr/graph.ts";
import type { Curvature, CurvatureReason } from "../../expr/curvature/node-shape.ts";
import { show } from "../../expr/show-formula.ts";
import { significant } from "../../base/format-number.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import type { Region } from "../constraints/region.ts";
import { byTarget, type Goal, type TargetLoss } from "./goal.ts";
import type { Scale, Surface, Term } from "./surface.ts";
import type { WeightedSum } from "./weighted-sum.ts";

/** What of a problem decides whether it is convex; `Problem` is one. */
export interface PosedProblem {
  readonly at: Scale;
  readonly goal: Goal;
  readonly region: Region;
  /** The fits of objective and constraints. */
  readonly fits: readonly TargetLoss[];
}

/** What is known of a problem's curvature. */
export interface ConvexityProof {
  /**
   * Whether the goal and each convex piece of the region (see `piecesOf`) are proved to be convex.
   * Rounding to a lattice is another question.
   */
  readonly convex: boolean;
  /** Why it is not proved: "gamma[web] = 1.3 is above 1 in loss_code". None where it is. */
  readonly reasons: readonly string[];
  /**
   * Whether each stationary point is a global minimum: of a convex problem; and where the goal is
   * one loss, or the worst of several, of which each is a strictly increasing function of a convex
   * one (it is *pseudoconvex*; Mangasarian 1969), in convex pieces.
   */
  readonly stationaryIsGlobal: boolean;
  /**
   * Whether the goal is concave, or a strictly increasing function of one that is: it is then least
   * at a vertex of a region that only linear constraints bound.
   */
  readonly leastAtVertex: boolean;
}

/**
 * Proves that a problem is convex, or says what is in the way.
 *
 * @example proveConvex(poseProblem(file, { params: 7e9, tokens: 150e9 })).convex
 */
export function proveConvex(problem: PosedProblem): ConvexityProof {
  const { goal, region, fits, at } = problem;
  const curves = new Curves(region, fits);
  const bent = [
    curveOfGoal(goal, curves),
    ...region.curved.flatMap(({ bends }) => {
      if (bends === "convex") return [];
      const loss = byTarget(fits).find(({ target }) => target === bends.target);
      if (loss === undefined) throw new Error(`the problem has no fit of ${bends.target}`);
      const { times } = bends;
      return [curves.ofSum({ at, terms: loss.terms.map((term) => ({ ...term, weight: term.weight * times })) })]; // prettier-ignore
    }),
  ];
  return {
    convex: bent.every(({ isConvex }) => isConvex),
    reasons: [
      ...new Set(bent.filter(({ isConvex }) => !isConvex).flatMap((curve) => curve.notConvex())),
    ],
    stationaryIsGlobal: bent.every(({ isPseudoconvex }) => isPseudoconvex),
    leastAtVertex: itemAt(bent, 0).isPseudoconcave,
  };
}

/** How a function of the mixture bends. */
interface Curve {
  /** Why it is not proved to be convex, and concave: empty where it is. */
  readonly notConvex: () => readonly string[];
  readonly notConcave: () => readonly string[];
  readonly isConvex: boolean;
  readonly isConcave: boolean;
  /** As of `NodeShape`: so it is where it is convex, or concave. */
  readonly isPseudoconvex: boolean;
  readonly isPseudoconcave: boolean;
  readonly isConstant: boolean;
}

const UNKNOWN: Curve = {
  notConvex: () => ["the goal is a quantile of several losses"],
  notConcave: () => ["the goal is a quantile of several losses"],
  isConvex: false,
  isConcave: false,
  isPseudoconvex: false,
  isPseudoconcave: false,
  isConstant: false,
};

const negative = (curve: Curve): Curve => ({
  ...curve,
  notConvex: curve.notConcave,
  notConcave: curve.notConvex,
  isConvex: curve.isConcave,
  isConcave: curve.isConvex,
  isPseudoconvex: curve.isPseudoconcave,
  isPseudoconcave: curve.isPseudoconvex,
});

/** A maximum is convex where its parts are, and pseudoconvex where they are. */
function curveOfGoal(goal: Goal, curves: Curves): Curve {
  if (goal.kind === "mean") return curves.ofSurface(goal.objective);
  const parts = goal.parts.map((part) => curves.ofSurface(part));
  if (parts.length === 1) return itemAt(parts, 0);
  return {
    notConvex: () => parts.flatMap((part) => part.notConvex()),
    notConcave: () => ["the goal is the worst of several losses"],
    isConvex: parts.every(({ isConvex }) => isConvex),
    isConcave: false,
    isPseudoconvex: parts.every(({ isPseudoconvex }) => isPseudoconvex),
    isPseudoconcave: false,
    isConstant: parts.every(({ isConstant }) => isConstant),
  };
}

/**
 * Of a sum of very many losses, those of all replicates, no more than this many are looked at once
 * it is clear that the sum is neither proved convex nor concave.
 */
const ENOUGH = 100;

/** How the losses of a problem bend over its region. */
class Curves {
  readonly #box: MixtureBox;

  constructor(
    region: Region,
    readonly fits: readonly TargetLoss[],
  ) {
    this.#box = boxOf(region);
  }

  ofSurface({ sum }: Surface): Curve {
    return sum === undefined ? UNKNOWN : this.ofSum(sum);
  }

  /** A sum is convex where its terms are; where one alone varies, it is what that one is. */
  ofSum(sum: WeightedSum): Curve {
    const moving: Curve[] = [];
    let [isConvex, isConcave] = [true, true];
    for (const term of sum.terms.filter(({ weight }) => weight !== 0)) {
      if (moving.length >= ENOUGH && !isConvex && !isConcave) break;
      const curve = this.of(term, sum.at);
      if (curve.isConstant) continue;
      moving.push(curve);
      isConvex &&= curve.isConvex;
      isConcave &&= curve.isConcave;
    }
    const [only] = moving;
    if (only !== undefined && moving.length === 1) return only;
    return {
      notConvex: () => moving.flatMap((term) => term.notConvex()),
      notConcave: () => moving.flatMap((term) => term.notConcave()),
      isConvex,
      isConcave,
      isPseudoconvex: isConvex,
      isPseudoconcave: isConcave,
      isConstant: moving.length === 0,
    };
  }

  /** A loss times its weight. */
  of({ fitted, weight }: Term, at: Scale): Curve {
    const { law, theta } = fitted;
    const fit =
      this.fits.find((each) => each.fitted === fitted) ??
      this.fits.find((each) => each.fitted.law === law);
    const values = inputValues(at);
    const curvatures = new Curvatures(this.#box, (leaf) => {
      if (leaf.kind === "param") return itemAt(theta, leaf.index);
      return leaf.kind === "input" ? (ownOf(values, leaf.name) ?? Number.NaN) : Number.NaN;
    });
    const shape = curvatures.of(law.loss);
    const sentences = (wanted: Curvature): string[] => {
      const reported = flatten(law.reportAt(theta));
      const target = fit?.target ?? "the goal";
      return shape.why(wanted).map((reason) => `${sentenceOf(reason, law, reported)} in ${target}`);
    };
    const curve: Curve = {
      notConvex: () => sentences("convex"),
      notConcave: () => sentences("concave"),
      isConvex: isUp(shape.bend),
      isConcave: isDown(shape.bend),
      isPseudoconvex: shape.isPseudoconvex,
      isPseudoconcave: shape.isPseudoconcave,
      isConstant: shape.constant !== undefined,
    };
    return weight < 0 ? negative(curve) : curve;
  }
}

const inputValues = (at: Scale): Readonly<Record<string, number>> => ({
  ...at.inputs,
  params: at.params,
  tokens: at.tokens,
});

/** The bounds of single shares. */
function boxOf({ domains, limits }: Region): MixtureBox {
  const box = { low: domains.map(() => 0), high: domains.map(() => 1) };
  for (const { coefficients, min, max } of limits) {
    const [first, ...more] = [...coefficients.keys()].filter((i) => coefficients[i] !== 0);
    if (first === undefined || more.length > 0) continue;
    const ends = [min, max].map((end) => end / itemAt(coefficients, first));
    box.low[first] = Math.max(itemAt(box.low, first), Math.min(...ends));
    box.high[first] = Math.min(itemAt(box.high, first), Math.max(...ends));
  }
  return { low: Float64Array.from(box.low), high: Float64Array.from(box.high) };
}

/** Six digits, or all where those would hide on which side of 0 or 1 it is. */
const exactly = (exponent: number): string => {
  const text = significant(exponent, 6);
  return [0, 1].includes(Number(text)) ? String(exponent) : text;
};

/** How much of a formula is quoted. */
const MOST_QUOTED = 60;

/** "gamma[web] = 1.3 is above 1" */
function sentenceOf(
  reason: CurvatureReason,
  law: BoundLaw,
  reported: ReadonlyMap<string, number>,
): string {
  const names = (leaf: Node): string | undefined =>
    leaf.kind === "param" ? law.coordinates[leaf.index]?.label : undefined;
  const quoted = (node: Node): string => {
    const text = show(node, names);
    return text.length <= MOST_QUOTED ? text : `${text.slice(0, MOST_QUOTED - 1)}…`;
  };
  if (reason.kind === "operation")
    return `${quoted(reason.node)} is not known to be ${reason.wanted}`;
  const { exponent, is, of, parameters } = reason;
  const labels = parameters.flatMap((index) => law.coordinates[index]?.label ?? []);
  const value = exactly(exponent);
  const [label, ...more] = labels;
  if (label === undefined || more.length > 0) {
    const sum = of.length > 1 ? "the sum of the exponents" : "the exponent";
    const from = more.length > 0 ? ` (${labels.join(", ")})` : "";
    return `${sum} ${value} of ${of.map(quoted).join(", ")}${from} is ${is}`;
  }
  const own = reported.get(label);
  const isItself = own !== undefined && Math.abs(own - exponent) <= 1e-9 * Math.abs(exponent);
  return isItself
    ? `${label} = ${value} is ${is}`
    : `the exponent ${value} that follows from ${label} is ${is}`;
}
