/**
 * A bound below which no mixture goes, for goals constant + Σ weight/S(h) with S a sum of powers of
 * single shares: branch and bound over boxes of shares. In a box each power with an exponent above
 * 1 is replaced by its chord, which is no smaller, so that every S becomes concave and 1/S convex;
 * 1/S is replaced by its tangent, which is no larger; and what is left is the largest sum of
 * concave functions of single shares (concave-shares.ts). At the best mixture of a box at most one
 * share or two lie strictly between the ends of a chord (Shapley and Folkman), so few cuts are
 * needed.
 *
 * Rows (groups, ratios) enter by multipliers, which keeps the bound valid; curved constraints and
 * balls are left out of it, which does too.
 */
import { dot } from "../../convex/vectors.ts";
import type { InverseSums, SharePower } from "../goal/inverse-sums.ts";
import { concavePower, type ConcaveShare, largestSum } from "./concave-shares.ts";

/** What is bounded, and where. */
export interface BoundedGoal {
  readonly form: InverseSums;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Multipliers of linear constraints: Σ slopes·h + offset ≤ 0 wherever they hold. */
  readonly slopes: Float64Array;
  readonly offset: number;
}

export interface LowerBound {
  /** No mixture has a goal below this. */
  readonly bound: number;
  /** A mixture of the box that is better than the incumbent, as far as one was met. */
  readonly better: Float64Array | undefined;
  /** Boxes that were looked at. */
  readonly boxes: number;
}

/** Boxes at most: so many by powers evaluated. */
const BOXES = { most: 3000, least: 60, work: 60_000 } as const;
/**
 * Tangents of 1/S in a box, each where the last one led; no more where the bound is this close to
 * what it can be, as a share of what varies.
 */
const TANGENTS = 12;
const CLOSED = 1e-8;
/** Nor where tangents could raise it by less than this share of what chords give away. */
const LITTLE = 0.1;
/** The shortest step to where a tangent leads. */
const SHORTEST = 1e-3;
/** S is kept above this. */
const LEAST_SUM = 1e-12;
/** A box is not cut closer to its ends than this share of its width. */
const EDGE = 0.1;

/** A box of shares with its bound. */
interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly bound: number;
  /** The mixture at which the bound is reached. */
  readonly x: Float64Array;
  readonly lambda: number;
  /** The S at which 1/S was last replaced by its tangent. */
  readonly sums: readonly number[];
  /** By domain: how much the chords at x give away. */
  readonly gaps: Float64Array;
}

const powerAt = ({ coefficient, exponent }: SharePower, x: number): number =>
  x > 0 ? coefficient * x ** exponent : 0;

/** The goal itself. */
function goalAt({ constant, parts }: InverseSums, x: Float64Array): number {
  let total = constant;
  for (const { weight, sum } of parts) {
    let inner = sum.constant;
    for (const power of sum.powers) inner += powerAt(power, x[power.domain]);
    total += weight / inner;
  }
  return total;
}

/** The goal with what the multipliers add: what the bound is one of. */
const lagrangianAt = ({ form, slopes, offset }: BoundedGoal, x: Float64Array): number =>
  goalAt(form, x) + dot(slopes, x) + offset;

/**
 * Raises the bound until it reaches `incumbent − tolerance`, or until that is seen to be out of
 * reach.
 * @param from a mixture to take the first tangents at, such as the incumbent
 * @param allowed whether a mixture fulfills the constraints that are not in the bound
 */
export function lowerBound(
  goal: BoundedGoal,
  from: Float64Array,
  incumbent: number,
  tolerance: number,
  allowed: (h: Float64Array) => boolean,
): LowerBound {
  const { form, lower, upper } = goal;
  const powers = form.parts.reduce((sum, part) => sum + part.sum.powers.length, 0);
  const most = Math.min(
    BOXES.most,
    Math.max(BOXES.least, Math.round(BOXES.work / (powers * form.parts.length))),
  );
  const sums = sumsAt(form, from);
  const enough = incumbent - tolerance;
  const root = boxOf(goal, lower, upper, sums, 0, enough);
  if (root === undefined) return { bound: Infinity, better: undefined, boxes: 1 };
  const open = [root];
  let least = incumbent;
  let better: Float64Array | undefined;
  const meet = ({ x }: Box): void => {
    const value = goalAt(form, x);
    if (value < least - tolerance && allowed(x)) [least, better] = [value, x];
  };
  meet(root);
  for (let boxes = 1; ; boxes += 2) {
    let at = 0;
    for (const [n, box] of open.entries()) if (box.bound < open[at].bound) at = n;
    const box = open[at];
    const isReached = box === undefined || box.bound >= least - tolerance;
    const domain = box === undefined ? 0 : box.gaps.indexOf(Math.max(...box.gaps));
    const isTight = !isReached && lagrangianAt(goal, box.x) - box.bound <= 0.1 * tolerance;
    if (isReached || boxes >= most || isTight || !Number.isFinite(box.bound))
      return { bound: Math.min(least, box?.bound ?? least), better, boxes };
    open.splice(at, 1);
    for (const half of halves(goal, box, domain, enough)) {
      meet(half);
      open.push(half);
    }
  }
}

/** The two parts of a box, cut at a share of a domain: those that hold a mixture. */
function halves(
  goal: BoundedGoal,
  { low, high, x, sums, lambda }: Box,
  domain: number,
  enough: number,
): Box[] {
  const width = high[domain] - low[domain];
  const isInside =
    x[domain] > low[domain] + EDGE * width && x[domain] < high[domain] - EDGE * width;
  const cut = isInside ? x[domain] : low[domain] + 0.5 * width;
  const [lower, upper] = [low.slice(), high.slice()];
  upper[domain] = lower[domain] = cut;
  return [
    boxOf(goal, low, upper, sums, lambda, enough),
    boxOf(goal, lower, high, sums, lambda, enough),
  ].flatMap((box) => box ?? []);
}

/** Each S at a mixture, kept away from 0. */
const sumsAt = ({ parts }: InverseSums, x: Float64Array): number[] =>
  parts.map(({ sum }) =>
    Math.max(
      LEAST_SUM,
      sum.powers.reduce((total, power) => total + powerAt(power, x[power.domain]), sum.constant),
    ),
  );

/** A power in a box: as it is where it is concave, and else its chord, offset + slope·x. */
interface Above {
  readonly part: number;
  readonly power: SharePower;
  readonly concave: boolean;
  readonly offset: number;
  readonly slope: number;
}

function aboveOf(part: number, power: SharePower, low: number, high: number): Above {
  const { exponent, coefficient } = power;
  if (exponent > 0 && exponent < 1) return { part, power, concave: true, offset: 0, slope: 0 };
  if (exponent === 0)
    return { part, power, concave: false, offset: high > 0 ? coefficient : 0, slope: 0 };
  const [atLow, atHigh] = [powerAt(power, low), powerAt(power, high)];
  const slope = high > low ? (atHigh - atLow) / (high - low) : 0;
  return { part, power, concave: false, offset: atHigh - slope * high, slope };
}

const aboveAt = ({ power, concave, offset, slope }: Above, x: number): number =>
  concave ? powerAt(power, x) : offset + slope * x;

/** A mixture, and each S there with chords in place of what is not concave; kept away from 0. */
interface AboveAt {
  readonly x: Float64Array;
  readonly sums: readonly number[];
  /** The convex function that the tangents are of. */
  readonly value: number;
}

/** Undefined where the box holds no mixture. @param enough a bound that need not be raised */
function boxOf(
  goal: BoundedGoal,
  low: Float64Array,
  high: Float64Array,
  first: readonly number[],
  near: number,
  enough: number,
): Box | undefined {
  const { form, slopes, offset } = goal;
  const { parts } = form;
  const byDomain: Above[][] = Array.from(low, () => []);
  for (const [part, { sum }] of parts.entries())
    for (const power of sum.powers)
      byDomain[power.domain].push(aboveOf(part, power, low[power.domain], high[power.domain]));
  const chords = byDomain.flat().filter(({ concave }) => !concave);
  let box: Box | undefined;
  let at: AboveAt | undefined;
  let sums = first;
  for (let n = 0; n < TANGENTS; n++) {
    const scales = parts.map(({ weight }, t) => weight / sums[t] ** 2);
    const largest = largestSum(sharesOf(byDomain, scales, slopes, low, high), box?.lambda ?? near);
    if (largest === undefined) return undefined;
    let bound = form.constant + offset - largest.bound;
    for (const [t, { weight, sum }] of parts.entries())
      bound += (2 * weight) / sums[t] - scales[t] * sum.constant;
    for (const above of chords) bound -= scales[above.part] * above.offset;
    at =
      at === undefined
        ? aboveGoal(goal, byDomain, largest.x)
        : best(at, largest.x, (h) => aboveGoal(goal, byDomain, h));
    const { x } = at;
    const gaps = gapsAt(byDomain, scales, x);
    if (box === undefined || bound > box.bound)
      box = { low, high, bound, x, lambda: largest.lambda, sums, gaps };
    else box = { ...box, x, gaps };
    sums = at.sums;
    const left = form.constant + offset + at.value - box.bound;
    const given = gaps.reduce((a, b) => a + b, 0);
    if (box.bound >= enough || left <= CLOSED * Math.abs(box.bound - form.constant)) break;
    if (left <= LITTLE * given) break;
  }
  return box;
}

function aboveGoal(
  { form: { parts }, slopes }: BoundedGoal,
  byDomain: readonly (readonly Above[])[],
  x: Float64Array,
): AboveAt {
  const sums = parts.map(({ sum }) => sum.constant);
  for (const [i, aboves] of byDomain.entries())
    for (const above of aboves) sums[above.part] += aboveAt(above, x[i]);
  let value = dot(slopes, x);
  for (const [t, { weight }] of parts.entries())
    value += weight / (sums[t] = Math.max(LEAST_SUM, sums[t]));
  return { x, sums, value };
}

/** The best of some points between two mixtures, by a convex function. */
function best(from: AboveAt, to: Float64Array, at: (x: Float64Array) => AboveAt): AboveAt {
  let least = from;
  for (let part = 1; part > SHORTEST; part *= 0.5) {
    const there = at(from.x.map((share, i) => share + part * (to[i] - share)));
    if (there.value < least.value) least = there;
    else if (least !== from) break;
  }
  return least;
}

/** By domain: how much the chords at x give away. */
function gapsAt(
  byDomain: readonly (readonly Above[])[],
  scales: readonly number[],
  x: Float64Array,
): Float64Array {
  const gaps = new Float64Array(x.length);
  for (const [i, aboves] of byDomain.entries())
    for (const above of aboves)
      if (!above.concave)
        gaps[i] += scales[above.part] * (aboveAt(above, x[i]) - powerAt(above.power, x[i]));
  return gaps;
}

/** The concave functions of single shares whose sum is to be largest. */
const sharesOf = (
  byDomain: readonly (readonly Above[])[],
  scales: readonly number[],
  slopes: Float64Array,
  low: Float64Array,
  high: Float64Array,
): ConcaveShare[] =>
  byDomain.map((aboves, i) => ({
    low: low[i],
    high: high[i],
    powers: aboves.flatMap(({ part, power, concave }) =>
      concave ? concavePower(scales[part] * power.coefficient, power.exponent) : [],
    ),
    slope: aboves.reduce((sum, { part, slope }) => sum + scales[part] * slope, -slopes[i]),
  }));
