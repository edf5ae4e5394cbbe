/**
 * How sharp an optimum is: how far each share can move while the loss stays within ε of the best.
 */
import { addScaled, difference } from "../../convex/vectors.ts";
import { finish } from "../../solve/iterate.ts";
import { type Goal, lawValue } from "../goal/goal.ts";
import type { CurvedConstraint } from "../constraints/kinds/kind.ts";
import { solveConstrained } from "./augmented-lagrangian.ts";
import type { FeasibleSet } from "../../convex/minimize.ts";
import { hessian } from "../../convex/face-newton.ts";
import { NewtonCurvature } from "../../convex/newton-curvature.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The mixtures at the two ends of a share's range. */
export interface End {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface Sharpness {
  /** Per domain: the smallest and largest share of a feasible mixture within ε. */
  readonly ranges: readonly Range[];
  /** The mixtures at the two ends of each range, feasible and within ε by the laws' own values. */
  readonly ends: readonly End[];
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
/** Solves for one end at most. */
const SOLVES = 12;
/** A solve may leave this share of ε, which costs a range half of that of its width. */
const LEFT = 0.002;
const SOLVE = { iterations: 60, tolerance: 1e-9 } as const;
/** A curved constraint may be violated by rounding. */
const SLACK = 1e-9;
/** A solve that may end early leaves curved constraints violated by less than this. */
const UNSETTLED = 1e-6;
/** The first step from a share at its bound, where the loss rises at once. */
const STEP = 1e-3;
/** Ranges are found to this share of the data. */
const RESOLUTION = 1e-7;
/** A range narrower than this is a point: nothing can be traded. */
const POINT = 1e-6;

/**
 * The least loss of a mixture with hᵢ = x grows with the distance of x from its best: the end of a
 * range is where it is base + ε. So an end is a root of a function of one variable; what is
 * minimized at each x are the other shares, which move little, from where the last x left them.
 * What is returned are mixtures that were checked, so a range can be too narrow by some percent,
 * never too wide.
 */
export const sharpness = (around: Around, epsilon: number): Sharpness =>
  sharpnessBy(around, finish(endsOf(around, epsilon, [0, around.from.length])));

/** The ends of some shares' ranges, from the first one on to the first after; yields between. */
export function* endsOf(
  around: Around,
  epsilon: number,
  [first, after]: readonly [number, number],
): Generator<undefined, End[]> {
  const quadratic = epsilon > 0 ? curvatureOf(around) : undefined;
  const at = (i: number, sign: 1 | -1): Float64Array =>
    epsilon > 0 ? end({ around, epsilon, i, sign, quadratic }) : around.from;
  const found: End[] = [];
  for (let i = first; i < after; i++) {
    yield;
    found.push({ low: at(i, -1), high: at(i, 1) });
  }
  return found;
}

/** What the ends of all shares say. */
export function sharpnessBy({ from }: Pick<Around, "from">, found: readonly End[]): Sharpness {
  const ends = farthest(found);
  const ranges = ends.map(({ low, high }, i) => ({
    min: Math.min(low[i], from[i]),
    max: Math.max(high[i], from[i]),
  }));
  const widths = ranges.map(({ min, max }) => max - min);
  const widest = widths.indexOf(Math.max(...widths));
  if (!(widths[widest] > POINT)) return { ranges, ends, trade: undefined };
  const { low, high } = ends[widest];
  const change = difference(high, low);
  return { ranges, ends, trade: { up: widest, down: change.indexOf(Math.min(...change)) } };
}

/**
 * The ends of each share among all that were found: every one is within ε, and where solves end
 * early, as those of the worst of several losses do, one that was sought for another share may be
 * farther.
 */
function farthest(found: readonly End[]): End[] {
  const all = found.flatMap(({ low, high }) => [low, high]);
  return found.map(({ low, high }, i) => ({
    low: all.reduce((a, b) => (b[i] < a[i] ? b : a), low),
    high: all.reduce((a, b) => (b[i] > a[i] ? b : a), high),
  }));
}

/** How far one share can move, as `sharpness` has it for all. */
export function rangeOfShare(around: Around, epsilon: number, i: number): Range {
  const quadratic = curvatureOf(around);
  const at = (sign: 1 | -1): number => end({ around, epsilon, i, sign, quadratic })[i];
  return { min: Math.min(at(-1), around.from[i]), max: Math.max(at(1), around.from[i]) };
}

/** The loss near the optimum as a quadratic, whose curvature is taken once for all ends. */
interface Quadratic {
  readonly curvature: NewtonCurvature;
  /** The shares that can move. */
  readonly free: ReadonlySet<number>;
  /** Newton's step on the face that the optimum lies on. */
  readonly step: (gradient: Float64Array) => Float64Array | undefined;
}

function curvatureOf({ goal, set, from, curved }: Around): Quadratic | undefined {
  if (goal.kind === "worst" || curved.length > 0) return undefined;
  const gradient = new Float64Array(from.length);
  goal.objective.gradient(from, gradient);
  const curvature = new NewtonCurvature(hessian(goal.objective, from, gradient, [...from.keys()]));
  const face = set.face(from, gradient);
  return {
    curvature,
    free: new Set(face.free),
    step: (pull) => curvature.step(pull, face),
  };
}

/** One end that is sought. */
interface EndProblem {
  readonly around: Around;
  readonly epsilon: number;
  /** Of share i, upwards or downwards. */
  readonly i: number;
  readonly sign: 1 | -1;
  readonly quadratic: Quadratic | undefined;
}

/**
 * How the best mixture moves with hᵢ, dh/dhᵢ, and how far hᵢ is where the quadratic's excess is
 * `excess`.
 */
function guessOf(
  { around: { from }, i, quadratic }: EndProblem,
  excess: number,
): { readonly direction: Float64Array; readonly width: number } | undefined {
  if (quadratic?.free.has(i) !== true) return undefined;
  const pull = new Float64Array(from.length);
  pull[i] = -1;
  const d = quadratic.step(pull);
  if (d === undefined || !(d[i] > 0)) return undefined;
  // d = H⁻¹eᵢ on the face: moving by t·d costs ½t²·dᵢ and moves hᵢ by t·dᵢ.
  return { direction: d.map((x) => x / d[i]), width: Math.sqrt(2 * excess * d[i]) };
}

/** The best mixture at a distance y of share i from its best, and how much more it loses. */
interface Probe {
  readonly y: number;
  /** Undefined where there is no such mixture. */
  readonly h: Float64Array | undefined;
  /** Infinite where there is none that is allowed. */
  readonly excess: number;
}

/** How far the search for an end has come. */
interface Search {
  /** Bracket of the distance of the end. */
  low: number;
  high: number;
  /** The mixture at `low`. */
  inside: Float64Array;
  /** The last probe with a finite excess. */
  last: Pick<Probe, "y" | "excess">;
}

/** The mixture at the end of a range. */
function end(problem: EndProblem): Float64Array {
  const { around, epsilon, i, sign } = problem;
  const { set, from } = around;
  const room = sign > 0 ? set.upper[i] - from[i] : from[i] - set.lower[i];
  if (!(room > RESOLUTION)) return from;
  const target = (1 - CLOSE / 2) * epsilon;
  const guess = guessOf(problem, target);
  const solve = proberOf(problem, room);
  const search: Search = { low: 0, high: room, inside: from, last: { y: 0, excess: 0 } };
  let y = Math.min(room, guess?.width ?? STEP);
  let start = guess === undefined ? from : addScaled(from, sign * y, guess.direction);
  for (let n = 0; n < SOLVES; n++) {
    const probe = solve(y, start);
    if (probe.h !== undefined && probe.excess <= epsilon) {
      search.inside = probe.h;
      search.low = y;
      if (y === room || probe.excess >= (1 - CLOSE) * epsilon) break;
    } else {
      search.high = y;
      const drawn = drawIn(problem, probe);
      if (drawn !== undefined)
        return sign * (drawn[i] - search.inside[i]) > 0 ? drawn : search.inside;
    }
    if (search.high - search.low <= RESOLUTION) break;
    const next = nextDistance(search, probe, target, epsilon, room);
    start = addScaled(from, next / y, difference(probe.h ?? start, from));
    y = next;
  }
  return search.inside;
}

/** Solves at a distance: from a mixture near the best one there. */
function proberOf(
  { around, epsilon, i, sign, quadratic }: EndProblem,
  room: number,
): (y: number, start: Float64Array) => Probe {
  const { goal, curved, set, from, base } = around;
  const options = {
    ...SOLVE,
    // Of the worst of several losses what a step promises is little long before the end.
    ...(goal.kind === "worst" ? {} : { gain: LEFT * epsilon }),
    ...(quadratic === undefined ? {} : { curvature: quadratic.curvature.fork() }),
  };
  const bound = sign > 0 ? set.upper[i] : set.lower[i];
  return (y, start) => {
    const pinned = set.pinned(i, y === room ? bound : from[i] + sign * y);
    if (pinned === undefined) return { y, h: undefined, excess: Infinity };
    const early = solveConstrained(goal, curved, pinned, start, options);
    const { h } =
      early.violation > SLACK && early.violation <= UNSETTLED
        ? solveConstrained(goal, curved, pinned, early.h, SOLVE)
        : early;
    return { y, h, excess: isAllowed(curved, h) ? lawValue(goal, h) - base : Infinity };
  };
}

const isAllowed = (curved: readonly CurvedConstraint[], h: Float64Array): boolean =>
  curved.every(({ excess }) => excess.value(h) <= SLACK);

/**
 * Where the excess is about the target: it grows about as yᵖ, with p from the last two probes, or
 * else 2. Within the bracket, or in its middle.
 */
function nextDistance(
  search: Search,
  { y, excess }: Probe,
  target: number,
  epsilon: number,
  room: number,
): number {
  const { low, high, last } = search;
  const finite = excess > 0 && excess < Infinity;
  const power =
    last.excess > 0 && finite && last.y !== y
      ? Math.min(4, Math.max(0.5, Math.log(excess / last.excess) / Math.log(y / last.y)))
      : 2;
  if (finite) search.last = { y, excess };
  const factor = (target / Math.max(excess, 1e-9 * epsilon)) ** (1 / power);
  const scaled = y * Math.min(4, Math.max(0.05, factor));
  if (scaled > low && scaled < high) return scaled;
  return high === room && scaled >= room ? room : 0.5 * (low + high);
}

/**
 * For a probe a little beyond ε: the point of the line from the best mixture to it at which the
 * excess is ε or a little less. Undefined for one that is far beyond, and where that point is not
 * allowed.
 */
function drawIn(
  { around: { goal, curved, from, base }, epsilon }: EndProblem,
  { h, excess }: Probe,
): Float64Array | undefined {
  if (h === undefined || !(excess <= (1 + NEAR) * epsilon)) return undefined;
  const direction = difference(h, from);
  let share = 1;
  let there = excess;
  let point = h;
  for (let n = 0; n < 8 && there > epsilon; n++) {
    share *= Math.sqrt(((1 - CLOSE / 4) * epsilon) / there);
    point = addScaled(from, share, direction);
    there = lawValue(goal, point) - base;
  }
  const drawn = there > epsilon ? from : point;
  return isAllowed(curved, drawn) ? drawn : undefined;
}
