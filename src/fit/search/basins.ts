/**
 * The optima that a search came to, and the chance that it has missed one. A start that was
 * followed to its end is in the *basin* of the optimum whose objective it ended at. Starts that
 * were dropped on the way, since they looked poor, say nothing.
 */
import type { BoundLaw } from "../../laws/bind.ts";
import { isEnough } from "../../stats/unseen.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import { type Candidate, type End, type Origin, SAME_BASIN } from "./candidates.ts";

/**
 * Starts are in one basin within `SAME_BASIN`, or within what float32 makes of an exact fit:
 * residuals of this share of the loss.
 */
const RESOLUTION = 2 ** -22;
/** Basins that a fit file lists, best first. */
const LISTED = 12;
/** Objectives of starts that a fit file lists, best first: 11 characters each. */
export const LISTED_STARTS = 1024;

/** An optimum that the search came to. */
export interface Basin {
  /** The least objective that a start or a hop ended with there. */
  readonly objective: number;
  /** How many starts ended there. */
  readonly starts: number;
  /** How many hops. */
  readonly hops: number;
  /**
   * How far it is from the best fit: the root of the mean square, over the coordinates, of the
   * difference as a share of the range that starts are drawn from. Null where no start of it was
   * kept.
   */
  readonly distance: number | null;
}

/** The optima of one target. */
export interface Basins {
  /** Starts that were followed to their end. */
  readonly followed: number;
  /** Hops that were: all of them. */
  readonly hopped: number;
  /** Best first; the first is that of the best fit. */
  readonly basins: readonly Basin[];
  /** The objective that each start ended with, best first: of the 1024 best. */
  readonly objectives: Float64Array;
  /** How many more there are, and the starts and hops that ended there. */
  readonly others: {
    /** How many more. */
    readonly basins: number;
    /** Starts that ended in them. */
    readonly starts: number;
    /** Hops that ended in them. */
    readonly hops: number;
  };
  /**
   * The estimated chance that one more random start, followed to its end, would end in a basin that
   * none has: basins that a single start ended in, and nothing else, over the random starts
   * followed (Good 1953, "The population frequencies of species", Biometrika 40, eq. 9, with r =
   * 0). Null without random starts.
   */
  readonly unseen: number | null;
}

/** The most that an objective may be above the least of its basin. */
export const basinEnd = (least: number, { max }: LossScale): number =>
  least * (1 + SAME_BASIN) + (RESOLUTION * max) ** 2 / 2;

/** Ends in order, cut into basins of which the first begins at `least`. */
function cut(ends: readonly End[], least: number, scale: LossScale): End[][] {
  const basins: End[][] = [[]];
  let most = basinEnd(least, scale);
  for (const end of ends.toSorted((a, b) => a.objective - b.objective)) {
    if (end.objective > most) {
      basins.push([]);
      most = basinEnd(end.objective, scale);
    }
    basins[basins.length - 1]?.push(end);
  }
  return basins;
}

/** See `Basins.unseen`; of another random start, or of another one of other origins. */
export function unseenChance(
  ends: readonly End[],
  least: number,
  scale: LossScale,
  origins: readonly Origin[] = ["random"],
): number | null {
  const isCounted = ({ origin }: End): boolean => origins.includes(origin);
  const counted = ends.filter(isCounted).length;
  if (counted === 0) return null;
  const once = cut(ends, least, scale).filter(
    ([first, ...more]) => more.length === 0 && first !== undefined && isCounted(first),
  );
  return once.length / counted;
}

/** Whether more starts of those origins would hardly find an optimum that none has. */
export function hardlyUnseen(
  ends: readonly End[],
  least: number,
  scale: LossScale,
  origins?: readonly Origin[],
): boolean {
  const chance = unseenChance(ends, least, scale, origins);
  return chance !== null && isEnough(chance, 1);
}

/** Whether two ends or more agree in the best optimum. */
export const agree = (ends: readonly End[], least: number, scale: LossScale): boolean =>
  ends.filter(({ objective }) => objective <= basinEnd(least, scale)).length > 1;

/**
 * The basins of one target.
 *
 * @param ends of starts and hops that were followed
 * @param kept some of them with their coordinates: the least of each basin, where there are not too
 *   many
 * @param best the best fit, after its polish
 */
export function basinsOf(
  ends: readonly End[],
  kept: readonly Candidate[],
  best: { readonly theta: Float64Array; readonly objective: number },
  law: BoundLaw,
  scale: LossScale,
): Basins {
  const isHop = ({ origin }: End): boolean => origin === "hop";
  const hopped = ends.filter(isHop).length;
  const groups = cut(ends, best.objective, scale);
  const all = groups.map((members, n): Basin => {
    const [first = { objective: best.objective }] = members;
    const objective = n === 0 ? best.objective : first.objective;
    const hops = members.filter(isHop).length;
    const place = kept.find((candidate) => candidate.objective === objective);
    const distance =
      n === 0 ? 0 : place === undefined ? null : distanceOf(place.theta, best.theta, law, scale);
    return { objective, starts: members.length - hops, hops, distance };
  });
  const [basins, rest] = [all.slice(0, LISTED), all.slice(LISTED)];
  const sum = (of: (basin: Basin) => number): number =>
    rest.reduce((total, basin) => total + of(basin), 0);
  return {
    followed: ends.length - hopped,
    hopped,
    basins,
    objectives: objectivesOf(ends.filter((end) => !isHop(end))),
    others: { basins: rest.length, starts: sum((b) => b.starts), hops: sum((b) => b.hops) },
    unseen: unseenChance(ends, best.objective, scale),
  };
}

const objectivesOf = (starts: readonly End[]): Float64Array =>
  Float64Array.from(starts, ({ objective }) => objective)
    .sort()
    .slice(0, LISTED_STARTS);

/** See `Basin.distance`. */
function distanceOf(a: Float64Array, b: Float64Array, law: BoundLaw, scale: LossScale): number {
  const squares = law.coordinates.map(({ spec }, i) => {
    const [low, high] = spec.start(scale, law.domains.length);
    // Losses that are all 0 leave no range.
    return high > low ? ((a[i] - b[i]) / (high - low)) ** 2 : 0;
  });
  return Math.sqrt(squares.reduce((total, x) => total + x, 0) / Math.max(1, squares.length));
}
