/**
 * The walk along one side of a profile: from the optimum outwards until the test statistic meets
 * its threshold. Each fit starts from the fits before it. `endOf` is the one place that decides
 * what an end of a profile is.
 */
import { normalQuantile } from "../../stats/normal.ts";
import type { Polished } from "../search/problem.ts";

/** Confidence level of the intervals. */
export const LEVEL = 0.95;
/** The threshold of the statistic's root, which is scaled to it: a normal quantile. */
export const THRESHOLD = normalQuantile(0.5 + LEVEL / 2);
/** An end is found when a fit's root is within this share of the threshold. */
export const NEAR = 0.005;
/**
 * An end is found, too, when the root jumps over the threshold between two fits whose distances
 * differ by no more than this share: two basins of the objective may cross there. A jump to a fit
 * that is doubtful is no end.
 */
const NARROW = 1e-4;
/**
 * A fit is doubtful when its root is more than this many times the threshold: strides aim at the
 * threshold, so the fit may have stayed in a wrong basin.
 */
const DOUBTFUL = 2;
/**
 * While no fit is beyond the threshold, the next one is held at between so many and so many times
 * the distance of the last.
 */
const STRIDE = { least: 1.3, most: 3 } as const;
/** A stride aims at this many times the threshold, a little beyond it. */
const AIM = 1.05;
/** A fit between two others keeps this share of the distance between them from either. */
const MARGIN = 0.1;
/**
 * After so many fits that did not halve the distance between them, the next one is in the middle.
 */
const PATIENCE = 6;

/** A fit of all coordinates but one, which is held. */
export interface ProfilePoint {
  /** How far from the optimum it is held, in the coordinate. */
  readonly distance: number;
  /** √ of the test statistic, scaled so that the threshold is `THRESHOLD`. */
  readonly root: number;
  readonly objective: number;
  readonly theta: Float64Array;
}

/** One side of one coordinate's profile, with what has been walked of it. */
export interface Side {
  /** Which of the fits that are profiled. */
  readonly task: number;
  readonly coordinate: number;
  readonly direction: 1 | -1;
  /** It is walked no further than this. */
  readonly reach: number;
  /** Whether the reach ends at a bound that belongs to the parameter's meaning (E = 0). */
  readonly meansBound: boolean;
  /** By distance, the optimum first. */
  points: readonly ProfilePoint[];
  /** Distance of the next fit; undefined when the walk is over. */
  next: number | undefined;
  /** The nearest distance at which no fit succeeded. */
  failedAt: number;
  /**
   * How far the fits next to the threshold were apart, and for how many fits that is not halved.
   */
  width: number;
  unhalved: number;
}

/**
 * What a side of a profile ends in. found: the statistic meets the threshold between two fits.
 * bound: it never does up to a bound that belongs to the parameter's meaning. open: it never does
 * as far as the walk goes. unreached: not known, since the walk is not over, or was stopped, or no
 * fit succeeds further out.
 */
export interface End {
  readonly kind: "found" | "bound" | "open" | "unreached";
  /** The last fit before the statistic meets the threshold. */
  readonly low: ProfilePoint;
  /** The first beyond; undefined where none is. */
  readonly high: ProfilePoint | undefined;
}

/** A side before its first step of length `step`. */
export function startSide(
  where: Pick<Side, "task" | "coordinate" | "direction" | "reach" | "meansBound">,
  { objective, theta }: Pick<ProfilePoint, "objective" | "theta">,
  step: number,
): Side {
  const next = where.reach === 0 ? undefined : Math.min(step, where.reach);
  const optimum = { distance: 0, root: 0, objective, theta };
  return { ...where, points: [optimum], next, failedAt: Infinity, width: Infinity, unhalved: 0 };
}

/** What the side ends in, as far as its fits say. */
export function endOf({ points, reach, meansBound }: Side): End {
  const beyond = points.findIndex(({ root }) => root >= THRESHOLD);
  if (beyond < 0) {
    const low = points[points.length - 1];
    const kind = low.distance < reach ? "unreached" : meansBound ? "bound" : "open";
    return { kind, low, high: undefined };
  }
  const [low, high] = [points[beyond - 1], points[beyond]];
  const isFound = isNear(low) || isNear(high) || (isNarrow(low, high) && !isDoubtful(high));
  return { kind: isFound ? "found" : "unreached", low, high };
}

const isNear = ({ root }: ProfilePoint): boolean => Math.abs(root - THRESHOLD) <= NEAR * THRESHOLD;

const isNarrow = (low: ProfilePoint, high: Pick<ProfilePoint, "distance">): boolean =>
  low.distance >= (1 - NARROW) * high.distance;

/** Whether a fit ended so far beyond the threshold that it may have stayed in a wrong basin. */
export const isDoubtful = ({ root }: Pick<ProfilePoint, "root">): boolean =>
  root > DOUBTFUL * THRESHOLD;

/**
 * The fit that the end rests on, and the coordinates to try it again from: the nearest to the
 * threshold; the first beyond, from those before, where the root jumps; the last where no fit is
 * beyond.
 */
export function fitToCheck(side: Side): {
  readonly point: ProfilePoint;
  readonly from: Float64Array;
} {
  const { low, high } = endOf(side);
  if (high === undefined) return { point: low, from: low.theta };
  if (!isNear(low) && !isNear(high)) return { point: high, from: low.theta };
  const isHigh = Math.abs(high.root - THRESHOLD) < Math.abs(low.root - THRESHOLD);
  const point = isHigh ? high : low;
  return { point, from: point.theta };
}

/** Where the fit at a distance starts: on the straight line through the two fits before it. */
export function startAt({ points }: Pick<Side, "points">, distance: number): Float64Array {
  const [last, before = last] = points.filter((point) => point.distance < distance).toReversed();
  const slope =
    last.distance === before.distance
      ? 0
      : (distance - last.distance) / (last.distance - before.distance);
  return last.theta.map((x, j) => x + slope * (x - before.theta[j]));
}

/** Takes in the fit at `distance`, whose root is `root`, and plans the next. */
export function takeStep(
  side: Side,
  distance: number,
  { theta, objective, ending }: Polished,
  root: number,
): void {
  if (ending === "nonfinite") side.failedAt = Math.min(side.failedAt, distance);
  else if (ending !== "interrupted")
    side.points = [...side.points, { distance, root, objective, theta }].toSorted(
      (a, b) => a.distance - b.distance,
    );
  planNext(side);
}

/** Puts a better fit in the place of `point`, and plans on. */
export function replacePoint(
  side: Side,
  point: ProfilePoint,
  { root, objective, theta }: Pick<ProfilePoint, "root" | "objective" | "theta">,
): void {
  const better = { distance: point.distance, root, objective, theta };
  side.points = side.points.map((known) => (known === point ? better : known));
  planNext(side);
}

/** Decides where the next fit is, or that the walk is over. */
function planNext(side: Side): void {
  const { reach, failedAt } = side;
  const { kind, low, high } = endOf(side);
  const beyond = Math.min(high?.distance ?? Infinity, failedAt);
  if (kind !== "unreached" || isNarrow(low, { distance: beyond })) {
    side.next = undefined;
    return;
  }
  noteWidth(side, beyond - low.distance);
  const next = high === undefined ? strideFrom(low, reach) : between(low, high);
  // A fit that failed is a step too far: back half way.
  const middle = (low.distance + beyond) / 2;
  const isPossible = next > low.distance && next < failedAt;
  side.next = isPossible && side.unhalved < PATIENCE ? next : middle;
}

function noteWidth(side: Side, width: number): void {
  const isNew = width > side.width || width <= side.width / 2;
  side.unhalved = isNew ? 0 : side.unhalved + 1;
  if (isNew) side.width = width;
}

/** Outwards from the last fit, where none is beyond the threshold. */
function strideFrom({ distance, root }: ProfilePoint, reach: number): number {
  const wanted = root > 0 ? (AIM * THRESHOLD) / root : STRIDE.most;
  return Math.min(reach, distance * Math.min(Math.max(wanted, STRIDE.least), STRIDE.most));
}

/** Between fits on both sides of the threshold, on the straight line of the root. */
function between(low: ProfilePoint, high: ProfilePoint): number {
  const share = (THRESHOLD - low.root) / (high.root - low.root);
  const width = high.distance - low.distance;
  return low.distance + width * Math.min(Math.max(share, MARGIN), 1 - MARGIN);
}
