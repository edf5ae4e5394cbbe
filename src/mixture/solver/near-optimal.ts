/**
 * How sharp an optimum is: how far each share can move while the loss stays within ε of the best.
 */
import { addScaled, difference } from "../../convex/vectors.ts";
import { type Goal, lawValue } from "../goal/goal.ts";
import type { CurvedConstraint } from "../constraints/kinds/kind.ts";
import { solveConstrained } from "./augmented-lagrangian.ts";
import type { FeasibleSet } from "../../convex/minimize.ts";
import { type Face, hessian, newtonStep, submatrix } from "../../convex/face-newton.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Sharpness {
  /** Per domain: the smallest and largest share of a feasible mixture within ε. */
  readonly ranges: readonly Range[];
  /** The mixtures at the two ends of each range, feasible and within ε by the laws' own values. */
  readonly ends: readonly { readonly low: Float64Array; readonly high: Float64Array }[];
  /** The widest trade within the set: the domains that grow and shrink most along it. */
  readonly trade: { readonly up: number; readonly down: number } | undefined;
}

/** A feasible set of which a share can be given. */
export interface Pinnable extends FeasibleSet {
  /** The mixtures of it with hᵢ = x; undefined when there are none. */
  pinned(i: number, x: number): FeasibleSet | undefined;
}

/** What a request asks for, and where. */
export interface Around {
  readonly goal: Goal;
  readonly curved: readonly CurvedConstraint[];
  readonly set: Pinnable;
  /** A mixture within ε, such as the optimum. */
  readonly from: Float64Array;
  /** The loss that ε is added to. */
  readonly base: number;
}

/** The loss at the ends of a range meets ε to this share of it: half of that of the width. */
const CLOSE = 0.03;
/**
 * Beyond ε by less than this share of it an end is drawn in along the straight line, which is
 * nearly as good as the curve.
 */
const NEAR = 0.25;
const SOLVES = 12;
/** A solve may leave this share of ε, which costs a range half of that of its width. */
const LEFT = 0.002;
/** A curved constraint may be violated by rounding. */
const SLACK = 1e-9;
/** The first step from a share at its bound, where the loss rises at once. */
const STEP = 1e-3;
/** Ranges are found to this share of the data. */
const RESOLUTION = 1e-7;

/**
 * The least loss of a mixture with hᵢ = x grows with the distance of x from its best: the end of a
 * range is where it is base + ε. So an end is a root of a function of one variable; what is
 * minimized at each x are the other shares, which move little, from where the last x left them.
 * What is returned are mixtures that were checked, so a range can be too narrow by some percent,
 * never too wide.
 */
export function sharpness(around: Around, epsilon: number): Sharpness {
  const { from } = around;
  const known = epsilon > 0 ? curvatureOf(around) : undefined;
  const at = (i: number, sign: 1 | -1): Float64Array =>
    epsilon > 0 ? end(around, epsilon, i, sign, known) : from;
  const ends = [...from.keys()].map((i) => ({ low: at(i, -1), high: at(i, 1) }));
  const ranges = ends.map(({ low, high }, i) => ({
    min: Math.min(low[i], from[i]),
    max: Math.max(high[i], from[i]),
  }));
  const widths = ranges.map((r) => r.max - r.min);
  const widest = widths.indexOf(Math.max(...widths));
  if (!(widths[widest] > 1e-6)) return { ranges, ends, trade: undefined };
  const { low, high } = ends[widest];
  const change = difference(high, low);
  return { ranges, ends, trade: { up: widest, down: change.indexOf(Math.min(...change)) } };
}

/** The loss near the optimum is a quadratic whose curvature is taken once for all ends. */
interface Quadratic {
  readonly curvature: Float64Array;
  readonly face: Face;
}

function curvatureOf({ goal, set, from, curved }: Around): Quadratic | undefined {
  if (goal.kind === "worst" || curved.length > 0) return undefined;
  const gradient = new Float64Array(from.length);
  goal.objective.gradient(from, gradient);
  return {
    curvature: hessian(goal.objective, from, gradient, [...from.keys()]),
    face: set.face(from, gradient),
  };
}

/**
 * How the best mixture moves with hᵢ, dh/dhᵢ, and how far hᵢ is where the quadratic's excess is ε.
 */
function first(
  { curvature, face }: Quadratic,
  k: number,
  i: number,
  epsilon: number,
): { d: Float64Array; width: number } | undefined {
  if (!face.free.includes(i)) return undefined;
  const pull = new Float64Array(k);
  pull[i] = -1;
  const d = newtonStep(submatrix(curvature, face.free), pull, face);
  if (d === undefined || !(d[i] > 0)) return undefined;
  // d = H⁻¹eᵢ on the face: moving by t·d costs ½t²·dᵢ and moves hᵢ by t·dᵢ.
  return { d: d.map((x) => x / d[i]), width: Math.sqrt(2 * epsilon * d[i]) };
}

/** The mixture at the end of share i's range in direction `sign`. */
function end(
  { goal, curved, set, from, base }: Around,
  epsilon: number,
  i: number,
  sign: 1 | -1,
  known: Quadratic | undefined,
): Float64Array {
  const excessOf = (h: Float64Array): number => lawValue(goal, h) - base;
  const allowed = (h: Float64Array): boolean =>
    curved.every(({ excess }) => excess.value(h) <= SLACK);
  const room = sign > 0 ? set.upper[i] - from[i] : from[i] - set.lower[i];
  if (!(room > RESOLUTION)) return from;
  const target = (1 - CLOSE / 2) * epsilon;
  const guess = known === undefined ? undefined : first(known, from.length, i, target);
  const options = {
    iterations: 60,
    tolerance: 1e-9,
    gain: LEFT * epsilon,
    ...(known === undefined ? {} : { curvature: known.curvature.slice() }),
  };
  let inside = from;
  // The excess at a distance from the best share, about c·yᵖ; the bracket of the end known so far.
  let [low, high] = [0, room];
  let y = Math.min(room, guess?.width ?? STEP);
  let last = { y: 0, excess: 0 };
  let start = guess === undefined ? from : addScaled(from, sign * y, guess.d);
  for (let n = 0; n < SOLVES; n++) {
    const pinned = set.pinned(
      i,
      y === room ? (sign > 0 ? set.upper[i] : set.lower[i]) : from[i] + sign * y,
    );
    const h =
      pinned === undefined ? undefined : solveConstrained(goal, curved, pinned, start, options).h;
    const excess = h === undefined || !allowed(h) ? Infinity : excessOf(h);
    if (h !== undefined && excess <= epsilon) {
      inside = h;
      low = y;
      if (y === room || excess >= (1 - CLOSE) * epsilon) break;
    } else {
      high = y;
      if (h !== undefined && excess <= (1 + NEAR) * epsilon) {
        const drawn = drawIn(from, h, excess, epsilon, excessOf);
        if (allowed(drawn)) return sign * (drawn[i] - inside[i]) > 0 ? drawn : inside;
      }
    }
    if (high - low <= RESOLUTION) break;
    const seen = last.excess > 0 && excess > 0 && excess < Infinity && last.y !== y;
    const power = seen
      ? Math.min(4, Math.max(0.5, Math.log(excess / last.excess) / Math.log(y / last.y)))
      : 2;
    if (excess > 0 && excess < Infinity) last = { y, excess };
    const scaled =
      y * Math.min(4, Math.max(0.05, (target / Math.max(excess, 1e-9 * epsilon)) ** (1 / power)));
    const next =
      scaled > low && scaled < high
        ? scaled
        : high === room && scaled >= room
          ? room
          : 0.5 * (low + high);
    start = addScaled(from, next / y, difference(h ?? start, from));
    y = next;
  }
  return inside;
}

/** The point of the line from → h at which the excess is ε or a little less. */
function drawIn(
  from: Float64Array,
  h: Float64Array,
  excess: number,
  epsilon: number,
  excessOf: (h: Float64Array) => number,
): Float64Array {
  const direction = difference(h, from);
  let share = 1;
  let there = excess;
  let point = h;
  for (let n = 0; n < 8 && there > epsilon; n++) {
    share *= Math.sqrt(((1 - CLOSE / 4) * epsilon) / there);
    point = addScaled(from, share, direction);
    there = excessOf(point);
  }
  return there > epsilon ? from : point;
}
