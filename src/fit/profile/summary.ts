/** From the fits along a profile to what the fit file has of it. */
import type { BoundLaw } from "../../laws/bind.ts";
import { flatten } from "../../laws/parameters/parameters.ts";
import type { Profile } from "../result/fit-file.ts";
import { endOf, LEVEL, type Side, THRESHOLD } from "./walk.ts";
import type { ProfiledParameters } from "./profiled-parameters.ts";

/** A profile that falls below the optimum by this share has found a better one. */
const BETTER = 1e-4;

/** The profiles of one fit. */
export interface Profiles {
  readonly profiles: Readonly<Record<string, Profile>>;
  /** Parameters of which an end is not known, since the walk was stopped or fits failed. */
  readonly unreached: readonly string[];
}

/** The profiles of one fit, from all the sides that were walked for it. */
export function summarizeProfiles(
  law: BoundLaw,
  parameters: ProfiledParameters,
  sides: readonly Side[],
): Profiles {
  const each = [...parameters].map(([symbol, coordinate]) => {
    const mine = sides.filter((side) => side.coordinate === coordinate);
    const value = (theta: Float64Array): number =>
      flatten(law.reportAt(theta)).get(symbol) ?? Infinity;
    const isKnown = mine.every((side) => endOf(side).kind !== "unreached");
    return { symbol, isKnown, summary: profileOf(mine, value) };
  });
  return {
    profiles: Object.fromEntries(each.map(({ symbol, summary }) => [symbol, summary])),
    unreached: each.filter(({ isKnown }) => !isKnown).map(({ symbol }) => symbol),
  };
}

/** @param sides the lower and the upper one of a coordinate */
function profileOf(sides: readonly Side[], value: (theta: Float64Array) => number): Profile {
  const ends = sides.map((side) => {
    const theta = thetaAtEnd(side);
    const end = theta === undefined ? Infinity : value(theta);
    return Number.isFinite(end) ? end : null;
  });
  const points = sides
    .flatMap((side) => side.points)
    .map(({ theta, objective }) => [value(theta), objective] as const)
    .filter(
      ([at], n, list) => Number.isFinite(at) && list.findIndex(([other]) => other === at) === n,
    )
    .toSorted(([a], [b]) => a - b);
  // γ = 1/s falls as s rises.
  const [first, last] = sides.map(({ points: walked }) => value(walked[walked.length - 1].theta));
  const [low, high] = first <= last ? ends : ends.toReversed();
  const best = sides[0].points[0].objective;
  const least = points.reduce((a, [, objective]) => Math.min(a, objective), best);
  const better = least < best * (1 - BETTER) ? least : null;
  return { level: LEVEL, interval: [low, high], better, points };
}

/** Coordinates at a side's end: of one that is found on the straight line of the root. */
function thetaAtEnd(side: Side): Float64Array | undefined {
  const { kind, low, high } = endOf(side);
  if (kind === "bound") return low.theta;
  if (kind !== "found" || high === undefined) return undefined;
  const { coordinate, direction } = side;
  const [optimum] = side.points;
  const share = (THRESHOLD - low.root) / (high.root - low.root);
  const distance = low.distance + share * (high.distance - low.distance);
  return optimum.theta.with(coordinate, optimum.theta[coordinate] + direction * distance);
}
